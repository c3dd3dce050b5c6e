"""What a decision is called, by the kind of its item: only of a 行政许可 one says 准予许可 or 不予许可."""

DECISIONS = {
    "granted": {"行政许可": "准予许可", "备案": "备案完成", "公共服务": "已办理"},
    "refused": {"行政许可": "不予许可", "备案": "不予备案", "公共服务": "不予办理"},
}

EVENTS = {
    "task.created": "分办",
    "task.received": "前置事项办成，收件",
    "task.accepted": "受理",
    "task.granted": "准予",
    "task.refused": "不予",
    "task.terminated": "终止办理",
}
