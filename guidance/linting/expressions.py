"""Is an expression one the engine can evaluate, over facts that exist, with values they can have?"""

from guidance.expressions import COMPARISONS
from guidance.linting.checks import shown

OPERATORS = ("all", "any", "not", *COMPARISONS)
# Which comparisons make sense with which type of question; a derived fact is a boolean.
COMPARABLE = {
    "single": ("eq", "in"),
    "boolean": ("eq",),
    "number": ("eq", "in", "gte"),
    "multi": ("contains",),
}


def findings(expression, book):
    """Yield (what is wrong, how to mend it)."""
    if not isinstance(expression, dict) or len(expression) != 1 or next(iter(expression)) not in OPERATORS:
        yield (
            f"条件{shown(expression)}只能是一个{'、'.join(OPERATORS)}",
            "例如 {eq: [has_licence, none]}；几个条件用all或any合起来",
        )
        return
    [(operator, operand)] = expression.items()
    if operator == "not":
        yield from findings(operand, book)
    elif operator in ("all", "any"):
        if not isinstance(operand, list) or not operand:
            yield f"{operator}后面要写条件的列表，不能是空的", f"例如 {{{operator}: [{{eq: [has_licence, none]}}]}}"
            return
        for part in operand:
            yield from findings(part, book)
    elif not isinstance(operand, list) or len(operand) != 2 or not isinstance(operand[0], str):
        yield f"{operator}后面要写成[事实, 值]，不能是{shown(operand)}", "例如 [area, 300]"
    else:
        yield from _comparison(operator, *operand, book)


def _comparison(operator, fact, wanted, book):
    question = {"type": "boolean"} if fact in book.known["derived"] else book.sound["questions"].get(fact)
    if question is None:
        # Of a question that is itself of a wrong form nothing more can be said here.
        if fact not in book.known["questions"]:
            near = book.nearest(fact, "questions", "derived")
            yield f"没有{shown(fact)}这个问题或推导事实", f"可能是{near}" if near else "改成已有的代码，或者先写上它"
    elif operator not in COMPARABLE[question["type"]]:
        usable = "、".join(COMPARABLE[question["type"]])
        yield f"{operator}不能用在“{fact}”上（它的类型是{question['type']}）", f"改用{usable}"
    elif operator == "in" and (not isinstance(wanted, list) or not wanted):
        yield f"in后面要写值的列表，不能是{shown(wanted)}", "写成[事实, [值, 值]]；只有一个值用eq"
    else:
        for value in wanted if operator == "in" else [wanted]:
            if not _can_be(question, value, book):
                yield f"“{fact}”不会有{shown(value)}这个值", _possible(question)


def _can_be(question, value, book):
    if question["type"] == "boolean":
        return isinstance(value, bool)
    if question["type"] == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str) and value in book.values_of(question)


def _possible(question):
    if question["type"] in ("single", "multi"):
        return f"写选项的值：{'、'.join(option['value'] for option in question.get('options', [])[:10])}"
    return "写true或false，不加引号" if question["type"] == "boolean" else "写一个数字，不加引号"


def mentions(expression):
    """The fact codes an expression compares, whatever else may be wrong with it."""
    if isinstance(expression, dict):
        for operator, operand in expression.items():
            if operator in COMPARISONS and isinstance(operand, list):
                yield from (code for code in operand[:1] if isinstance(code, str))
            else:
                yield from mentions(operand)
    elif isinstance(expression, list):
        for part in expression:
            yield from mentions(part)
