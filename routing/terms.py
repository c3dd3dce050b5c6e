"""Terms and thresholds that the city sets (routing.models.Term), by code. A migration has written the first values."""

from routing.models import Term

# code: (name, unit, first value). The basis of a first value is that it is an example.
FIRST = {
    "warn_days_left": ("预警：剩余不多于", "工作日", 1),
    "warn_percent": ("预警：剩余时间不多于", "%", 20),
    "silence_days": ("没有告知补正即视为受理", "工作日", 5),
    "correction_days": ("申请人补正的期限", "工作日", None),
    "remind_days": ("容缺材料到期前提醒", "工作日", 2),
    "hold_days": ("申请人可以暂停的期限", "工作日", 10),
    "rectify_days": ("承诺不实的整改期限", "工作日", 15),
    "check_share": ("告知承诺核查的抽查比例", "%", 100),
}
EXAMPLE = "本市规定（示例）"
# By law; not for a city to set.
BY_LAW = {"silence_days": "《行政许可法》第三十二条第一款第（四）项"}

# What may be left open: then the officer closes an unanswered correction by notice.
OPTIONAL = {"correction_days"}
# From and to, by unit.
BOUNDS = {"工作日": (1, 365), "%": (0, 100)}
# Those from which the day of the warning follows.
WARNINGS = {"warn_days_left", "warn_percent"}


def load():
    """Return {code: value, None where not set}, in one query: a change counts at once."""
    first = {code: value for code, (_, _, value) in FIRST.items()}
    return first | dict(Term.objects.values_list("code", "value"))
