"""Can an applicant tell what is meant? Conditions that can be measured, papers that have a name, no catch-alls.

Plan art. 10: 可量化、易操作、不含兜底条款; Licensing Law art. 30: all conditions and papers are made public.
"""

import re

from guidance.linting.checks import shown

_ANY = "(有关|相关|必要|所需|应当提交|需要提交|需要提供|需要|要求)"
_THING = "(材料|资料|文件|证件|证明|手续|条件|要求|情形|事项)"
# What nobody can bring or meet because nobody has said what it is.
CATCH_ALL = re.compile(
    f"(其他|其它)(的)?{_ANY}*(的)?{_THING}"
    f"|(规定|要求|认为)({_ANY}|提交|提供|具备|符合)*的(其他|其它)[^，。；、（]*"
    f"|等({_ANY}|其他|其它)+(的)?{_THING}"
    f"|等(材料|资料)"
    f"|^{_ANY}(的)?{_THING}$"
    f"|认为(有必要|需要|应当)"
    "|视情况|根据(实际)?情况|另行通知"
)
# What the officer decides, not a measure.
VAGUE = re.compile(
    "适当|必要的|相应|相适应|适应|合理的|良好|充足|足够|满足使用|一定(的|数量|规模)|较[大小高低多少好]|完善|符合(有关|相关)?要求"
)
_MEASURE = re.compile(r"[0-9０-９]|《|GB|标准|图纸|平面图|清单")


def check(book):
    for code, item in book.sound["items"].items():
        for key, *said in _catch_alls(item):
            book.report("items", code, key, *said)
        for place, condition in enumerate(item["conditions"], start=1):
            vague = VAGUE.search(condition["text"])
            if vague and "check" not in condition and not _MEASURE.search(condition["text"]):
                message = f"“{vague[0]}”没有写明多少算够：{shown(condition['text'])}"
                mend = "写上数字、标准号或者看什么证明；能从表单里核对的写check"
                book.warn("items", code, f"conditions[第{place}项].text", message, mend)


def _catch_alls(item):
    for material in item["materials"]:
        found = CATCH_ALL.search(material["name"])
        if found:
            message = f"“{found[0]}”是兜底材料，申请人不知道要交什么：{shown(material['name'])}"
            yield f"materials[{material['code']}].name", message, "写明是哪一份材料；说不出的就删掉"
    for key in ("conditions", "restrictions"):
        for place, one in enumerate(item[key], start=1):
            found = CATCH_ALL.search(one["text"])
            if found:
                message = f"“{found[0]}”是兜底条款，申请人不知道怎样才算符合：{shown(one['text'])}"
                yield f"{key}[第{place}项].text", message, "写明是哪一条要求；说不出的就删掉"
