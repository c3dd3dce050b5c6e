"""Catalogue values in words for the person: answers, time limits, validity. Pure."""

UNITS = {"working_days": "个工作日", "natural_days": "天", "months": "个月"}
# Who provides a paper.
BY_APPLICANT, BY_RESULT, GENERATED, SHARED = "您提交", "随结果自动获取", "系统生成", "部门共享核验"
SURVEYS = {"before": "决定之前到现场看", "after": "办好之后到现场看"}
STARTS = {"acceptance": "自受理之日起", "receipt": "自收到申请之日起"}


def answer_text(question, value):
    if question.type == "boolean":
        return "是" if value else "否"
    if question.type == "number":
        return f"{value} {question.unit}".strip()
    labels = {option.value: option.label for option in question.options}
    if question.type == "single":
        return labels[value]
    return "；".join(labels[one] for one in value) or "都没有"


def measure(element, check):
    """What {field, op: eq|gte, value} asks of the element: "经营面积不少于 40 平方米"; "" where anything meets it."""
    wanted, unit = check["value"], f" {element.unit}" if element.unit else ""
    if check["op"] == "gte":
        return f"{element.label}不少于 {wanted}{unit}" if wanted > 0 else ""
    if isinstance(wanted, bool):
        return f"“{element.label}”填“{'是' if wanted else '否'}”"
    labels = {option.value: option.label for option in element.choices}
    return f"{element.label}：{labels.get(wanted, wanted)}{unit}"


def committed_limit(item, *, by_promise=False):
    """The limit the authority promises, or its own one where the applicant chose 告知承诺."""
    days = item.commitment.committed_days if by_promise else item.committed_days
    return f"{days} 个工作日" if days else "当天办结"


def span(term):
    """A catalogue term {value, unit} in words: "2 个月"."""
    return f"{term['value']} {UNITS[term['unit']]}"


def statutory_limit(item):
    """The limit the law sets, or why it sets none."""
    if item.statutory_days is None:
        return item.statutory_note or "法律法规没有规定时限"
    limit = f"{item.statutory_days} {UNITS[item.statutory_unit]}，{STARTS[item.statutory_from]}算"
    if item.extension_days:
        limit += f"；经批准可延长 {item.extension_days} 个工作日"
    return limit


def validity(item):
    if item.validity_years:
        return f"{item.validity_years} 年"
    return item.validity_note or "长期，或以证照上写的为准"


def fee(item):
    """What is charged and by which law; where the catalogue names no fee, nothing is."""
    return f"{item.fee.text}（依据：{item.fee.basis}）" if item.fee else "不收费"


def usual_provider(material):
    """Who provides a paper when nothing is known of the case."""
    if material.waits_for_item:
        return BY_RESULT
    return {"generated": GENERATED, "shared": SHARED}.get(material.source, BY_APPLICANT)


def when_due(material):
    """Whether and when the applicant must hand in a paper."""
    if usual_provider(material) != BY_APPLICANT:
        return "不用您准备"
    if material.only_when_committed:
        return "选择告知承诺的才交"
    return "看情况，有的不用交" if material.required_when or material.required_if else "必交"


def survey(timing):
    """When somebody comes to look, for the `survey_timing` of an item or a commitment."""
    return SURVEYS.get(timing, "不需要")


def verified(commitment):
    """When what was promised is looked into; "" where no term is set."""
    return f"办好后 {span(commitment.verify_within)}内核查" if commitment.verify_within else ""


def why_no_promise(item):
    """The ground of an item that 告知承诺 is closed to (plan art. 9), with its reason; "" where none is given."""
    return "：".join(filter(None, (item.commitment_exclusion, item.commitment_reason)))


def names(codes, catalogue):
    return "、".join(f"“{catalogue.items[code].name}”" for code in codes)
