"""The conditions of the chosen items as a list to check oneself against (自查表), by what they are about. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from guidance.requirements import conditions_of, meets
from guidance.wording import answer_text, measure

DIMENSIONS = ("场所", "设备", "资金", "人员", "管理制度")
BASES = {"law": "法律法规", "rule": "规章、标准", "policy": "本市规定"}


class Verdict(StrEnum):
    MET = "符合"
    UNMET = "不符合"
    OPEN = "请自查"


@dataclass(frozen=True)
class Line:
    text: str
    basis: str
    measure: str  # what is measured, "" where nothing is
    answer: str  # the person's own answer that tells it, "" while none does
    verdict: Verdict
    items: tuple  # names of the chosen items that ask for it


def self_check(catalogue, situation, chosen):
    """Return ((dimension, Lines), …) without empty ones; the same sentence for several items is one Line.

    chosen: item codes. Conditions that certainly do not apply are left out.
    """
    told, lines = told_values(catalogue, situation), {}
    for item in (catalogue.items[code] for code in chosen):
        for condition in conditions_of(item, situation):
            line = _line(catalogue, situation, condition, told)
            lines.setdefault((condition.dimension, *line), []).append(item.name)
    return tuple(
        (dimension, found)
        for dimension in DIMENSIONS
        if (found := tuple(Line(*line, tuple(items)) for (about, *line), items in lines.items() if about == dimension))
    )


def told_values(catalogue, situation):
    """Return {element code: value} that the answers tell, as the form would hold them."""
    told = {}
    for question in _answered(catalogue, situation):
        answer = situation.answers[question.code]
        for element in (catalogue.elements[code] for code in question.fills):
            # What the element has no choice for says nothing about it.
            if element.type != "choice" or answer in {option.value for option in element.choices}:
                told[element.code] = answer
    return told


def _line(catalogue, situation, condition, told):
    check = condition.check
    met = meets(check, told) if check else None
    said = "" if met is None else _said(catalogue, situation, check["field"])
    measured = measure(catalogue.elements[check["field"]], check) if check else ""
    verdict = Verdict.OPEN if met is None else Verdict.MET if met else Verdict.UNMET
    return condition.text, BASES[condition.basis], measured, said, verdict


def _said(catalogue, situation, element):
    question = next(one for one in _answered(catalogue, situation) if element in one.fills)
    return answer_text(question, situation.answers[question.code])


def _answered(catalogue, situation):
    return [catalogue.questions[code] for code in situation.path if code in situation.answers]
