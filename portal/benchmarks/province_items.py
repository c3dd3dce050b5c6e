"""One made-up item, as long as a real one: its law, conditions, papers and form fields, no text shared with another."""

_COMMON = 12  # form fields that every item has
_FIELDS, _MATERIALS, _CONDITIONS = 21, 6, 4
# How many in a hundred hang on an answer, in the real catalogue.
_FIELD_WHEN, _MATERIAL_WHEN, _CONDITION_WHEN, _COMMITMENT_WHEN = 0.03, 0.045, 0.04, 0.045
_DIMENSIONS = "场所", "设备", "人员", "管理制度"


def item_entry(n, chance, fields, narrowing):
    """The n-th item's entry. fields: how many form fields there are; narrowing() returns an expression."""

    def maybe(share):
        return narrowing() if chance.random() < share else None

    codes = [f"field{k}" for k in range(_COMMON)]
    codes += [f"field{_COMMON + (n * 7 + k) % (fields - _COMMON)}" for k in range(_FIELDS - _COMMON)]
    when = {code: narrowing() for code in codes[_COMMON:] if chance.random() < _FIELD_WHEN}
    allowed = n % 3 > 0
    return {
        "code": f"item{n}",
        "name": f"第{n}项经营活动的审批",
        "plain": f"做第{n}种生意之前要先办好的手续，办好了才能开门营业。",
        "batch": 1 + n % 2,
        "department": f"部门{n % 40}",
        "level": "县级",
        "kind": "行政许可",
        "committed_days": 5 + n % 5,
        "statutory_days": 20,
        "extension_days": 10,
        "legal_basis": [_law(n, k) for k in range(2)],
        "validity_years": 5,
        "validity_note": f"第{n}项有效期届满三十个工作日前申请延续",
        "certificate_name": f"第{n}项经营许可证",
        "reform_mode": "优化审批服务",
        "commitment_allowed": allowed,
        "commitment_reason": f"第{n}项可由申请人选择告知承诺方式，许可后核查",
        "commitment_when": maybe(_COMMITMENT_WHEN) if allowed else None,
        "commitment": {"committed_days": 1, "survey_timing": "after"} if allowed else None,
        "deferrable": n % 2 == 0,
        "prerequisites": [_prerequisite(n)] if n > 10 else [],
        "conditions": [_condition(n, k, maybe(_CONDITION_WHEN)) for k in range(_CONDITIONS + (chance.random() < 0.4))],
        "materials": [_material(n, k, maybe(_MATERIAL_WHEN)) for k in range(_MATERIALS + (chance.random() < 0.2))],
        "form_fields": codes,
        "optional_fields": codes[3:6],
        "field_when": when,
    }


def _law(n, k):
    article = f"第{n % 90}条、第{n % 70}条"
    return {
        "title": f"第{n}项管理条例之{k}",
        "doc_no": f"国务院令第{n}号（2021年修正）",
        "article": article,
        "checked": True,
    }


def _prerequisite(n):
    return {"item": f"item{n % 10}", "relation": "together", "if_required": True, "note": f"第{n}项可以同时申请"}


def _condition(n, k, when):
    text = f"第{n}项的第{k}个条件：出口不少于2个、不上锁、不堵塞，疏散通道的净宽符合图纸"
    return {"dimension": _DIMENSIONS[k % 4], "text": text, "basis": "rule", "when": when}


def _material(n, k, when):
    return {
        "code": f"material{n}-{k}",
        "name": f"第{n}项的第{k}份材料",
        "source": ("applicant", "commitment", "shared")[k % 3],
        "deferrable": k == 3,
        "defer_days": 7 if k == 3 else None,
        "defer_method": f"在期限内登录平台上传第{n}项的第{k}份材料" if k == 3 else None,
        "required_when": when,
    }
