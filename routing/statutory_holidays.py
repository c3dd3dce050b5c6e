"""What 全国年节及纪念日放假办法 (revised 2024, in force from 2025) says a yearly notice must contain. Pure.

faults are (line in the notice, sentence for the operator).
"""

from itertools import combinations

SATURDAY = 5
# Days that the regulation names by the solar calendar, all of them off.
FIXED = {"元旦": [(1, 1)], "劳动节": [(5, 1), (5, 2)], "国庆节": [(10, 1), (10, 2), (10, 3)]}
# By the lunar calendar or the solar terms: between which days they can fall, and how many are off at least.
SEASONS = {
    "春节": ((1, 20), (2, 24), 4),
    "清明节": ((4, 4), (4, 5), 1),
    "端午节": ((5, 27), (6, 26), 1),
    "中秋节": ((9, 7), (10, 9), 1),
}
FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
# Art. 2: 1 + 4 + 1 + 2 + 1 + 1 + 3. What is off beyond that on a weekday is worked on another day.
DAYS_OFF = 13
# The longest so far had nine.
LONGEST = 15


def faults(year, holidays, make_up_days, *, in_balance):
    """Return all faults of a notice's Holidays and make-up days [(date, line)].

    in_balance: also compare the sum, which finds a day left out at the edge of a holiday. It is no use where something
    could not be read.
    """
    found = [
        *_festivals(holidays),
        *(fault for holiday in holidays for fault in _holiday(year, holiday)),
        *_overlaps(holidays),
        *_make_up_days(year, holidays, make_up_days),
    ]
    return _balance(holidays, make_up_days) if in_balance and not found else found


def _festivals(holidays):
    written = [festival for holiday in holidays for festival in holiday.festivals]
    for festival in FESTIVALS:
        if festival not in written:
            yield 0, f"缺少{festival}。"
    for holiday in holidays:
        for festival in holiday.festivals:
            if festival not in FESTIVALS:
                yield holiday.line, f"不认识节日“{festival[:20]}”，只有{'、'.join(FESTIVALS)}。"
            elif written.count(festival) > 1:
                yield holiday.line, f"{festival}写了{written.count(festival)}次。"


def _holiday(year, holiday):
    if holiday.last < holiday.first:
        yield holiday.line, f"{holiday.name}：结束日期 {holiday.last} 早于开始日期 {holiday.first}。"
        return
    if {holiday.first.year, holiday.last.year} != {year}:
        yield holiday.line, f"{holiday.name}：{holiday.first} 至 {holiday.last} 不全是{year}年的日期，只写本年的日子。"
        return
    if (holiday.last - holiday.first).days >= LONGEST:
        yield holiday.line, f"{holiday.name}：放假超过 {LONGEST} 天，请核对。"
    for festival in holiday.festivals:
        yield from _fixed(year, holiday, festival)
        yield from _season(year, holiday, festival)


def _fixed(year, holiday, festival):
    for month, day in FIXED.get(festival, ()):
        statutory = holiday.first.replace(year=year, month=month, day=day)
        if statutory not in holiday:
            yield holiday.line, f"{festival}：缺少法定的放假日 {statutory}。"


def _season(year, holiday, festival):
    if festival not in SEASONS:
        return
    (first, last), least = SEASONS[festival][:2], SEASONS[festival][2]
    if (holiday.last.month, holiday.last.day) < first or (holiday.first.month, holiday.first.day) > last:
        yield holiday.line, f"{festival}不会在 {holiday.first} 至 {holiday.last}，请核对日期。"
    elif (holiday.last - holiday.first).days + 1 < least:
        yield holiday.line, f"{festival}：法定放假 {least} 天，这里只有 {(holiday.last - holiday.first).days + 1} 天。"


def _overlaps(holidays):
    for one, other in combinations(holidays, 2):
        if one.first <= other.last and other.first <= one.last:
            yield other.line, f"{other.name}和{one.name}的日期重叠；连放的写在一起，例如“国庆节、中秋节”。"


def _make_up_days(year, holidays, make_up_days):
    seen = set()
    for day, line in make_up_days:
        if day.year != year:
            yield line, f"调休上班日 {day} 不是{year}年的日期。"
        elif day.weekday() < SATURDAY:
            yield line, f"调休上班日 {day} 不是星期六或者星期日，本来就上班。"
        if day in seen:
            yield line, f"调休上班日 {day} 写了两次。"
        for holiday in holidays:
            if day in holiday:
                yield line, f"调休上班日 {day} 在{holiday.name}放假期间。"
        seen.add(day)


def _balance(holidays, make_up_days):
    off = sum(day.weekday() < SATURDAY for holiday in holidays for day in holiday.days())
    if off - len(make_up_days) == DAYS_OFF:
        return []
    return [
        (
            0,
            f"周一至周五放假 {off} 天、调休上班 {len(make_up_days)} 天，相差 {off - len(make_up_days)} 天，"
            f"而《全国年节及纪念日放假办法》规定 {DAYS_OFF} 天：可能漏写或者多写了放假日、上班日，请对照通知。",
        )
    ]
