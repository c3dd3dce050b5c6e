"""Do the questionnaire's parts hold together: order, options, derived facts, rules, notices."""

from guidance.linting import expressions
from guidance.linting.checks import shown, twice
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
    behind = _Behind(book)
    for code, question in book.sound["questions"].items():
        if code in book.known["derived"]:
            book.report("questions", code, "code", "已经有一个推导事实用了这个代码", "给问题或推导事实换一个代码")
        for finding in (*_own(question), *_asked(book, question, behind), *_effects(book, question, behind)):
            book.report("questions", code, *finding)
    for name in ("rules", "notices"):
        for title, entry in book.sound[name].items():
            _check_conclusion(book, name, title, entry)
    needed = {rule["item"] for rule in book.sound["rules"].values()}
    if len(book.sound["rules"]) == len(book.known["rules"]):
        for code in sorted(book.known["items"].keys() - needed):
            mend = "在questions.yaml的rules里写上什么情形要办，或者删掉这个事项"
            book.report("items", code, "code", "没有规则会用到这个事项", mend)


def _check_derived(book):
    for code, fact in book.sound["derived"].items():
        for said in expressions.findings(fact["expr"], book):
            book.report("derived", code, "expr", *said)
    arrows = {code: set(mentions(fact["expr"])) for code, fact in book.sound["derived"].items()}
    for circle in cycles(arrows):
        for code in circle:
            message = f"推导事实绕成了圈，最后又回到自己（{'、'.join(circle[:5])}）"
            book.report("derived", code, "expr", message, "其中一个改成只用问题的答案")


def _own(question):
    if (question["type"] in ("single", "multi")) != ("options" in question):
        yield "options", "type是single或multi时才写，也必须写", "选择题写上选项，别的类型删掉options"
    for value in twice(option["value"] for option in question.get("options", [])):
        yield "options", f"选项{shown(value)}写了两次", "删掉一个，或者换一个值"
    limits = question.get("validation", {})
    if limits and question["type"] != "number":
        yield "validation", "只能用在number上", "删掉validation"
    if limits.get("min", 0) > limits.get("max", limits.get("min", 0)):
        yield "validation.min", "min大于max", "两个数对调，或者改正其中一个"


def _asked(book, question, behind):
    if question["ask_when"] is None:
        return
    for said in expressions.findings(question["ask_when"], book):
        yield "ask_when", *said
    place = book.known["questions"]
    for other in sorted(behind.questions(mentions(question["ask_when"]))):
        if place[other] >= place[question["code"]]:
            yield "ask_when", f"只能用前面的问题，“{other}”不在它前面", f"把“{other}”移到这个问题前面"


class _Behind:
    """The question codes that facts depend on, through derived facts; each fact followed once."""

    def __init__(self, book):
        self.known = book.known["questions"]
        self.mentioned = {code: set(mentions(fact["expr"])) for code, fact in book.sound["derived"].items()}
        self.of_fact = {fact: self.questions([fact]) for fact in self.mentioned}
        self.facts_of = {}
        for fact, codes in self.of_fact.items():
            for code in codes:
                self.facts_of.setdefault(code, []).append(fact)

    def questions(self, codes):
        found, seen, ahead = set(), set(), list(codes)
        while ahead:
            code = ahead.pop()
            if code in self.known:
                found.add(code)
            elif code in self.mentioned and code not in seen:
                seen.add(code)
                ahead.extend(self.mentioned[code])
        return found


def _effects(book, question, behind):
    code = question["code"]
    if len(book.sound["derived"]) == len(book.known["derived"]):
        facts = [code, *behind.facts_of.get(code, ())]
        if question["facts"] != facts:
            yield "facts", f"要依次写{'、'.join(facts)}", f"写成[{', '.join(facts)}]"
    for filled in question["fills"]:
        element = book.sound["fields"].get(filled)
        if filled not in book.known["fields"]:
            yield "fills", *book.missing("fields", filled)
        elif element and element["type"] not in FILLS[question["type"]]:
            message = f"“{filled}”的类型是{element['type']}，不能由{question['type']}填写"
            yield "fills", message, f"从fills里删掉，或者换一个{'、'.join(FILLS[question['type']])}的数据项"


def _check_conclusion(book, name, title, entry):
    for said in expressions.findings(entry["when"], book):
        book.report(name, title, "when", *said)
    key = "items" if name == "notices" else "item"
    for item in entry["items"] if name == "notices" else [entry["item"]]:
        if item not in book.known["items"]:
            book.report(name, title, key, *book.missing("items", item))
