"""Values the portal knows before anybody types them, each with where it comes from and since when.

*Known* values come from a register or a licence and are shown, not asked; who finds one wrong says so with a reason
(disputes.py). *Suggestions* are the applicant's own words of before: shown too, and changed where they stand.
"""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from licensing.fields import clean_value
from licensing.models import MemberRole, Purpose, Status
from licensing.values import questions_by_element
from licensing.wording import ANSWER, day_text

LICENCE = "来自营业执照"
PREMISES = "来自经营场所"
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


# What happened on the day that a source is dated with; for a held licence, that it was issued.
_HAPPENED = {LICENCE: "确认", EARLIER: "提交", ANSWER: "回答"}


@dataclass(frozen=True)
class Prefilled:
    """on: the day the source said so, where it has one. official: a register's or a licence's word."""

    value: object
    source: str
    on: date | None = None
    official: bool = False

    @property
    def told(self):
        """The source and its day, for people."""
        return f"{self.source}，{day_text(self.on)}{_HAPPENED.get(self.source, '发证')}" if self.on else self.source


def held_licences(application):
    """The licences in force that count for this application: of its premises, or of the enterprise as a whole."""
    if application.enterprise_id is None:
        return []
    return held_at(application.enterprise, application.premises)


def held_at(enterprise, premises):
    """The licences in force of the premises (None: none chosen yet), and those of the enterprise as a whole."""
    here = (None, premises.pk if premises else None)
    return [one for one in enterprise.licences.valid() if one.premises_id in here]


def known_values(application, licences, catalogue):
    """Return {element code: Prefilled} of what is certain; nothing of an enterprise that nobody confirmed."""
    enterprise = application.enterprise
    known = known_of(enterprise, application.premises)
    if enterprise is None or enterprise.verified_at is None:
        return known
    # What a 变更 is to alter stands on the licence itself: it is offered, and changed where it stands.
    unchanged = [one for one in licences if one.pk != _altered(application)]
    return _from_faces(unchanged, catalogue) | _from_numbers(licences) | known


def known_of(enterprise, premises):
    """Return {element code: Prefilled} of the premises' address and of the register, if a clerk confirmed it."""
    known = {"premises_address": Prefilled(address_of(premises), PREMISES)} if premises else {}
    if enterprise is None or enterprise.verified_at is None:
        return known
    return known | _from_register(enterprise)


def suggested_values(application, elements, licences, user):
    """Return {element code: Prefilled} to offer; the surest source wins. elements: the release's, by code."""
    suggested = _from_account(application, user)
    if application.premises and application.enterprise.founding:
        suggested["registered_address"] = Prefilled(address_of(application.premises), PREMISES)
    if application.enterprise is None or not application.enterprise.trusted:
        return suggested
    suggested |= filed_before(application, elements)
    for licence in licences:
        suggested |= {code: _on_licence(licence, value) for code, value in licence.face.items()}
    return suggested


def filed_before(application, elements):
    """What the enterprise last filed; what may belong to a place only where it was filed for the same premises.

    For a licence that is carried on or altered also the filing that it was granted on, however long ago.
    """
    earlier = application.enterprise.applications.exclude(status=Status.DRAFT).order_by("-submitted_at")
    columns = "premises_id", "values", "submitted_at"
    looked_at = list(earlier.values_list(*columns)[:_EARLIER_LOOKED_AT])
    if application.purpose != Purpose.NEW:
        granted_on = earlier.filter(tasks__licence__reissues__application=application.pk)
        looked_at += granted_on.values_list(*columns)
    suggested = {}
    for premises, values, submitted_at in sorted(looked_at, key=lambda row: row[2]):
        filed_on = timezone.localdate(submitted_at)
        suggested |= {
            code: Prefilled(value, EARLIER, filed_on)
            for code, value in values.items()
            if code in elements and (premises == application.premises_id or elements[code].source == "profile")
        }
    return suggested


def _altered(application):
    """The key of the licence that a 变更 is about, or None."""
    return application.reissue.licence_id if application.purpose == Purpose.CHANGE else None


def answered(application, question, value):
    """The value as the applicant's own answer, dated while it is the one the application began with."""
    begun_with = application.wizard.get("taken", {}).get("answers", {})
    unchanged = question.code in begun_with and begun_with[question.code] == application.answers.get(question.code)
    return Prefilled(value, ANSWER, timezone.localdate(application.created_at) if unchanged else None)


def fits(element, value):
    """Could the form keep it? A value of another release or of an old licence may be none."""
    try:
        clean_value(element, value, required=False)
    except (ValidationError, TypeError, AttributeError):
        return False
    return True


def address_of(premises):
    """The address with its district in front, unless it already names it."""
    district = premises.division.name
    return premises.address if district in premises.address else district + premises.address


def source_of(licence):
    return f"来自已持证照：{licence.name}"


def _from_register(enterprise):
    register = enterprise.register | {code: getattr(enterprise, column) for code, column in _COLUMNS.items()}
    confirmed_on = timezone.localdate(enterprise.verified_at)
    return {
        code: Prefilled(value, LICENCE, confirmed_on, official=True)
        for code, value in register.items()
        if value not in ("", None)
    }


def _from_numbers(licences):
    return {
        NUMBER_ELEMENTS[licence.item_code]: _on_licence(licence, licence.number)
        for licence in licences
        if licence.item_code in NUMBER_ELEMENTS
    }


def _from_faces(licences, catalogue):
    """What held licences show, the latest issued last. What a question asks stays the applicant's to answer."""
    answers = questions_by_element(catalogue)
    return {
        code: _on_licence(licence, value)
        for licence in sorted(licences, key=lambda one: (one.issued_on, one.pk))
        for code, value in licence.face.items()
        if code in catalogue.elements and code not in answers and fits(catalogue.elements[code], value)
    }


def on_faces(licences):
    """Return {element code: value} of what these licences show, the latest issued winning."""
    faces = (one.face for one in sorted(licences, key=lambda one: (one.issued_on, one.pk)))
    return {code: value for face in faces for code, value in face.items()}


def _on_licence(licence, value):
    return Prefilled(value, source_of(licence), licence.issued_on, official=True)


def _from_account(application, user):
    offered = {"contact_name": user.name, "contact_email": user.email}
    membership = application.enterprise and application.enterprise.memberships.filter(user=user).first()
    if application.enterprise and membership is None:
        return {}  # a clerk who fills it for somebody is not whom the offices call
    if membership:
        offered["agent_name" if membership.role == MemberRole.AGENT else "legal_rep_name"] = user.name
    return {code: Prefilled(value, ACCOUNT) for code, value in offered.items() if value}
