"""Which elements a correction may change: what an applicant has typed, but for what has decided the items."""

from guidance import releases
from licensing.values import questions_by_element


def correctable(task):
    """Return the codes of the item's elements that an answer can change, in the form's order."""
    catalogue = releases.load(task.application.release_id)
    asked = task.application.snapshot["items"][task.item_code]["elements"]
    return [code for code in asked if not why_not_typed(catalogue, code)]


def why_not_typed(catalogue, code):
    """Return why the applicant cannot type this element anew, a sentence for them, or "". Pure."""
    # With another answer it would be another application: other items, other papers, other limits.
    if code in questions_by_element(catalogue):
        return "改动它会改变要办的事项，请撤回后重新申请。不用改的，在下面说明。"
    # What is computed counts as filled by the system too (guidance.linting.elements).
    if code not in catalogue.elements or catalogue.elements[code].system_filled:
        return "这一项由系统填写，不用您改，请在下面说明。"
    return ""
