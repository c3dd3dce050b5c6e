"""A condition in words an editor understands, with the codes to find it by. Pure."""

from guidance import wording

JOINTS = {"all": "，并且", "any": "，或者"}


def condition(expression, catalogue):
    """{eq: [premises_type, shop]} as 「premises_type（您的经营地点是哪一种？）答“临街商铺或商场铺位”」."""
    [(operator, operand)] = expression.items()
    if operator == "not":
        return f"不是（{condition(operand, catalogue)}）"
    if operator in JOINTS:
        return JOINTS[operator].join(_part(part, catalogue) for part in operand)
    return _comparison(operator, *operand, catalogue)


def _part(expression, catalogue):
    text = condition(expression, catalogue)
    nested = next(iter(expression)) in JOINTS
    return f"（{text}）" if nested else text


def _comparison(operator, code, wanted, catalogue):
    if code in catalogue.derived:
        fact = catalogue.derived[code]
        held = (wanted if operator == "eq" else True in wanted) is True
        return f"“{fact.note or code}”（{code}）{'成立' if held else '不成立'}"
    question = catalogue.questions[code]
    name = f"{code}（{question.text}）"
    if operator == "gte":
        return f"{name}答{wording.answer_text(question, wanted)}或更多"
    if operator == "contains":
        return f"{name}选了“{_value(question, wanted)}”"
    values = wanted if operator == "in" else [wanted]
    return f"{name}答{'、'.join(f'“{_value(question, value)}”' for value in values)}"


def _value(question, value):
    return wording.answer_text(question, [value] if question.type == "multi" else value)


def names(codes):
    return "、".join(f"“{code}”" for code in codes)
