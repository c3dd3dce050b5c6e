"""The four documents while they are being checked: which entries can be trusted, which codes exist at all."""

import difflib
from itertools import islice

from guidance.linting import shapes
from guidance.linting.checks import label, shown
from guidance.linting.problems import ERROR, WARNING, Problem

FILE_OF = {name: document for document, lists in shapes.ENTRIES.items() for name in lists}
WORD_OF = {"items": "事项", "fields": "数据项", "questions": "问题"}
# Who has made more faults than this has laid the wrong files into the folder; nobody reads on.
MOST_ERRORS = 500
# Looking for a similar code takes its time; beyond this the editor searches better.
MOST_COMPARED = 2000


class Enough(Exception):
    """There are more errors than anybody reads."""


class Book:
    """`sound[list]`: entries of the right form by label; `known[list]`: all labels, with their place in the list.

    `problems` gathers what is wrong, `errors` counts those that forbid publishing. An entry of a wrong form is
    reported once and then left alone; references to its code are still good.
    """

    def __init__(self):
        self.problems, self.errors = [], 0
        self.sound = {name: {} for name in FILE_OF}
        self.known = {name: {} for name in FILE_OF}
        self.heads, self._values = {}, {}

    def open(self, documents):
        """Check each document's form. Raises Enough, as report and report_head do."""
        for document, content in documents.items():
            self._open(document, content)

    def report(self, name, entry, key, message, mend="", level=ERROR):
        self._add(Problem(f"{FILE_OF[name]}.yaml", f"{name}[{entry}]", key, message, mend, level))

    def warn(self, name, entry, key, message, mend=""):
        self.report(name, entry, key, message, mend, WARNING)

    def report_head(self, document, key, message, mend=""):
        self._add(Problem(f"{document}.yaml", key=key, message=message, mend=mend))

    def missing(self, name, code):
        """What is said of a code that none of that list's entries has, and how to mend it."""
        word = WORD_OF[name]
        near = self.nearest(code, name)
        mend = (
            f"可能是{near}；没有的先在{FILE_OF[name]}.yaml里写上" if near else f"改成已有的代码，或者先写上这个{word}"
        )
        return f"没有{shown(code)}这个{word}", mend

    def nearest(self, code, *names):
        """The known code most like this one, shown, or ""."""
        codes = [known for name in names for known in self.known[name]]
        if len(codes) > MOST_COMPARED or len(code) > 60:
            return ""
        return next(map(shown, difflib.get_close_matches(code, codes, 1, 0.7)), "")

    def values_of(self, question):
        """The set of values among a question's options."""
        code = question["code"]
        if code not in self._values:
            self._values[code] = {option["value"] for option in question.get("options", [])}
        return self._values[code]

    def _add(self, problem):
        if self.errors == MOST_ERRORS:
            place = Problem(problem.file, message=f"错误太多，只列出前{MOST_ERRORS}处", mend="先改好列出的，再检查一次")
            self.problems.append(place)
            raise Enough
        self.problems.append(problem)
        self.errors += problem.level == ERROR

    def _open(self, document, content):
        lists = shapes.ENTRIES[document]
        if not isinstance(content, dict):
            self.report_head(document, "", f"要写成一组键和值，不能是{shown(content)}", "每行写“键: 值”")
            return
        self.heads[document] = {key: value for key, value in content.items() if key not in lists}
        for finding in shapes.HEADS[document](self.heads[document]):
            self.report_head(document, *finding)
        for name, shape in lists.items():
            if not isinstance(content.get(name), list) or not content[name]:
                message = f"要写成列表，不能是{shown(content.get(name))}" if name in content else "缺少这个键"
                self.report_head(document, name, message, "" if name not in content else "每一项以“- ”开头，至少一项")
                continue
            for entry, title in zip(content[name], _labels(name, content[name]), strict=True):
                self._enter(name, entry, title, shape)

    def _enter(self, name, entry, title, shape):
        if title in self.known[name]:
            self.report(name, title, "code", "这个代码用了两次", "换一个没有用过的代码，或者删掉重复的一项")
            return
        self.known[name][title] = len(self.known[name])
        findings = list(islice(shape(entry), MOST_ERRORS + 1))
        for finding in findings:
            self.report(name, title, *finding)
        if not findings:
            self.sound[name][title] = entry


def _labels(name, entries):
    """Codes; a rule has none and goes by its item and its place among that item's rules, as in guidance.schema."""
    seen = {}
    for place, entry in enumerate(entries, start=1):
        item = entry.get("item") if name == "rules" and isinstance(entry, dict) else None
        if isinstance(item, str):
            seen[item] = seen.get(item, 0) + 1
            yield f"{item[:60]}-{seen[item]}"
        else:
            yield label(entry, place)
