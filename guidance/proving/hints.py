"""What refuses nothing, but an editor may like to know: what makes no difference to anybody. Pure."""

from guidance.linting.problems import WARNING
from guidance.proving.findings import Finding, in_questions
from guidance.proving.paths import path_where
from guidance.proving.subject import Subject
from guidance.reasoning import cells


def hints(catalogue):
    """Return Findings of level WARNING."""
    subject = Subject(catalogue)
    return [*_covered_rules(subject), *_equal_options(subject)]


def _covered_rules(subject):
    """Rules that hold only where another rule of their item does."""
    for item, rules in subject.catalogue.rules_of.items():
        for rule in rules:
            own = subject.diagrams.of(rule.when)
            others = subject.diagrams.any(subject.diagrams.of(other.when) for other in rules if other is not rule)
            if own is not False and subject.diagrams.all([own, subject.diagrams.negated(others)]) is False:
                name = subject.catalogue.items[item].name
                message = f"这条规则成立时，“{name}”的其他规则总有一条也成立；它只多给一个理由"
                yield _hint(
                    in_questions("rules", rule.code), "covered_rule", message, path_where(subject.catalogue, own)
                )


def _equal_options(subject):
    """Options that no outcome tells apart: in reduced diagrams they lead to the same child everywhere."""
    told_apart = _signatures(subject)
    for code, question in subject.catalogue.questions.items():
        asked = subject.diagrams.asked(code)
        groups = {}
        for place, option in enumerate(question.options):
            groups.setdefault(told_apart(question, place), []).append(option)
        for signature, options in groups.items():
            idle = signature == () if question.type == "multi" else len(options) > 1
            if idle and asked is not False:
                labels = "、".join(f"“{option.label}”" for option in options)
                verb = "选不选都一样" if question.type == "multi" else "选哪个都一样"
                yield _hint(in_questions("questions", code, "options"), "equal_options", f"{labels}{verb}")


def _signatures(subject):
    """Return a function (question, place of its option) -> where that option leads, node by node."""
    nodes = {}
    for node in subject.nodes():
        nodes.setdefault(node.variable, []).append(node)

    def signature(question, option):
        place = subject.diagrams.place[question.code]
        if question.type == "multi":
            return tuple(map(id, nodes.get((place, option), ())))
        value = cells.options_of(question)[option]
        return tuple(
            id(node.children[cells.cell_of(question, 0, node.cuts, value)]) for node in nodes.get((place, 0), ())
        )

    return signature


def _hint(place, check, message, path=None):
    return Finding(**place, check=check, message=message, level=WARNING, path=path)
