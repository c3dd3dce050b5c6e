"""Form values in words for people. Pure."""

from datetime import date

from licensing.masking import MASKED_TYPES, masked

ANSWER = "来自您的回答"


def value_text(element, value, *, hide=False):
    """A kept value as one line; a table's rows are joined, each cell with its column's label. hide: numbers masked."""
    if value in (None, "", []):
        return ""
    if element.type == "rows":
        return "；".join(rows_text(element, value, hide=hide))
    return _cell_text(element, value, hide)


def rows_text(element, value, *, hide=False):
    """The rows of a `rows` value, each as one line; [] for any other type."""
    return [_row_text(element, row, hide) for row in value or []] if element.type == "rows" else []


def _row_text(element, row, hide):
    cells = [(column, row.get(column.code)) for column in element.columns]
    return "，".join(
        f"{column.label}：{_cell_text(column, value, hide)}" for column, value in cells if value is not None
    )


def table_of(element, value, *, hide=False):
    """The rows of a `rows` value as lists of texts, one for each column."""
    return [[_cell_text(column, row.get(column.code), hide) for column in element.columns] for row in value or []]


def heading_of(column):
    """What stands above a table's column: its label, and its unit if it has one."""
    return f"{column.label}（{column.unit}）" if column.unit else column.label


def day_text(day):
    return f"{day.year}年{day.month}月{day.day}日"


def shown(plan, wanted, *, hide=False):
    """A WantedElement as pages show it, hide: with numbers masked.

    {"element", "text", "rows": one line each, "known": Prefilled or None, "source": with its day, "" for what was
    typed, "disputable", "dispute": {"was": text, "reason"} or None}.
    """
    element, code = wanted.element, wanted.code
    value, known, said = plan.values.get(code), plan.known.get(code), plan.disputed.get(code)
    return {
        "element": element,
        "text": value_text(element, value, hide=hide),
        "rows": rows_text(element, value, hide=hide),
        "known": known,
        "source": known.told if known else ANSWER if value is not None and plan.question_of(code) else "",
        "disputable": plan.is_disputable(code),
        "dispute": said
        and {"was": value_text(element, known.value, hide=hide), "reason": said["reason"], "source": known.told},
    }


def _cell_text(element, value, hide):
    if value is None:
        return ""
    if hide and element.type in MASKED_TYPES:
        return masked(element.type, value)
    if element.type == "boolean":
        return "是" if value else "否"
    if element.type == "date":
        return day_text(date.fromisoformat(value))
    labels = {option.value: option.label for option in element.choices}
    if element.type == "choice":
        return labels.get(value, value)
    if element.type == "multichoice":
        return "、".join(labels.get(one, one) for one in value)
    return f"{value} {element.unit}" if element.unit else str(value)
