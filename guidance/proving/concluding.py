"""Can each rule, notice and item come true; can each needed item be applied for? Pure.

Each check yields, for every statement it proves, None where it holds and a Finding where it does not.
"""

from guidance.proving import wording
from guidance.proving.findings import Finding, in_questions
from guidance.proving.paths import nearest, path_where, walked


def rules_fire(subject):
    for rule in subject.catalogue.rules:
        if subject.diagrams.of(rule.when) is not False:
            yield None
            continue
        name = subject.catalogue.items[rule.item].name
        message = f"“{name}”的这条规则（{rule.because}）永远不会成立"
        yield _never(subject, "idle_rule", in_questions("rules", rule.code, "when"), message, rule.when)


def notices_show(subject):
    for notice in subject.catalogue.notices.values():
        if subject.diagrams.of(notice.when) is not False:
            yield None
            continue
        message = f"提醒“{notice.text}”永远不会出现"
        yield _never(subject, "idle_notice", in_questions("notices", notice.code, "when"), message, notice.when)


def _never(subject, check, place, message, when):
    wishes, failing = nearest(subject.catalogue, when)
    failing = wording.condition(failing, subject.catalogue)
    return Finding(
        **place,
        check=check,
        message=f"{message}：最接近的一条路上，{failing}，这一点做不到",
        mend="改when里做不到的那一部分，或者删掉这一条",
        path=walked(subject.catalogue, wishes),
    )


def items_are_reached(subject):
    """Each item is needed by somebody."""
    for code, item in subject.catalogue.items.items():
        if subject.needed(code) is not False:
            yield None
            continue
        rules = subject.catalogue.rules_of.get(code, ())
        codes = wording.names(rule.code for rule in rules)
        yield Finding(
            "items.yaml",
            f"items[{code}]",
            check="unreachable_item",
            message=f"任何人都不会需要“{item.name}”：" + (f"规则{codes}都永远不会成立" if rules else "没有规则"),
            mend="改它的规则，或者删掉这个事项",
            path=walked(subject.catalogue, _nearest_of(subject, rules)),
        )


def _nearest_of(subject, rules):
    """What to answer for the rule that comes nearest to holding."""
    return max((nearest(subject.catalogue, rule.when)[0] for rule in rules), key=len, default={})


def items_are_free_somewhere(subject):
    """Each item that somebody needs is needed by somebody who may apply for it."""
    for code, item in subject.catalogue.items.items():
        needed = subject.needed(code)
        free = subject.diagrams.all([needed, subject.diagrams.negated(subject.blocked(code))])
        if needed is False or free is not False:
            yield None
            continue
        yield Finding(
            "items.yaml",
            f"items[{code}]",
            check="blocked_item",
            message=f"凡是要办“{item.name}”的人都不能申请：总有一条提醒不让办（{_blocking(subject, code)}）",
            mend="把提醒的when收窄，或者改事项的规则",
            path=path_where(subject.catalogue, needed, to_the_end=True),
        )


def _blocking(subject, item):
    """The blocks that do hold where the item is needed."""
    needed = subject.needed(item)
    blocks = subject.blocks(item)
    holding = [one for one in blocks if subject.diagrams.all([needed, subject.diagrams.of(one.when)]) is not False]
    return wording.names(notice.code for notice in holding)
