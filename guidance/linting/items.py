"""Do the items hold together: codes they name, terms that fit each other, papers, form fields, prerequisites."""

from guidance.linting import expressions
from guidance.linting.checks import shown
from guidance.linting.elements import findings_of_check
from guidance.linting.graphs import cycles

# A term counted otherwise, as the working days it holds at the least.
WORKING_DAYS = {
    "working_days": lambda count: count,
    "natural_days": lambda count: count * 5 // 7,
    "months": lambda count: count * 20,
}


def check(book):
    _check_departments(book)
    _check_certificates(book)
    names = {}
    for code, item in book.sound["items"].items():
        for key, message in (*_own(item), *_terms(item), *_references(book, item), *_expressions(book, item)):
            book.report("items", code, key, message)
        for material in item["materials"]:
            for key, message in (*_paper(book, item, material), *_one_name(names, code, material)):
                book.report("items", code, f"materials[{material['code']}].{key}", message)
    _check_prerequisites(book)


def _check_departments(book):
    seen = set()
    for code, department in book.sound["departments"].items():
        if department["name"] in seen:
            book.report("departments", code, "name", f"部门{shown(department['name'])}写了两次")
        seen.add(department["name"])


def _check_certificates(book):
    for code, certificate in book.sound["external_certificates"].items():
        if code in book.known["items"]:
            book.report("external_certificates", code, "code", "已经有一个事项用了这个代码")
        for item in certificate.get("from_items", []):
            if item not in book.known["items"]:
                book.report("external_certificates", code, "from_items", f"没有“{item}”这个事项")


def _own(item):
    """What two keys of one item say about each other."""
    if item["commitment_allowed"] != ("commitment" in item):
        yield "commitment", "commitment_allowed为true时才写，也必须写"
    if item["commitment_allowed"] != (item["commitment_exclusion"] is None):
        yield "commitment_exclusion", "commitment_allowed为false时才写，也必须写"
    if "commitment_when" in item and not item["commitment_allowed"]:
        yield "commitment_when", "commitment_allowed为true时才能写"
    if item["deferrable"] != (item["deferrable_reason"] is None):
        yield "deferrable_reason", "deferrable为false时才写，也必须写"
    if item["site_survey"] != (item["survey_timing"] is not None):
        yield "survey_timing", "site_survey为true时才写，也必须写"
    if "certificate_type_code" in item and item["certificate_name"] is None:
        yield "certificate_type_code", "没有证照名称（certificate_name），就没有证照类型代码"
    if item["statutory_days"] is None and ("statutory_unit" in item or "statutory_from" in item):
        yield "statutory_days", "写了时限的单位或起点，就要写时限"


def statutory_limit(item):
    """The statutory term in working days, or None where the law sets none."""
    if item["statutory_days"] is None:
        return None
    return WORKING_DAYS[item.get("statutory_unit", "working_days")](item["statutory_days"])


def _terms(item):
    limit = statutory_limit(item)
    if limit is None:
        return
    promised = {"committed_days": item["committed_days"]}
    if "commitment" in item:
        promised["commitment.committed_days"] = item["commitment"]["committed_days"]
    for key, days in promised.items():
        if days > limit:
            yield key, f"承诺时限{days}个工作日长于法定时限（{limit}个工作日）"


def _references(book, item):
    names = {department["name"] for department in book.sound["departments"].values()}
    # A department whose entry is wrong may be the one meant.
    if item["department"] not in names and len(names) == len(book.known["departments"]):
        yield "department", f"没有“{item['department']}”这个部门"
    for key in ("form_fields", "optional_fields"):
        for code in sorted({code for code in item[key] if item[key].count(code) > 1}):
            yield key, f"“{code}”写了两次"
    for code in item["form_fields"]:
        if code not in book.known["fields"]:
            yield "form_fields", f"没有“{code}”这个数据项"
    for key in ("optional_fields", "field_when"):
        for code in item[key]:
            if code not in item["form_fields"]:
                yield key, f"“{code}”不在这个事项的form_fields里"
    for code in item["form_fields"]:
        computed = book.sound["fields"].get(code, {}).get("computed")
        if computed and computed["rows"] not in item["form_fields"]:
            yield "form_fields", f"“{code}”由“{computed['rows']}”算出，两个要一起写"
    for place, condition in enumerate(item["conditions"], start=1):
        if "check" in condition:
            for message in _check_of(book, item, condition["check"]):
                yield f"conditions[第{place}项].check", message


