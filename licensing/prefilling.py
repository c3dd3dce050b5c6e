"""Values the portal knows before anybody types them, each with where it comes from.

*Known* values come from a register and are shown, not asked. *Suggestions* stand in the field until they are saved.
"""

from dataclasses import dataclass

from licensing.models import MemberRole, Status

LICENCE = "来自营业执照"
PREMISES = "来自经营场所"
ANSWER = "来自您的回答"
EARLIER = "来自上次申请"
ACCOUNT = "来自您的账号"

# The business licence's values that an Enterprise keeps in columns of their own.
_COLUMNS = {
    "entity_name": "name",
    "uscc": "uscc",
    "entity_type": "entity_type",
    "registered_address": "address",
    "business_scope": "scope",
    "legal_rep_name": "legal_representative",
}
# Items whose licence number another item asks for: the element that it is.
NUMBER_ELEMENTS = {"entertainment-venue": "entertainment_permit_no"}
_EARLIER_LOOKED_AT = 5


@dataclass(frozen=True)
class Prefilled:
    value: object
    source: str


def held_licences(application):
    """The licences in force that count for this application: of its premises, or of the enterprise as a whole."""
    if application.enterprise_id is None:
        return []
    valid = application.enterprise.licences.valid()
    return [one for one in valid if one.premises_id in (None, application.premises_id)]


def known_values(application, licences):
    """Return {element code: Prefilled} of what is certain; nothing of an enterprise that nobody confirmed."""
    enterprise, premises, known = application.enterprise, application.premises, {}
    if premises:
        known["premises_address"] = Prefilled(address_of(premises), PREMISES)
    if enterprise is None or enterprise.verified_at is None:
        return known
    for licence in licences:
        if licence.item_code in NUMBER_ELEMENTS:
            known[NUMBER_ELEMENTS[licence.item_code]] = Prefilled(licence.number, source_of(licence))
    register = enterprise.register | {code: getattr(enterprise, column) for code, column in _COLUMNS.items()}
    return known | {code: Prefilled(value, LICENCE) for code, value in register.items() if value not in ("", None)}


def suggested_values(application, elements, licences, user):
    """Return {element code: Prefilled} to offer; the surest source wins. elements: the release's, by code."""
    suggested = _from_account(application, user)
    if application.premises and application.enterprise.founding:
        suggested["registered_address"] = Prefilled(address_of(application.premises), PREMISES)
    if application.enterprise is None or not application.enterprise.trusted:
        return suggested
    suggested |= _from_earlier(application, elements)
    for licence in licences:
        suggested |= {code: Prefilled(value, source_of(licence)) for code, value in licence.face.items()}
    return suggested


def address_of(premises):
    """The address with its district in front, unless it already names it."""
    district = premises.division.name
    return premises.address if district in premises.address else district + premises.address


def source_of(licence):
    return f"来自已持证照：{licence.name}"


def _from_account(application, user):
    offered = {"contact_name": user.name, "contact_email": user.email}
    membership = application.enterprise and application.enterprise.memberships.filter(user=user).first()
    if membership:
        offered["agent_name" if membership.role == MemberRole.AGENT else "legal_rep_name"] = user.name
    return {code: Prefilled(value, ACCOUNT) for code, value in offered.items() if value}


def _from_earlier(application, elements):
    """What the enterprise last filed; what may belong to a place only where it was filed for the same premises."""
    earlier = application.enterprise.applications.exclude(status=Status.DRAFT).order_by("-submitted_at")
    suggested = {}
    for premises, values in reversed(list(earlier.values_list("premises_id", "values")[:_EARLIER_LOOKED_AT])):
        suggested |= {
            code: Prefilled(value, EARLIER)
            for code, value in values.items()
            if code in elements and (premises == application.premises_id or elements[code].source == "profile")
        }
    return suggested
