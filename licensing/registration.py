"""设立登记: the registrar gives a founder's enterprise its USCC and name."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from licensing.models import Enterprise, EntityType

# The item whose licence is held for the enterprise as a whole, not for a place of business.
REGISTRATION = "business-registration"
# Values of the registration form that the business licence prints, by where the enterprise keeps them.
FACTS = {
    "legal_representative": "legal_rep_name",
    "address": "registered_address",
    "scope": "business_scope",
    "entity_type": "entity_type",
}
REGISTER = ["registered_capital", "establish_date"]


class NotRegistrable(ValueError):
    """The message is a sentence for the officer."""


def register(enterprise, uscc, name, values, officer):
    """Make a founder's enterprise a registered one. Must run inside the transaction of the grant.

    values: form values by element code, {"establish_date": …} added by the caller. uscc is checked already. Raises
    NotRegistrable, changing nothing, when the enterprise has a USCC or another verified one bears this.
    """
    facts = {field: values[code] for field, code in FACTS.items() if values.get(code)}
    if facts.get("entity_type") not in EntityType.values:
        facts.pop("entity_type", None)
    facts["register"] = {code: values[code] for code in REGISTER if values.get(code)}
    founders = Enterprise.objects.filter(pk=enterprise.pk, uscc=None)
    try:
        # A savepoint: of two registrars with one USCC the second fails on the unique row and must be told.
        with transaction.atomic():
            registered = founders.update(uscc=uscc, name=name, verified_at=timezone.now(), verified_by=officer, **facts)
    except IntegrityError:
        raise NotRegistrable("这个统一社会信用代码已经登记给另一家经营主体，请核对。") from None
    if not registered:
        raise NotRegistrable("这家经营主体已经有统一社会信用代码，不能再次设立登记。")
