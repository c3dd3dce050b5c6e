"""A draft for a program that fills it in: what it asks, what is there, and what is still to do."""

from licensing import papers, signing
from licensing.checking import problems_of
from licensing.commitments import commitments
from licensing.masking import MASKED_TYPES, masked
from licensing.plan import plan_for
from licensing.snapshots import PROMISE, PROMISE_VERSION, deferral_promise, what_is_seen


def report(draft, user):
    """Return what api.DraftSerializer describes. Numbers that name a person are masked for all but the filer."""
    plan = plan_for(draft)
    handed_in = papers.ways(draft, plan)
    # Who typed a number has it already; of several who act for an enterprise the others need not.
    hide = user.pk != draft.filer_id
    return {
        "draft_code": draft.draft_code,
        "revision": draft.revision,
        "fingerprint": plan.fingerprint,
        "agreed": plan.is_agreed(draft),
        "question": _question(plan),
        "answers": plan.situation.answers,
        "plan": [_item(plan, code) for code in (*plan.chosen, *plan.declined)],
        "elements": [_element(plan, wanted, hide) for wanted in plan.elements],
        "papers": [_paper(paper) for paper in handed_in],
        "problems": [problem.text for problem in problems_of(draft, plan, handed_in)],
        "to_sign": _to_sign(draft, plan, handed_in, user),
    }


def _question(plan):
    code = plan.situation.next
    if code is None:
        return None
    question = plan.catalogue.questions[code]
    options = [{"value": option.value, "label": option.label} for option in question.options]
    return {"code": code, "text": question.text, "type": question.type, "choices": options}


def _item(plan, code):
    return {
        "code": code,
        "name": plan.catalogue.items[code].name,
        "chosen": code in plan.chosen,
        "committable": code in plan.committable,
        "committed": code in plan.committed,
    }


def _element(plan, wanted, hide):
    element, code = wanted.element, wanted.code
    known = plan.known.get(code)
    return {
        "code": code,
        "label": element.label,
        "type": element.type,
        "unit": element.unit or "",
        "required": wanted.required,
        "asked": plan.is_asked(wanted),
        "source": known.told if known else "",
        "choices": _choices(element),
        "columns": [_column(column) for column in element.columns],
        "items": list(wanted.items),
        "value": _value(element, plan.values.get(code), hide),
    }


def _column(column):
    return {
        "code": column.code,
        "label": column.label,
        "type": column.type,
        "unit": column.unit or "",
        "required": column.required,
        "choices": _choices(column),
    }


def _choices(element):
    return [{"value": option.value, "label": option.label} for option in element.choices]


def _value(element, value, hide):
    if not hide or value is None:
        return value
    if element.type == "rows":
        kinds = {column.code: column.type for column in element.columns}
        return [{code: masked(kinds[code], cell) for code, cell in row.items()} for row in value]
    return masked(element.type, value) if element.type in MASKED_TYPES else value


def _paper(paper):
    return {
        "code": paper.code,
        "name": paper.name,
        "how": str(paper.how),
        "note": paper.note,
        "items": list(paper.items),
        "missing": paper.missing,
        "deferrable": paper.deferrable,
        "files": [
            {"id": str(file.public_id), "name": file.name, "size": file.size, "state": str(file.state)}
            for file in paper.files
        ],
    }


def _to_sign(draft, plan, handed_in, user):
    """What the signer reads before signing, and the hash that says it was this; None before applicant and place."""
    if draft.enterprise_id is None or draft.premises_id is None:
        return None
    return {
        "seen": what_is_seen(draft, plan, handed_in),
        "version": PROMISE_VERSION,
        "promise": PROMISE,
        "deferral_promise": deferral_promise(handed_in),
        "commitments": {code: one["text"] for code, one in commitments(plan).items()},
        "method": str(signing.method_for(user)),
    }