def _check_of(book, item, check):
    if check["field"] not in item["form_fields"]:
        yield f"“{check['field']}”不在这个事项的form_fields里"
    elif check["field"] in book.sound["fields"]:
        yield from findings_of_check(book.sound["fields"][check["field"]], check)


def _expressions(book, item):
    places = {f"field_when.{code}": when for code, when in item["field_when"].items()}
    places |= {f"conditions[第{n}项].when": one.get("when") for n, one in enumerate(item["conditions"], start=1)}
    places |= {
        f"materials[{material['code']}].{key}": material.get(key)
        for material in item["materials"]
        for key in ("required_when", "commitment_when")
    }
    places["commitment_when"] = item.get("commitment_when")
    for key, when in places.items():
        if when is not None:
            for message in expressions.findings(when, book):
                yield key, message


def _paper(book, item, material):
    if [one["code"] for one in item["materials"]].count(material["code"]) > 1:
        yield "code", "这个代码在本事项里用了两次"
    yield from _deferral(item, material)
    certificate = material["reusable_certificate"]
    if certificate is not None and certificate not in book.known["items"] | book.known["external_certificates"]:
        yield "reusable_certificate", f"没有“{certificate}”这个事项或外部证照"
    if material.get("waits_for_item") and not _comes_from_an_item(book, certificate):
        yield "waits_for_item", "reusable_certificate要写本目录里的事项，或者由本目录事项产生的外部证照"
    if material["source"] == "commitment" and not item["commitment_allowed"]:
        yield "source", "这个事项不能告知承诺"
    for key in ("commitment_when", "only_when_committed"):
        if material.get(key) and not item["commitment_allowed"]:
            yield key, "这个事项不能告知承诺"
    if "required_if" in material:
        for message in _check_of(book, item, material["required_if"]):
            yield "required_if", message


def _deferral(item, material):
    for key in ("defer_days", "defer_method"):
        if material["deferrable"] != (material[key] is not None):
            yield key, "deferrable为true时才写，也必须写"
    if material["deferrable"] and not item["deferrable"]:
        yield "deferrable", "这个事项不能容缺"
    if material["deferrable"] and material["source"] == "generated":
        yield "deferrable", "系统生成的材料不用容缺"
    limit = statutory_limit(item)
    if material["defer_days"] is not None and limit is not None and material["defer_days"] >= limit:
        yield "defer_days", f"容缺期限{material['defer_days']}个工作日不短于法定时限（{limit}个工作日）"


def _comes_from_an_item(book, certificate):
    return certificate in book.known["items"] or bool(
        book.sound["external_certificates"].get(certificate, {}).get("from_items")
    )


def _one_name(names, item, material):
    """The same code in two items is the same paper, collected once: it must go by one name."""
    first, name = names.setdefault(material["code"], (item, material["name"]))
    if name != material["name"]:
        yield "name", f"同一个材料在“{first}”里叫“{name}”，在这里叫“{material['name']}”"


def _check_prerequisites(book):
    arrows = {}
    for code, item in book.sound["items"].items():
        arrows[code] = [prerequisite["item"] for prerequisite in item["prerequisites"]]
        for other in arrows[code]:
            if other not in book.known["items"]:
                book.report("items", code, "prerequisites", f"没有“{other}”这个事项")
            elif arrows[code].count(other) > 1:
                book.report("items", code, "prerequisites", f"“{other}”写了两次")
    for code in cycles(arrows):
        book.report("items", code, "prerequisites", "前置事项绕成了圈，最后又回到这个事项")
