"""One code, one meaning; one meaning, one code: what is asked once must be the same thing everywhere.

Two codes mean the same where they bear the same label within one group (of fields), one question or one field (of
choices), or, of items, themes and papers, anywhere. One code means two things where a question and a field,
or two tables' columns of one label, share it but count in another unit or hold another type, and where a paper goes by
two names or is two certificates.
"""

import unicodedata

from guidance.linting.checks import shown
from guidance.linting.questions import FILLS

_ONE_CODE = "只留一个代码，或者把名称写得能分清"
# Lists whose entries people tell apart by their names alone.
_TITLES = ("items", "themes")


def check(book):
    _check_labels(book)
    for name in ("fields", "questions"):
        for code, entry in book.sound[name].items():
            for key, *said in _choices(entry):
                book.report(name, code, key, *said)
    _check_columns(book)
    for code, question in book.sound["questions"].items():
        for finding in _shared(book, question):
            book.report("questions", code, *finding)


def _check_labels(book):
    first = {}
    for code, element in book.sound["fields"].items():
        other = first.setdefault((element["group"], _plain(element["label"])), code)
        if other != code:
            message = f"与“{other}”在同一组里叫同一个名称{shown(element['label'])}，是同一个数据项有两个代码"
            book.report("fields", code, "label", message, _ONE_CODE)
    for name in _TITLES:
        first = {}
        for code, entry in book.sound[name].items():
            other = first.setdefault(_plain(entry["name"]), code)
            if other != code:
                book.report(name, code, "name", f"与“{other}”同名，都叫{shown(entry['name'])}", _ONE_CODE)


def _choices(entry):
    for key in ("choices", "options"):
        first = {}
        for option in entry.get(key, []):
            value = first.setdefault(_plain(option["label"]), option["value"])
            if value != option["value"]:
                yield key, f"选项“{value}”和“{option['value']}”都叫{shown(option['label'])}", _ONE_CODE


def _check_columns(book):
    first = {}
    for code, element in book.sound["fields"].items():
        for column in element.get("columns", []):
            kind = (column["type"], column.get("unit", ""))
            where, known = first.setdefault((column["code"], _plain(column["label"])), (code, kind))
            field = book.sound["fields"].get(column["code"])
            if field and kind != (field["type"], field.get("unit", "")):
                where, known = column["code"], (field["type"], field.get("unit", ""))
            if kind != known:
                message = f"与“{where}”里的同名，那里是{_kind(known)}，这里是{_kind(kind)}"
                book.report("fields", code, f"columns[{column['code']}]", message, "统一类型和单位，或者换一个代码")


def _shared(book, question):
    """A question fills fields, and shares with them what it counts in."""
    same = book.sound["fields"].get(question["code"])
    if same and same["type"] not in FILLS[question["type"]]:
        message = f"同名的数据项类型是{same['type']}，问题是{question['type']}"
        yield "code", message, "统一类型，或者给问题换一个代码"
    for code in {*question["fills"], question["code"]}:
        unit = book.sound["fields"].get(code, question).get("unit")
        if unit != question.get("unit"):
            message = f"问题的单位是{shown(question.get('unit'))}，数据项“{code}”的单位是{shown(unit)}"
            yield "unit", message, "统一成一个单位"


class Names:
    """The same code in two items is the same paper, collected once; it goes by one name, and the name by one code."""

    def __init__(self):
        self.names, self.codes, self.certificates = {}, {}, {}

    def findings(self, item, material):
        first, name = self.names.setdefault(material["code"], (item, material["name"]))
        if name != material["name"]:
            message = f"同一个材料在“{first}”里叫{shown(name)}，在这里叫{shown(material['name'])}"
            yield "name", message, "统一名称；若是两种材料，换一个代码"
        certificate = material["reusable_certificate"]
        first, known = self.certificates.setdefault(material["code"], (item, certificate))
        if certificate != known:
            message = f"同一个材料在“{first}”里是证照{shown(known)}，在这里是{shown(certificate)}"
            yield "reusable_certificate", message, "统一成一种证照；若是两种材料，换一个代码"
        first, code = self.codes.setdefault(_plain(material["name"]), (item, material["code"]))
        if code != material["code"]:
            message = f"{shown(material['name'])}在“{first}”里的代码是“{code}”，同一个材料有两个代码"
            yield "code", message, f"改成{code}，申请人只交一次；若是两种材料，把名称写得能分清"


def _plain(label):
    return "".join(unicodedata.normalize("NFKC", label).split())


def _kind(kind):
    return "，单位".join(filter(None, kind))
