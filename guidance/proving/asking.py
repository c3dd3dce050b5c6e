"""Is each question asked of somebody, can it be answered, does the questionnaire come to its end? Pure.

Each check yields, for every statement it proves, None where it holds and a Finding where it does not.
"""

import math

from guidance.proving import wording
from guidance.proving.findings import Finding, in_questions
from guidance.proving.paths import nearest, path_where, walked
from guidance.reasoning.guards import ANY


def can_be_answered(subject):
    """Each question that is asked has an answer that it allows."""
    for code, question in subject.catalogue.questions.items():
        asked = subject.diagrams.asked(code)
        if has_answer(question) or asked is False:
            yield None
            continue
        limits = question.validation
        whole = "整数" if limits.get("integer") else "数"
        yield Finding(
            **in_questions("questions", code, "validation"),
            check="dead_end",
            message=f"问到“{question.text}”时，没有一个可以填的答案，谁也答不下去",
            mend=f"改min或max：没有不小于{limits['min']}、不大于{limits['max']}的{whole}",
            path=path_where(subject.catalogue, asked, until=code),
        )


def has_answer(question):
    """Is there a number within the limits? All other questions have answers: the lint sees to their options."""
    limits = question.validation
    low, high = limits.get("min", -math.inf), limits.get("max", math.inf)
    return (math.ceil(low) if limits.get("integer") and "min" in limits else low) <= high


def comes_to_its_end(subject):
    """While an outcome is open there is a question to ask that changes it (see guidance.proving for why this suffices).

    First: an outcome hangs on a question only where that question is asked. Second: the keys under which the engine
    looks for what the answers have woken miss no outcome and no question.
    """
    diagrams = subject.diagrams
    for outcome in subject.outcomes:
        for code in subject.named_in(outcome):
            unasked = diagrams.all([outcome, diagrams.negated(diagrams.asked(code))])
            yield _still_open(subject, unasked) if code in subject.named_in(unasked) else None
    for diagram, keys in _woken(subject):
        missed = False if None in keys else diagrams.all([diagram, diagrams.negated(_any_of(subject, keys))])
        yield None if missed is False else _still_open(subject, missed)


def _woken(subject):
    """Return [(diagram of an outcome or of a question's being asked, the keys that wake it)]."""
    reach, found = subject.catalogue.reach, {}
    for key, outcomes in reach.outcomes.items():
        for outcome in outcomes:
            found.setdefault(outcome, (outcome.diagram(subject.diagrams), set()))[1].add(key)
    for key, codes in reach.questions.items():
        for code in codes:
            found.setdefault(code, (subject.diagrams.asked(code), set()))[1].add(key)
    return found.values()


def _any_of(subject, tokens):
    return subject.diagrams.any(_carries(subject, *token) for token in tokens)


def _carries(subject, code, value):
    """The diagram of an answer that carries this token (guidance.reasoning.guards)."""
    if value is ANY:
        return subject.diagrams.asked(code)
    operator = "contains" if subject.catalogue.questions[code].type == "multi" else "eq"
    return subject.diagrams.of({operator: [code, value]})


def _still_open(subject, diagram):
    return Finding(
        "questions.yaml",
        check="dead_end",
        message="这样答完，还有结果没有确定，却没有问题可问了",
        mend="这是程序的错误，不是目录的错误，请连同这条路一起报告",
        path=path_where(subject.catalogue, diagram, to_the_end=True),
    )


def is_reached(subject):
    """Each question is asked of somebody."""
    for code, question in subject.catalogue.questions.items():
        if subject.diagrams.asked(code) is not False:
            yield None
            continue
        wishes, failing = nearest(subject.catalogue, question.ask_when)
        failing = wording.condition(failing, subject.catalogue)
        yield Finding(
            **in_questions("questions", code, "ask_when"),
            check="unreachable_question",
            message=f"“{question.text}”永远问不到：最接近的一条路上，{failing}，这一点做不到",
            mend="改ask_when里做不到的那一部分，或者删掉这个问题",
            path=walked(subject.catalogue, wishes, until=code),
        )


def matters(subject):
    """Each question that is asked can change an outcome, or what is asked later, which is to say an outcome."""
    named = set().union(*map(subject.named_in, subject.outcomes))
    for code, question in subject.catalogue.questions.items():
        asked = subject.diagrams.asked(code)
        if code in named or asked is False or not has_answer(question):
            yield None
            continue
        yield Finding(
            **in_questions("questions", code),
            check="idle_question",
            message=f"“{question.text}”怎么回答都一样：不改变任何事项、提醒、条件、材料、承诺和要填的内容",
            mend="删掉这个问题，或者补上用到它的规则、提醒、条件或材料",
            path=path_where(subject.catalogue, asked, until=code),
        )
