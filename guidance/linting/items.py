"""Do the items hold together: codes they name, keys that speak of each other, form fields, prerequisites."""

from guidance.linting import expressions
from guidance.linting.checks import shown, twice
from guidance.linting.elements import findings_of_check
from guidance.linting.graphs import cycles
from guidance.schema import LICENCE


def check(book):
    _check_departments(book)
    _check_certificates(book)
    for code, item in book.sound["items"].items():
        for finding in (*_own(item), *_promise(item), *_references(book, item), *_expressions(book, item)):
            book.report("items", code, *finding)
    _check_prerequisites(book)


def _check_departments(book):
    seen = set()
    for code, department in book.sound["departments"].items():
        if department["name"] in seen:
            message = f"部门{shown(department['name'])}写了两次"
            book.report("departments", code, "name", message, "一个部门只用一个代码，删掉重复的")
        seen.add(department["name"])


def _check_certificates(book):
    for code, certificate in book.sound["external_certificates"].items():
        if code in book.known["items"]:
            book.report("external_certificates", code, "code", "已经有一个事项用了这个代码", "给外部证照换一个代码")
        for item in certificate.get("from_items", []):
            if item not in book.known["items"]:
                book.report("external_certificates", code, "from_items", *book.missing("items", item))


def _own(item):
    """What two keys of one item say about each other."""
    if item["deferrable"] != (item["deferrable_reason"] is None):
        yield "deferrable_reason", "deferrable为false时才写，也必须写", "能容缺的写null，不能容缺的写明原因"
    if item["site_survey"] != (item["survey_timing"] is not None):
        yield "survey_timing", "site_survey为true时才写，也必须写", "勘验写before或after，不勘验写null"
    if "certificate_type_code" in item and item["certificate_name"] is None:
        yield (
            "certificate_type_code",
            "没有证照名称（certificate_name），就没有证照类型代码",
            "写上证照名称，或者删掉代码",
        )
    if item["statutory_days"] is None and ("statutory_unit" in item or "statutory_from" in item):
        yield "statutory_days", "写了时限的单位或起点，就要写时限", "写上天数，或者删掉单位和起点"


def _promise(item):
    """Plan art. 9: promises in place of proof, only for licences and not where one of its grounds excludes them."""
    allowed = item["commitment_allowed"]
    if allowed != ("commitment" in item):
        yield "commitment", "commitment_allowed为true时才写，也必须写", "不能告知承诺的删掉commitment"
    if allowed != (item["commitment_exclusion"] is None):
        mend = "能告知承诺的写null；属于方案第九条除外情形的，commitment_allowed写false"
        yield "commitment_exclusion", "commitment_allowed为false时才写，也必须写", mend
    if "commitment_when" in item and not allowed:
        yield "commitment_when", "commitment_allowed为true时才能写", "删掉commitment_when"
    if allowed and item["kind"] != LICENCE:
        mend = "commitment_allowed写false，commitment_exclusion写非审批事项"
        yield "commitment_allowed", f"{item['kind']}不作审批，没有可以用承诺代替的审批条件", mend
    if item["reform_mode"] == "实行告知承诺" and not allowed:
        mend = "改成别的改革方式，或者确认没有除外情形后允许告知承诺"
        yield "reform_mode", f"写了实行告知承诺，却因{shown(item['commitment_exclusion'])}不能承诺", mend


def _references(book, item):
    names = {department["name"] for department in book.sound["departments"].values()}
    # A department whose entry is wrong may be the one meant.
    if item["department"] not in names and len(names) == len(book.known["departments"]):
        yield "department", f"没有{shown(item['department'])}这个部门", "写departments里的一个name，一字不差"
    for key in ("form_fields", "optional_fields"):
        for code in twice(item[key]):
            yield key, f"{shown(code)}写了两次", "删掉一个"
    own = set(item["form_fields"])
    for code in item["form_fields"]:
        if code not in book.known["fields"]:
            yield "form_fields", *book.missing("fields", code)
    for key in ("optional_fields", "field_when"):
        for code in item[key]:
            if code not in own:
                yield key, f"{shown(code)}不在这个事项的form_fields里", "先写进form_fields，或者从这里删掉"
    for code in item["form_fields"]:
        computed = book.sound["fields"].get(code, {}).get("computed")
        if computed and computed["rows"] not in own:
            message = f"{shown(code)}由{shown(computed['rows'])}算出，两个要一起写"
            yield "form_fields", message, f"加上{computed['rows']}"
    for place, condition in enumerate(item["conditions"], start=1):
        if "check" in condition:
            for said in check_of(book, item, condition["check"]):
                yield f"conditions[第{place}项].check", *said


def check_of(book, item, check):
    """Yield (what is wrong, mend) of {field, op, value} over the item's own form."""
    if check["field"] not in item["form_fields"]:
        yield f"{shown(check['field'])}不在这个事项的form_fields里", "先写进form_fields，或者换一个数据项"
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
            for said in expressions.findings(when, book):
                yield key, *said


def _check_prerequisites(book):
    arrows = {}
    for code, item in book.sound["items"].items():
        arrows[code] = [prerequisite["item"] for prerequisite in item["prerequisites"]]
        for other in arrows[code]:
            if other not in book.known["items"]:
                book.report("items", code, "prerequisites", *book.missing("items", other))
        for other in twice(arrows[code]):
            book.report("items", code, "prerequisites", f"{shown(other)}写了两次", "删掉一个")
    for circle in cycles(arrows):
        for code in circle:
            message = f"前置事项绕成了圈，最后又回到这个事项（{'、'.join(circle[:5])}）"
            book.report("items", code, "prerequisites", message, "去掉其中一个前置，事项才有先后")
