"""What a decision is called, by the kind of its item: only of a 行政许可 one says 准予许可 or 不予许可."""

DECISIONS = {
    "granted": {"行政许可": "准予许可", "备案": "备案完成", "公共服务": "已办理"},
    "refused": {"行政许可": "不予许可", "备案": "不予备案", "公共服务": "不予办理"},
}
