"""Do the questionnaire's parts hold together: order, options, derived facts, rules, notices."""

from guidance.linting import expressions
from guidance.linting.expressions import mentions
from guidance.linting.graphs import cycles

# What an answer can fill; values that are no choice of the element are dropped, so choices need not match.
FILLS = {
    "single": ("choice",),
    "multi": ("multichoice",),
    "number": ("integer", "decimal"),
    "boolean": ("boolean",),
}


def check(book):
    _check_derived(book)
    for code, question in book.sound["questions"].items():
        if code in book.known["derived"]:
            book.report("questions", code, "code", "已经有一个推导事实用了这个代码")
        for key, message in (*_own(question), *_asked(book, question), *_effects(book, question)):
            book.report("questions", code, key, message)
    for name in ("rules", "notices"):
        for title, entry in book.sound[name].items():
            _check_conclusion(book, name, title, entry)
    needed = {rule["item"] for rule in book.sound["rules"].values()}
    if len(book.sound["rules"]) == len(book.known["rules"]):
        for code in sorted(book.known["items"].keys() - needed):
            book.report("items", code, "code", "没有规则会用到这个事项")


def _check_derived(book):
    for code, fact in book.sound["derived"].items():
        for message in expressions.findings(fact["expr"], book):
            book.report("derived", code, "expr", message)
    arrows = {code: set(mentions(fact["expr"])) for code, fact in book.sound["derived"].items()}
    for code in cycles(arrows):
        book.report("derived", code, "expr", "推导事实绕成了圈，最后又回到自己")


def _own(question):
    if (question["type"] in ("single", "multi")) != ("options" in question):
        yield "options", "type是single或multi时才写，也必须写"
    values = [option["value"] for option in question.get("options", [])]
    for value in sorted({value for value in values if values.count(value) > 1}):
        yield "options", f"选项“{value}”写了两次"
    limits = question.get("validation", {})
    if limits and question["type"] != "number":
        yield "validation", "只能用在number上"
    if limits.get("min", 0) > limits.get("max", limits.get("min", 0)):
        yield "validation.min", "min大于max"


def _asked(book, question):
    if question["ask_when"] is None:
        return
    for message in expressions.findings(question["ask_when"], book):
        yield "ask_when", message
    place = book.known["questions"]
    for other in sorted(questions_behind(book, mentions(question["ask_when"]))):
        if place[other] >= place[question["code"]]:
            yield "ask_when", f"只能用前面的问题，“{other}”不在它前面"


def questions_behind(book, codes):
    """The question codes that these facts depend on, through derived facts."""
    found, seen, ahead = set(), set(), list(codes)
    while ahead:
        code = ahead.pop()
        if code in book.known["questions"]:
            found.add(code)
        elif code in book.sound["derived"] and code not in seen:
            seen.add(code)
            ahead.extend(mentions(book.sound["derived"][code]["expr"]))
    return found


def _effects(book, question):
    code = question["code"]
    if len(book.sound["derived"]) == len(book.known["derived"]):
        depending = [fact for fact in book.sound["derived"] if code in questions_behind(book, [fact])]
        if question["facts"] != [code, *depending]:
            yield "facts", f"要依次写{'、'.join([code, *depending])}"
    for filled in question["fills"]:
        element = book.sound["fields"].get(filled)
        if filled not in book.known["fields"]:
            yield "fills", f"没有“{filled}”这个数据项"
        elif element and element["type"] not in FILLS[question["type"]]:
            yield "fills", f"“{filled}”的类型是{element['type']}，不能由{question['type']}填写"


def _check_conclusion(book, name, title, entry):
    for message in expressions.findings(entry["when"], book):
        book.report(name, title, "when", message)
    key = "items" if name == "notices" else "item"
    for item in entry["items"] if name == "notices" else [entry["item"]]:
        if item not in book.known["items"]:
            book.report(name, title, key, f"没有“{item}”这个事项")
