"""What differs between the plan the applicant agreed to and today's, in words. Pure."""

from dataclasses import dataclass

_TOLD = "（已经知道，不用再答）"


@dataclass(frozen=True)
class PlanChange:
    """Each attribute is a tuple of sentences or names; all empty: nothing changed."""

    items_added: tuple = ()
    items_removed: tuple = ()
    promises_added: tuple = ()
    promises_removed: tuple = ()
    materials_added: tuple = ()
    materials_removed: tuple = ()
    elements_added: tuple = ()
    elements_removed: tuple = ()
    elements_now_required: tuple = ()
    elements_now_optional: tuple = ()
    questions_added: tuple = ()
    answers_dropped: tuple = ()

    def __bool__(self):
        return any(vars(self).values())


def changes(agreed, plan):
    """Return the PlanChange from `agreed` (Plan.as_agreed of an earlier day, or {}) to the plan."""
    catalogue, today = plan.catalogue, plan.as_agreed()
    agreed = {"items": [], "committed": [], "elements": {}, "materials": [], "path": []} | agreed
    labels = {code: element.label for code, element in catalogue.elements.items()}
    texts = {code: question.text for code, question in catalogue.questions.items()}
    papers = {material.code: material.name for item in catalogue.items.values() for material in item.materials}
    items_added, items_removed = _differ(agreed, today, "items")
    promised, unpromised = _differ(agreed, today, "committed")
    materials_added, materials_removed = _differ(agreed, today, "materials")
    elements_added, elements_removed = _differ(agreed, today, "elements")
    asked, unasked = _differ(agreed, today, "path")
    now = {
        code: required for code, required in today["elements"].items() if agreed["elements"].get(code) == (not required)
    }
    return PlanChange(
        items_added=tuple(f"{catalogue.items[code].name}：{_why_added(plan, code)}" for code in items_added),
        items_removed=tuple(f"{catalogue.items[code].name}：{_why_removed(plan, code)}" for code in items_removed),
        promises_added=tuple(plan.names(promised)),
        # An item that is not filed any more is told above.
        promises_removed=tuple(plan.names(code for code in unpromised if code in plan.chosen)),
        materials_added=_in_words(papers, materials_added),
        materials_removed=_in_words(papers, materials_removed),
        elements_added=_in_words(labels, elements_added),
        elements_removed=_in_words(labels, elements_removed),
        elements_now_required=_in_words(labels, [code for code, required in now.items() if required]),
        elements_now_optional=_in_words(labels, [code for code, required in now.items() if not required]),
        questions_added=tuple(f"{texts[code]}{_TOLD if code in plan.told else ''}" for code in asked),
        answers_dropped=_in_words(texts, unasked),
    )


def _differ(agreed, today, key):
    before, after = agreed[key], today[key]
    return [code for code in after if code not in before], [code for code in before if code not in after]


def _in_words(names, codes):
    return tuple(names[code] for code in codes)


def _why_added(plan, code):
    return plan.situation.reasons[code][0].because


def _why_removed(plan, code):
    if code in plan.held:
        return "已经持有有效证照，不用再办。"
    if code in plan.blocked:
        return "按规定现在不能办。"
    if code in plan.declined:
        return "您选择另行办理。"
    return "按现在的情况不需要办。"
