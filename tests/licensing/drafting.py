"""Drafts for tests: questions answered to the end, forms filled with plausible values, papers handed in."""

from django.utils import timezone

from guidance import releases
from guidance.models import GuidanceSession
from licensing import drafts, papers
from licensing.models import FileState, StoredFile
from licensing.plan import plan_for
from tests.factories import EnterpriseFactory, MembershipFactory, PremisesFactory, UserFactory
from tests.guidance.answering import replay_to_the_end
from tests.licensing.samples import PDF, upload

# Beside the neutral answers: what the journeys of the issue say.
RESTAURANT = {
    "has_licence": "have",
    "store_form": "eatery",
    "sectors": ["food"],
    "food_kinds": ["hot"],
    "dine_in": True,
    "area": 180,
    "wastewater": "sewer",
    "outdoor_sign": ["own_sign"],
    "sign_area": 12,
}
FOUNDER = {
    "has_licence": "none",
    "entity_type": "individual",
    "store_form": "shop",
    "sectors": ["food", "goods"],
    "food_kinds": ["prepackaged"],
    "goods_kinds": ["general", "tobacco"],
}

TEXTS = {
    "text": "示例",
    "address": "江城区漠江路88号",
    "phone": "13812345678",
    "uscc": "914417020000EX015T",
    "id_number": "441702199001010003",
    "date": "2026-03-01",
}


def sample(element):
    """A valid value of the element, or of a table's column, as an application keeps it."""
    if element.code == "contact_email":
        return "lin@example.com"
    if element.type == "rows":
        return [{column.code: sample(column) for column in element.columns}]
    if element.type in ("integer", "decimal"):
        low = element.validation.get("min", 0)
        return low + 1 if element.type == "integer" else f"{low + 1}.50"
    if element.type == "boolean":
        return True
    if element.type == "choice":
        return element.choices[0].value
    if element.type == "multichoice":
        return [element.choices[0].value]
    return TEXTS[element.type]


def typed(code, value):
    """The value as a browser posts it: {field name: text or list of texts}."""
    if isinstance(value, bool):
        return {code: "yes" if value else "no"}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        cells = {}
        for number, row in enumerate(value):
            for column, cell in row.items():
                cells |= typed(f"{code}-{number}-{column}", cell)
        return {f"{code}-rows": str(len(value)), **cells}
    return {code: value if isinstance(value, list) else str(value)}


def session_of(catalogue, answers, **extra):
    situation = replay_to_the_end(catalogue, answers)
    return GuidanceSession.objects.create(release=releases.current(), answers=situation.answers, **extra)


def begun(catalogue, answers, *, user=None, enterprise=None, division=None, **extra):
    """A draft with its applicant and premises, the plan agreed to."""
    user = user or UserFactory(name="林小雨")
    if enterprise is None:
        enterprise = EnterpriseFactory() if answers.get("has_licence") == "have" else EnterpriseFactory(founder=True)
    if not enterprise.memberships.filter(user=user).exists():
        MembershipFactory(user=user, enterprise=enterprise)
    draft = drafts.start(session_of(catalogue, answers, **extra), user)
    draft = drafts.apply_for(draft, enterprise)
    place = {"division": division} if division else {}
    draft = drafts.settle_at(draft, enterprise.premises.first() or PremisesFactory(enterprise=enterprise, **place))
    drafts.agree(draft, plan_for(draft))
    return draft


def fill_in(draft):
    """Everything the form asks, and the plan that follows agreed to."""
    plan = plan_for(draft)
    empty = [wanted for wanted in plan.elements if plan.is_asked(wanted) and wanted.code not in plan.values]
    plan = drafts.fill(draft, plan, {wanted.code: sample(wanted.element) for wanted in empty})
    draft.save()
    drafts.agree(draft, plan)
    return draft


def hand_in_papers(draft):
    for paper in papers.ways(draft, plan_for(draft)):
        if paper.missing:
            papers.attach(draft, paper, [upload(PDF, f"{paper.code}.pdf")], draft.filer)
    find_all_clean()


def find_all_clean():
    """What a worker finds of files that are known to be good; it would take a child process for each."""
    waiting = StoredFile.objects.filter(state=FileState.CHECKING)
    waiting.update(state=FileState.CLEAN, checked_at=timezone.now())


def ready(catalogue, answers, **options):
    """A draft that may be submitted."""
    draft = fill_in(begun(catalogue, answers, **options))
    # A paper may hang on a value just filled in.
    draft = fill_in(draft)
    hand_in_papers(draft)
    return draft
