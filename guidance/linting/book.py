"""The four documents while they are being checked: which entries can be trusted, which codes exist at all."""

from guidance.linting import shapes
from guidance.linting.checks import label, shown
from guidance.linting.problems import Problem

FILE_OF = {name: document for document, lists in shapes.ENTRIES.items() for name in lists}


class Book:
    """`sound[list]`: entries of the right form by label; `known[list]`: all labels, with their place in the list.

    `problems` gathers what is wrong. An entry of a wrong form is reported once and then left alone; references to its
    code are still good.
    """

    def __init__(self, documents):
        self.problems = []
        self.sound = {name: {} for name in FILE_OF}
        self.known = {name: {} for name in FILE_OF}
        self.heads = {}
        for document, content in documents.items():
            self._open(document, content)

    def report(self, name, entry, key, message):
        self.problems.append(Problem(f"{FILE_OF[name]}.yaml", f"{name}[{entry}]", key, message))

    def report_head(self, document, key, message):
        self.problems.append(Problem(f"{document}.yaml", key=key, message=message))

    def _open(self, document, content):
        lists = shapes.ENTRIES[document]
        if not isinstance(content, dict):
            self.report_head(document, "", f"要写成一组键和值，不能是{shown(content)}")
            return
        self.heads[document] = {key: value for key, value in content.items() if key not in lists}
        for path, message in shapes.HEADS[document](self.heads[document]):
            self.report_head(document, path, message)
        for name, shape in lists.items():
            if not isinstance(content.get(name), list) or not content[name]:
                message = f"要写成列表，不能是{shown(content.get(name))}" if name in content else "缺少这个键"
                self.report_head(document, name, message)
                continue
            for entry, title in zip(content[name], _labels(name, content[name]), strict=True):
                self._enter(name, entry, title, shape)

    def _enter(self, name, entry, title, shape):
        if title in self.known[name]:
            self.report(name, title, "code", "这个代码用了两次")
            return
        self.known[name][title] = len(self.known[name])
        findings = list(shape(entry))
        for path, message in findings:
            self.report(name, title, path, message)
        if not findings:
            self.sound[name][title] = entry


def _labels(name, entries):
    """Codes; a rule has none and goes by its item and its place among that item's rules, as in guidance.schema."""
    seen = {}
    for place, entry in enumerate(entries, start=1):
        item = entry.get("item") if name == "rules" and isinstance(entry, dict) else None
        if isinstance(item, str):
            seen[item] = seen.get(item, 0) + 1
            yield f"{item}-{seen[item]}"
        else:
            yield label(entry, place)
