"""May the city change what its overlay changes? Only to the applicant's good, or where the number is the city's own.

A promised limit only shorter, a paper dropped, fetched or brought later, a condition that is an example number
(basis policy) only stricter. The statutory limit, the legal basis, kinds, codes, questions, rules and blocks are the
law's and the province's; a paper is added only by a law (plan art. 10, Licensing Law art. 16 and 30).
"""

import difflib
import re

from guidance.linting import shapes
from guidance.linting.basis import NAMED, PLACEHOLDER
from guidance.linting.checks import label, listing, number, one_of, record, short, shown, text, twice
from guidance.linting.problems import Problem
from guidance.overlays import PAPER_KEYS


def _named(value):
    yield from text(value)
    if isinstance(value, str) and value.strip() and PLACEHOLDER.fullmatch(value):
        yield "", f"{shown(value)}不是依据", "写明法律法规的名称、文号和条款"


law = record(title=_named, doc_no=_named, article=_named)
paper = record(
    ("drop", *PAPER_KEYS),
    code=text,
    drop=one_of(True),
    source=one_of("shared"),
    deferrable=one_of(True),
    defer_days=shapes.days,
    defer_method=text,
)
condition = record(text=text, becomes=text, value=number)
item = record(
    ("committed_days", "commitment", "materials", "conditions"),
    code=text,
    why=text,
    committed_days=shapes.days,
    commitment=record(committed_days=shapes.days),
    # Their entries are looked at below, where it is known whether they are new.
    materials=listing(lambda entry: (), least=1),
    conditions=listing(condition, least=1),
)
# The lists of the catalogue beside the items.
COMMON = {name for lists in shapes.ENTRIES.values() for name in lists} - {"items"}
HEAD = record(version=one_of(1), name=text, city=short(50), items=listing(lambda entry: (), least=1))
_FIXED = "删掉；要改的请提请修改全省目录"


def lint(overlay, documents, name):
    """Return the Problems of the parsed overlay against linted documents. name: as its file is called."""
    return [Problem(f"overlays/{name}.yaml", *finding) for finding in _findings(overlay, documents, name)]


def _findings(overlay, documents, name):
    """Yield (entry, key, message, mend)."""
    fixed = [key for key in overlay if key in COMMON] if isinstance(overlay, dict) else []
    for key in fixed:
        yield "", key, "问题、规则、提醒（包括不准办的情形）、数据项和主题全省统一，本市不能改", _FIXED
    form = list(HEAD({key: value for key, value in overlay.items() if key not in fixed} if fixed else overlay))
    yield from (("", *finding) for finding in form)
    if form:
        return
    if overlay["name"] != name:
        yield "", "name", f"要和文件名一样，不能是{shown(overlay['name'])}", f"写{name}"
    common = {entry["code"]: entry for entry in documents["items"]["items"]}
    titles = [label(entry, place) for place, entry in enumerate(overlay["items"], start=1)]
    for title in twice(titles):
        yield f"items[{title}]", "code", "这个事项写了两次", "合成一项"
    for title, entry in zip(titles, overlay["items"], strict=True):
        for key, *said in _item(entry, common):
            yield f"items[{title}]", key, *said


def _item(entry, common):
    fixed = (
        [key for key in entry if key in shapes.item.keys and key not in item.keys] if isinstance(entry, dict) else []
    )
    for key in fixed:
        yield key, f"本市不能改{key}，它由法律法规或全省目录规定", _FIXED
    form = list(item({key: value for key, value in entry.items() if key not in fixed} if fixed else entry))
    yield from form
    if form:
        return
    base = common.get(entry["code"])
    if base is None:
        near = difflib.get_close_matches(entry["code"][:60], common, 1)
        yield "code", f"全省目录里没有{shown(entry['code'])}这个事项", f"可能是{near[0]}" if near else "改成已有的代码"
        return
    if not NAMED.search(entry["why"]):
        yield "why", f"没有写明依据：{shown(entry['why'])}", "写“本市规定（示例）”加理由，或者写《……》第几条"
    if entry.keys() <= {"code", "why"} and not fixed:
        yield "", "什么也没有改", "写上要改的地方，或者删掉这一项"
    yield from _limits(entry, base)
    for title in twice(label(one, place) for place, one in enumerate(entry.get("materials", []), start=1)):
        yield f"materials[{title}]", "写了两次", "合成一项"
    for place, one in enumerate(entry.get("materials", []), start=1):
        yield from ((f"materials[{label(one, place)}]{key}", *said) for key, *said in _paper(one, base))
    for title in twice(one["text"] for one in entry.get("conditions", [])):
        yield "conditions", f"{shown(title)}写了两次", "合成一项"
    for place, one in enumerate(entry.get("conditions", []), start=1):
        yield from ((f"conditions[第{place}项]{key}", *said) for key, *said in _condition(one, base))


