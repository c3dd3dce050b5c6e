"""Can an applicant tell what is meant? Conditions that can be measured, papers that have a name, no catch-alls.

Plan art. 10: 可量化、易操作、不含兜底条款; Licensing Law art. 30: all conditions and papers are made public.
"""

import re

from guidance.linting.checks import shown

_ANY = "(有关|相关|必要|必需|所需|申请|补充|规定|应当?提交|应当?提供|需要提交|需要提供|需要|要求)"
_THING = "(材料|资料|文件|文书|附件|证件|证明|佐证|手续|条件|要求|情形|情况|事项)"
_OTHER = "(其他|其它|其余)"
# What nobody can bring or meet because nobody has said what it is.
CATCH_ALL = re.compile(
    f"{_OTHER}(的)?{_ANY}*(的)?{_THING}"
    f"|(规定|要求|认为)({_ANY}|提交|提供|具备|符合)*的{_OTHER}[^，。；、（]*"
    f"|{_OTHER}[^，。；、（]{{0,12}}(情形|情况)"
    rf"|^{_OTHER}(\W|$)"
    f"|等({_ANY}|{_OTHER})+(的)?{_THING}"
    f"|等(材料|资料|文件|证件|证明|手续)"
    r"|等(等|[）)]|$)"
    f"|^(按照?|依照?|根据)?(法|{_ANY})+的?{_THING}$"
    f"|(部门|机关|机构)(规定|要求)的{_THING}"
    f"|认为(有必要|需要|应当)"
    "|视情况|根据(实际)?情况|另行通知|另有规定|(按照?|依照?)(有关|相关)规定|以[^，。；]{1,12}(意见|要求|决定)为准"
)
# What the officer decides, not a measure.
VAGUE = re.compile(
    "适[当中量宜应]|合适|必[要需]的|相应|相称|相适应|合理的|合格的|良好|优越|明亮|充[足裕]|足够|满足使用|若干|多[名个台]"
    "|一定(的|数量|规模|经济)|较[大小高低多少好强为]|完善|[齐健]全|(有关|相关)(设备|设施|人员|制度|场所|资质)"
    "|符合(国家|法律|行政|法规|、|，|有关|相关)*(规定|要求)"
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
