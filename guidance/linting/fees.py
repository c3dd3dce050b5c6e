"""May this be charged? For a licence only what a law or an administrative regulation says (Licensing Law art. 58)."""

import re

from guidance.linting.basis import NAMED
from guidance.linting.checks import shown
from guidance.schema import LICENCE

_NOTHING = re.compile(r"\W*(不收(费|取费用)?|不用交[钱费]|免费|免收|无|没有|0 ?元?)\W*")
_TITLE = re.compile(r"《([^《》]{2,})》")
# Fees are approved by the State and the province only, whose documents bear a number.
_NUMBER = re.compile(r"〔\d{4}〕\d+号")
# No department and no government may call its rules 条例 (行政法规制定程序条例 art. 5); that of a province or a city
# begins with its name. What the State Council calls 规定 or 办法 cannot be told from a department's.
_OF_THE_STATE = re.compile(r"(?![^城]{2,5}?(省|市(?![场政容])|自治区|经济特区)).*((?<!办)法|条例)(（[^（）]*）)?")
_MEND = "写明收费依据，例如《…条例》第…条；没有依据的不收费，fee写null"


def check(book):
    for code, item in book.sound["items"].items():
        fee = item.get("fee")
        if fee is None:
            continue
        if _NOTHING.fullmatch(fee["text"]):
            book.report("items", code, "fee.text", f"{shown(fee['text'])}不是收费", "不收费的，fee写null或者不写")
        elif not re.search(r"\d", fee["text"]):
            book.warn(
                "items", code, "fee.text", f"没有写明收多少：{shown(fee['text'])}", "写出金额或者算法，例如每证10元"
            )
        _check_basis(book, code, item["kind"], fee.get("basis", ""))


def _check_basis(book, code, kind, basis):
    titles = [title for title in _TITLE.findall(basis) if NAMED.search(f"《{title}》")]
    if not titles and not _NUMBER.search(basis):
        message = f"没有写明收费依据：{shown(basis)}" if basis else "没有写收费依据"
        book.report("items", code, "fee.basis", message, _MEND)
    elif kind == LICENCE and not any(map(_OF_THE_STATE.fullmatch, titles)):
        message = f"看不出{shown(basis)}是法律或者行政法规；行政许可不得凭别的规定收费（行政许可法第五十八条）"
        book.warn("items", code, "fee.basis", message, "写《…法》或者国务院《…条例》第…条；没有的不收费，fee写null")