def _limits(entry, base):
    promised = {"committed_days": (entry.get("committed_days"), base["committed_days"])}
    if "commitment" in entry:
        if "commitment" not in base:
            yield "commitment", "这个事项不能告知承诺", _FIXED
            return
        days = (entry["commitment"]["committed_days"], base["commitment"]["committed_days"])
        promised["commitment.committed_days"] = days
    for key, (now, was) in promised.items():
        if now is not None and now >= was:
            message = f"承诺时限只能比全省的短：全省{was}个工作日，这里{now}个"
            yield key, message, f"写{was - 1}或者更短，或者删掉" if was else "删掉"


def _paper(one, base):
    """Yield (key with its dot, what is wrong, mend)."""
    papers = {material["code"]: material for material in base["materials"]}
    code = one.get("code") if isinstance(one, dict) else None
    if not isinstance(code, str) or code not in papers:
        yield from _new_paper(one, papers)
        return
    findings = list(paper(one))
    yield from (("." + key, *said) for key, *said in findings)
    if findings:
        return
    was = papers[code]
    if one.keys() == {"code"} or ("drop" in one and len(one) > 2):
        yield (
            "",
            "要么写drop: true，要么写改成什么",
            "不再收取写drop: true；由部门获取写source: shared；可以后补写deferrable",
        )
    elif was["source"] == "generated" or was.get("only_when_committed"):
        yield "", "系统生成的材料和承诺书本市不能改", _FIXED
    elif was["source"] == "shared" == one.get("source"):
        yield ".source", "全省已经由部门获取", "删掉这一项"
    elif "deferrable" in one and one.get("source") == "shared":
        yield ".deferrable", "由部门获取的材料不用申请人后补", "source和deferrable只留一个"
    else:
        yield from _later(one, was, base)


def _later(one, was, base):
    later = {"deferrable", "defer_days", "defer_method"} & one.keys()
    if not later:
        return
    if not base["deferrable"]:
        yield ".deferrable", "这个事项不能容缺", _FIXED
    if not was["deferrable"] and len(later) < 3:
        yield ".deferrable", "容缺要把deferrable、defer_days、defer_method三个都写上", "补上缺的"
    if was["deferrable"] and "defer_days" in one and one["defer_days"] < was["defer_days"]:
        message = f"容缺期限不能比全省的短：全省{was['defer_days']}个工作日，这里{one['defer_days']}个"
        yield ".defer_days", message, f"写{was['defer_days']}或者更长"


def _new_paper(one, papers):
    if not isinstance(one, dict) or "legal_basis" not in one:
        code = one.get("code") if isinstance(one, dict) else one
        near = difflib.get_close_matches(str(code)[:60], papers, 1)
        message = f"全省目录里这个事项没有{shown(code)}这份材料；没有法律依据，本市不能增加材料"
        yield (
            "",
            message,
            f"可能是{near[0]}" if near else "删掉；法律法规要求的，写上legal_basis（title、doc_no、article）",
        )
        return
    findings = [(f".legal_basis.{key}".rstrip("."), *said) for key, *said in law(one["legal_basis"])]
    rest = {key: value for key, value in one.items() if key != "legal_basis"}
    yield from findings or ((f".{key}".rstrip("."), *said) for key, *said in shapes.material(rest))


def _condition(one, base):
    was = next((condition for condition in base["conditions"] if condition["text"] == one["text"]), None)
    if was is None:
        near = difflib.get_close_matches(one["text"][:200], [entry["text"] for entry in base["conditions"]], 1, 0.4)
        mend = f"全省写的是“{near[0]}”，一字不差地写" if near else "照全省目录一字不差地写"
        yield ".text", f"全省目录里这个事项没有这条条件：{shown(one['text'])}", mend
    elif was["basis"] != "policy" or was.get("check", {}).get("op") != "gte":
        yield "", "只有全省目录标为policy、有下限（check的gte）的条件，本市可以提高", _FIXED
    elif one["value"] <= was["check"]["value"]:
        message = f"条件只能更严：全省{was['check']['value']}，这里{one['value']}"
        yield ".value", message, f"写比{was['check']['value']}大的数，或者删掉"
    elif not re.search(rf"(?<![0-9.]){re.escape(str(one['value']))}(?![0-9]|\.[0-9])", one["becomes"]):
        yield ".becomes", f"文字里没有写出{one['value']}", "文字里的数和value要一样"
