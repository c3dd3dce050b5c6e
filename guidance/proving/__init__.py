"""Is the questionnaire sound, for everybody who could ever answer it? A proof, not a sample.

Method: exhaustive search over what matters. `reasoning.cells` cuts the answers of each question into finitely many
cells within which no comparison of the catalogue tells two answers apart, so that one answer of a cell stands for all.
`reasoning.diagrams` holds each condition as a reduced, ordered decision diagram of these cells, with derived facts and
`ask_when` put in: the condition's value for every way of answering everything, each way considered, equal parts shared.
Diagrams are canonical, so "can never hold" is the diagram False, "holds always" is True, "a implies b" is that a
without b is False, and "the answer matters" is that the question is named. Nothing is estimated, no depth is cut off:
where a check finds nothing, there is nothing; where it finds something, a path of answers shows it. Diagrams can grow
beyond all bounds; those of questionnaires, whose conditions speak of one trade each, stay small (some 800 nodes for 46
items, 100,000 for a made-up catalogue of 10,000).

No dead end. Each question that is asked has an answer; an `ask_when` leans on earlier questions alone (the lint stands
before the proof), so that it is settled when its turn comes. While an outcome is open, some question is asked that
changes it: let q be the first question on which it still hangs. It hangs on q only where q is asked (proved for each
outcome and question). Were it open whether q is asked, an earlier question p would decide that; then the outcome, which
changes with q where q is asked and not elsewhere, would hang on p too, and q was not the first. So q is asked for
certain and relevant, and the engine asks it or another (that the keys under which it looks for what the answers have
woken miss nothing is proved as well). Each answer leaves one question less, so every path ends, with
all outcomes settled. That nothing is needed and no notice shown is an outcome like any other: whoever holds a
business licence and sells clothes is rightly told so, and it is no dead end.

What it does not prove: that the rules say what the law says, that the words are understood, that people answer
truly; nothing about free text, form values (`check`, `required_if`), papers, deadlines or other catalogues.
"""

import time
from dataclasses import dataclass

from guidance.canonical import fingerprint
from guidance.linting import sizes
from guidance.proving import asking, concluding, themes
from guidance.proving.findings import Finding
from guidance.proving.subject import Subject
from guidance.reasoning.diagrams import TooComplex

# Part of what is hashed: to be raised when a check is added or means something else.
METHOD = "decision-diagrams-1"

CHECKS = {
    "问到的问题都答得下去": asking.can_be_answered,
    "答到最后都有结果": asking.comes_to_its_end,
    "问题都问得到": asking.is_reached,
    "问题的答案都有用": asking.matters,
    "规则都有可能成立": concluding.rules_fire,
    "提醒都有可能出现": concluding.notices_show,
    "事项都有人需要": concluding.items_are_reached,
    "需要的事项都有人能申请": concluding.items_are_free_somewhere,
    "主题的预选答案都问得到": themes.seeds_are_asked,
    "主题的核心事项一定要办": themes.core_follows,
}


@dataclass(frozen=True)
class Proof:
    """What was proven of one content. `checks`: {name: number of statements}, each of which was decided.

    Where some question cannot be answered at all, or diagrams grew beyond bounds, only what came before was checked.
    """

    content_sha256: str
    checks: dict
    violations: tuple  # of Finding
    diagrams: int
    nodes: int
    seconds: float

    @property
    def is_sound(self):
        return not self.violations

    @property
    def result(self):
        """What is hashed: the same for the same content, on whatever machine."""
        return {
            "method": METHOD,
            "content_sha256": self.content_sha256,
            "checks": self.checks,
            "violations": [str(violation) for violation in self.violations],
        }

    @property
    def sha256(self):
        return fingerprint(self.result)


def prove(catalogue, content_sha256="", told=lambda line: None):
    """Return the Proof of a linted catalogue. told: is called with a line of progress after each check."""
    began = time.perf_counter()
    subject, checks, violations = Subject(catalogue), {}, []
    for place, (name, check) in enumerate(CHECKS.items(), start=1):
        started = time.perf_counter()
        try:
            found = list(check(subject))
        except TooComplex:
            # Each condition is small enough, says the lint; some of them together are not.
            violations.append(Finding("questions.yaml", check="too_complex", message=sizes.MESSAGE, mend=sizes.MEND))
            return Proof(content_sha256, checks, tuple(violations), 0, 0, time.perf_counter() - began)
        checks[name] = len(found)
        violations += [one for one in found if one]
        told(f"[{place}/{len(CHECKS)}] {name}：{len(found)}项，{time.perf_counter() - started:.2f}秒")
        if violations and check is asking.can_be_answered:
            # Whatever hangs on a question without answers would look idle or unreachable too.
            told("先改好答不下去的问题，再证明其余的")
            break
    return Proof(
        content_sha256=content_sha256,
        checks=checks,
        violations=tuple(violations),
        diagrams=len(subject.outcomes),
        nodes=len(subject.nodes()),
        seconds=time.perf_counter() - began,
    )
