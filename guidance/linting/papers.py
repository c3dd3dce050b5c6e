"""Do the papers hold together: who brings them, what may come later, what a promise stands for."""

from guidance.linting.checks import shown, twice
from guidance.linting.items import check_of
from guidance.linting.meanings import Names

# Whose codes a paper may name.
CERTIFICATES = ("items", "external_certificates")


def check(book):
    names = Names()
    for code, item in book.sound["items"].items():
        for paper in twice(material["code"] for material in item["materials"]):
            place = f"materials[{paper}].code"
            book.report("items", code, place, "这个代码在本事项里用了两次", "同一份材料只写一次；另一份换一个代码")
        for material in item["materials"]:
            for key, *said in (*_paper(book, item, material), *names.findings(code, material)):
                book.report("items", code, f"materials[{material['code']}].{key}", *said)


def _paper(book, item, material):
    yield from _deferral(item, material)
    certificate = material["reusable_certificate"]
    if certificate is not None and not any(certificate in book.known[name] for name in CERTIFICATES):
        near = book.nearest(certificate, *CERTIFICATES)
        mend = f"可能是{near}" if near else "先写进external_certificates，或者写null"
        yield "reusable_certificate", f"没有{shown(certificate)}这个事项或外部证照", mend
    if material.get("waits_for_item") and not _comes_from_an_item(book, certificate):
        message = "reusable_certificate要写本目录里的事项，或者由本目录事项产生的外部证照"
        yield "waits_for_item", message, "写上那个事项的代码，或者删掉waits_for_item"
    elif material.get("waits_for_item"):
        yield from _not_waited_for(book, item, certificate)
    if material["source"] == "commitment" and not item["commitment_allowed"]:
        yield "source", "这个事项不能告知承诺", "改成applicant，或者确认没有除外情形后允许告知承诺"
    for key in ("commitment_when", "only_when_committed"):
        if material.get(key) and not item["commitment_allowed"]:
            yield key, "这个事项不能告知承诺", f"删掉{key}"
    if "required_if" in material:
        for said in check_of(book, item, material["required_if"]):
            yield "required_if", *said


def _deferral(item, material):
    for key in ("defer_days", "defer_method"):
        if material["deferrable"] != (material[key] is not None):
            yield key, "deferrable为true时才写，也必须写", "能后补的写明期限和方式，不能后补的两个都写null"
    if material["deferrable"] and not item["deferrable"]:
        yield "deferrable", "这个事项不能容缺", "改成false，期限和方式写null"
    if material["deferrable"] and material["source"] == "generated":
        yield "deferrable", "系统生成的材料不用容缺", "改成false，期限和方式写null"


def _comes_from_an_item(book, certificate):
    return certificate in book.known["items"] or bool(_sources(book, certificate))


def _sources(book, certificate):
    """Codes of the items whose result an external certificate is."""
    return book.sound["external_certificates"].get(certificate, {}).get("from_items", [])


def _not_waited_for(book, item, certificate):
    """Only a prerequisite holds up the grant, and only among prerequisites a circle is looked for."""
    before = {one["item"] for one in item["prerequisites"]}
    for other in _sources(book, certificate) or [certificate]:
        if other not in before:
            yield "waits_for_item", f"要等{shown(other)}的结果，它却不是前置事项", f"在prerequisites里加上{other}"
