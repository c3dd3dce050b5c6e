"""One row of the file by itself: its values as the register keeps them, or a sentence for each cell that is wrong."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from certificates import identifiers
from certificates.importing import cells
from certificates.models import CertificateType, LicenceStatus
from guidance.models import Division
from licensing import face_numbers
from licensing.registration import REGISTRATION

_NEEDED = {"holder", "uscc", "number", "issued_on", "valid_until"}
_EXPIRED = ("过期", "已过期")


@dataclass(frozen=True)
class Rules:
    """What the rows of one import are held against. divisions: {name or code: code}."""

    item_code: str
    divisions: dict
    today: date
    # "" where no code is registered.
    type_code: str = ""
    issuers: tuple = ()

    @classmethod
    def of(cls, batch):
        office = batch.office
        divisions = {}
        for code, name in Division.objects.values_list("code", "name"):
            divisions |= {name: code, code: code}
        type_ = CertificateType.objects.filter(item_code=batch.item_code).first()
        issuers = (office.uscc, office.division.code) if office.uscc else ()
        return cls(batch.item_code, divisions, timezone.localdate(), type_.code if type_ else "", issuers)


@dataclass
class Row:
    """A row as read and judged. values are ready for JSON; problems and warnings: {name of the column: sentence}."""

    number: int
    cells: dict
    values: dict = field(default_factory=dict)
    problems: dict = field(default_factory=dict)
    warnings: dict = field(default_factory=dict)


def check(row, wrong, headings, rules, doubled=None):
    """Judge a Row by what it says itself. wrong: {name: sentence} of cells without a text; headings: {field: name}.

    doubled: another row of the file with the same number.
    """
    reading = _Reading(row, wrong, headings, rules)
    reading.read()
    if doubled and "number" not in reading.bad:
        reading.objects("number", f"和第 {doubled} 行的证照编号相同，请核对，只留一行")
    if extra := row.cells.get(""):
        row.problems[""] = f"这一行的内容比表头多，多出“{extra[:20]}”，请核对逗号、引号和栏目"
    return row


class _Reading:
    def __init__(self, row, wrong, headings, rules):
        self.row, self.wrong, self.headings, self.rules = row, wrong, headings, rules
        self.values, self.bad = row.values, set()

    def read(self):
        today = self.rules.today
        self._take("holder", lambda text: cells.name(text, "holder"))
        self._take("uscc", cells.uscc)
        self._take("number", cells.number)
        self._take("issued_on", lambda text: cells.past_day(text, today))
        self._take("valid_until", cells.valid_until)
        self._take("scope", cells.scope, "")
        self._take("premises", lambda text: cells.name(text, "premises"), "")
        self._take("address", cells.address, "")
        self._take_division()
        self._take_status()
        self._take("identifier", lambda text: identifiers.parse(text, imported=True))
        self._compare()
        for day in ("issued_on", "valid_until", "status_on"):
            if self.values.get(day):
                self.values[day] = self.values[day].isoformat()

    def objects(self, field, sentence):
        self.bad.add(field)
        self.row.problems[self.headings.get(field, self.headings["number"])] = sentence

    def warns(self, field, sentence):
        self.row.warnings[self.headings.get(field, self.headings["number"])] = sentence

    def _take(self, field, read, empty=None):
        """Put the value of a cell, unless it is wrong."""
        heading = self.headings.get(field)
        if heading in self.wrong:
            return self.objects(field, self.wrong[heading])
        try:
            text = cells.visible(self._text(field)).strip()
            if text:
                self.values[field] = read(text)
            elif field in _NEEDED:
                self.objects(field, "空着，请填写" + ("日期，长期有效的填“长期”" if field == "valid_until" else ""))
            else:
                self.values[field] = empty
        except ValueError as why:
            self.objects(field, str(why))
        return None

    def _text(self, field):
        return self.row.cells.get(self.headings.get(field), "")

    def _take_division(self):
        where = self.values.get("address")
        if self.rules.item_code == REGISTRATION:
            # A business licence is held for the enterprise as a whole.
            self.values |= {"address": "", "premises": "", "division": ""}
        elif where:
            self._take("division", lambda text: cells.division(text, where, self.rules.divisions), "")
            if self.values.get("division") == "":
                self._try("division", lambda: cells.division("", where, self.rules.divisions))
        else:
            self.values["division"] = ""
            if self.values.get("premises") and "address" not in self.bad:
                self.objects("address", "填了经营场所名称，没有填地址，请补上地址")

    def _try(self, field, read):
        try:
            self.values[field] = read()
        except ValueError as why:
            self.objects(field, str(why))

    def _take_status(self):
        self._take("status", cells.status, LicenceStatus.VALID)
        if self.values.get("status", LicenceStatus.VALID) == LicenceStatus.VALID:
            return
        label = LicenceStatus(self.values["status"]).label
        self._take("status_on", lambda text: cells.past_day(text, self.rules.today))
        self._take("document", lambda text: cells.name(text, "document"), "")
        if "status_on" not in self.bad and not self.values["status_on"]:
            self.objects("status_on", f"状态是{label}，请填写状态日期")
        if "document" not in self.bad and not self.values["document"]:
            self.objects("document", f"状态是{label}，请填写决定文号")

    def _compare(self):
        """What two cells say together."""
        begin, end, status_on = (self.values.get(day) for day in ("issued_on", "valid_until", "status_on"))
        if begin and end and end < begin:
            self.objects("valid_until", f"有效期至{end.isoformat()}早于发证日期{begin.isoformat()}，请核对")
        if begin and status_on and status_on < begin:
            self.objects("status_on", f"状态日期早于发证日期{begin.isoformat()}，请核对")
        if self._text("status").strip() in _EXPIRED and not (end and end < self.rules.today):
            self.objects("status", "写着过期，有效期至却还没有到，请核对")
        if identifier := self.values.get("identifier"):
            self._fit(identifier)
        if warning := face_numbers.warning(self.rules.item_code, self.values.get("number", "")):
            self.warns("number", warning)

    def _fit(self, identifier):
        rules = self.rules
        if rules.type_code and identifier.type_code != rules.type_code:
            self.objects("identifier", "标识里的证照类型代码不是这种证照的，请核对是不是另一种证照的标识")
        elif rules.issuers and identifier.issuer not in rules.issuers:
            self.objects("identifier", "标识里的颁发机构代码不是本机关的，请核对")
        self.values["identifier"], self.values["version"] = str(identifier), identifier.version
