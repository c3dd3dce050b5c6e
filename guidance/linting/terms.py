"""Do the terms fit each other: what is promised, what may come later, what the law and joint handling allow."""

# A term counted otherwise, as the working days it holds at the least and at the most, whichever day it begins on:
# of the odd days of its last week two may be a weekend, or none. Holidays are left out.
WORKING_DAYS = {
    "working_days": (lambda count: count, lambda count: count),
    "natural_days": (
        lambda count: count // 7 * 5 + max(0, count % 7 - 2),
        lambda count: count // 7 * 5 + min(5, count % 7),
    ),
    "months": (lambda count: count * 20, lambda count: WORKING_DAYS["natural_days"][1](count * 31)),
}
# Licensing Law art. 42 para. 2: joint handling ends within 45 days, 15 more if approved.
JOINT, EXTENDED = 45, 60
# A paper that comes later comes at least so many working days before the statutory limit (routing.deferring).
_LEFT_FOR_THE_OFFICER = 3


def check(book):
    for code, item in book.sound["items"].items():
        limit = statutory_limit(item)
        for finding in (*_promised(item, limit), *_deferred(item, limit)):
            book.report("items", code, *finding)
        for finding in _shortened(item, limit):
            book.warn("items", code, *finding)
        longest = _in_working_days(item, most=True)
        if longest is not None and longest > JOINT:
            counted = f"{limit}个" if limit == longest else f"{limit}到{longest}个"
            allowed = f"并联办理的{JOINT}个工作日，延长后{EXTENDED}个（行政许可法第四十二条）"
            message = f"法定时限（{counted}工作日）长于{allowed}"
            mend = f"请市里定：联办时按承诺时限（{item['committed_days']}个工作日）办结，或者不纳入联办"
            book.warn("items", code, "statutory_days", message, mend)


def statutory_limit(item):
    """The statutory term in working days, as few as it may hold, or None where the law sets none."""
    return _in_working_days(item, most=False)


def _in_working_days(item, *, most):
    if item["statutory_days"] is None:
        return None
    return WORKING_DAYS[item.get("statutory_unit", "working_days")][most](item["statutory_days"])


def _promised(item, limit):
    promised = {"committed_days": item["committed_days"]}
    if "commitment" in item:
        promised["commitment.committed_days"] = item["commitment"]["committed_days"]
    for key, days in promised.items():
        if limit is not None and days > limit:
            yield key, f"承诺时限{days}个工作日长于法定时限（{limit}个工作日）", f"写{limit}或者更短"
        if days > JOINT:
            message = f"承诺时限{days}个工作日长于并联办理的{JOINT}个工作日（行政许可法第四十二条）"
            yield key, message, f"写{JOINT}或者更短"
    if "commitment" in item and item["commitment"]["committed_days"] > item["committed_days"]:
        days = item["committed_days"]
        message = f"选告知承诺反而更慢：普通方式承诺{days}个工作日"
        yield "commitment.committed_days", message, f"写{days}或者更短"


def _deferred(item, limit):
    """The promised clock stands while a paper is waited for, the statutory one runs (plan art. 7)."""
    for material in item["materials"]:
        days, key = material["defer_days"], f"materials[{material['code']}].defer_days"
        if days is None:
            continue
        if limit is not None and days >= limit:
            yield key, f"容缺期限{days}个工作日不短于法定时限（{limit}个工作日）", f"写{limit - 1}或者更短"
        elif days > JOINT:
            message = f"容缺期限{days}个工作日长于并联办理的{JOINT}个工作日"
            yield key, message, f"写{JOINT}或者更短"
        if item["committed_days"] == 0:
            yield key, "承诺当日办结，等不到后补的材料", "承诺时限写1或者更长，或者这份材料不容缺"


def _shortened(item, limit):
    """A deferral the law's clock cuts: its day would come before the term that was promised."""
    for material in item["materials"]:
        days = material["defer_days"]
        if days is not None and limit is not None and limit - _LEFT_FOR_THE_OFFICER < days < limit:
            left = max(0, limit - _LEFT_FOR_THE_OFFICER)
            message = (
                f"容缺期限写{days}个工作日，但法定时限只有{limit}个工作日，最后{_LEFT_FOR_THE_OFFICER}个要留给审批，"
                f"申请人实际只有{left}个"
            )
            mend = f"写{left}，或者这份材料不容缺" if left else "这份材料不容缺，或者只承诺当天补交"
            yield f"materials[{material['code']}].defer_days", message, mend
