"""Does everything that binds an applicant name the law it stands on? (Licensing Law art. 4 and 17; plan art. 10)"""

import re

from guidance.linting.checks import shown

_NOTHING = (
    r"\W*(无|暂无|没有|待定|待补|待补充|待核|待核实|略|同上|未知|不详|不明|依法|惯例|按惯例|法律|法规|法律法规"
    r"|见?(有关|相关)(法律|法规|规定|文件|、)*|(todo|tbd|n\W?a|none|null|x+)(?![a-z]))?\W*"
)
PLACEHOLDER = re.compile(_NOTHING, re.IGNORECASE)
NAMED = re.compile(rf"《(?!{_NOTHING}》)[^《》]{{2,}}》|本[省市县区][^，。；]{{0,6}}规定", re.IGNORECASE)
_MEND = "写成《…条例》第…条；由本市自己规定的写“本市规定（示例）”"


def check(book):
    for code, item in book.sound["items"].items():
        for place, law in enumerate(item["legal_basis"], start=1):
            for key in ("title", "doc_no", "article"):
                if PLACEHOLDER.fullmatch(law[key]):
                    mend = "写明法律法规的名称、文号和条款；条款没有核对的照写，checked写false"
                    book.report("items", code, f"legal_basis[第{place}项].{key}", f"{shown(law[key])}不是依据", mend)
    for title, rule in book.sound["rules"].items():
        if not NAMED.search(rule["basis"]):
            book.report("rules", title, "basis", f"没有写明依据：{shown(rule['basis'])}", _MEND)
    for code, notice in book.sound["notices"].items():
        # A notice of another level forbids nothing and names who to ask.
        if notice["level"] == "block" and not NAMED.search(notice.get("basis", "")):
            book.report("notices", code, "basis", "不准办的提醒没有写明依据", _MEND)
