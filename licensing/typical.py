"""A typical case of each theme: what its seeds leave open, answered as most who open such a place would. No queries.

The savings of a theme are measured on it, so it is written down and printed with them; `--answers` measures another.
"""

from django.utils import timezone

from guidance.engine import replay
from guidance.models import Division
from licensing.models import Application, Enterprise, Premises

# No row has this key, so whatever is looked up of it is empty.
_NOWHERE = -1
# What every business licence prints: its holder is never asked for it.
_LICENCE = {
    "name": "示例商行",
    "uscc": "92441702EX0000015T",
    "legal_representative": "林小雨",
    "address": "阳江市江城区漠江路1号",
    "scope": "食品销售；日用百货销售",
    "register": {"registered_capital": "10", "establish_date": "2024-05-06"},
}
# What the theme is measured with beside its seeds: the convenience store sells food, tobacco, class B OTC drugs and
# class II devices, as in the comparison with other cities.
THEMES = {
    "convenience-store": {
        "goods_kinds": ["general", "tobacco", "drugs", "devices"],
        "drug_level": "otc_b",
        "device_classes": ["class2"],
    },
}
# A small place in a street, of one person; what can be left out is not wanted.
USUAL = {
    "entity_type": "individual",
    "staff_count": 3,
    "area": 80,
    "premises_type": "shop",
    "room_count": 20,
    "floors": 2,
    "truck_mass": 3000,
    "school_distance": 500,
    "sign_area": 5,
    "wastewater": "none",
}


def answers_of(catalogue, theme, *, founder, given=None):
    """Return {question: answer} to the end of the questionnaire. given: answers that count instead of the usual ones.

    Raises InvalidAnswer.
    """
    stated = theme.seed_answers | THEMES.get(theme.code, {}) | (given or {})
    answers = stated | {"has_licence": "none" if founder else "have"}
    while (situation := replay(catalogue, answers)).next:
        question = catalogue.questions[situation.next]
        answers[question.code] = _usual(question)
    return situation.answers


def _usual(question):
    """No, nothing of all this, the first of several ways, the least number, unless USUAL says."""
    if question.code in USUAL:
        return USUAL[question.code]
    if question.type == "boolean":
        return False
    if question.type == "number":
        return question.validation.get("min", 0)
    return [] if question.type == "multi" else question.values[0]


def application_of(release, answers, *, founder, committed):
    """Return an Application that is in no database: of an enterprise with nothing but its business licence, or none.

    committed: codes of items filed by promise; those that do not allow it go the ordinary way.
    """
    division = Division(pk=_NOWHERE, code="441702", name="江城区")
    enterprise = Enterprise(pk=_NOWHERE, name="示例商行")
    if not founder:
        now = timezone.now()
        enterprise = Enterprise(
            pk=_NOWHERE, verified_at=now, added_at=now, entity_type=answers.get("entity_type", ""), **_LICENCE
        )
    place = Premises(pk=_NOWHERE, enterprise=enterprise, division=division, name="总店", address="漠江路1号")
    case = {"enterprise": enterprise, "premises": place, "answers": answers, "committed": list(committed)}
    return Application(pk=_NOWHERE, release=release, **case)
