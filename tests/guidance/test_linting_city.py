"""What a city's editors get wrong, found by the lint with its place and its mend; and no false alarm."""

import random
import time
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from guidance.linting import examine, lint, sizes
from guidance.linting.book import MOST_ERRORS
from guidance.linting.graphs import cycles
from guidance.linting.terms import WORKING_DAYS
from guidance.linting.wording import CATCH_ALL, VAGUE
from tests.guidance import broken
from tests.guidance.conftest import DOCUMENTS
from tests.guidance.test_linting import X, add, entry_of, put


@pytest.mark.parametrize("fault", broken.faults("lint"))
def test_a_broken_catalogue_is_found_by_its_fault_alone_and_told_how_to_mend(fault):
    described = broken.description(fault)
    known = set(examine(DOCUMENTS)[1])
    found = [problem for part in examine(broken.broken_documents(fault)) for problem in part if problem not in known]
    here = [problem for problem in found if str(problem).startswith(described["place"] + "：")]
    assert here, list(map(str, found))
    told = " ".join(problem.message for problem in here)
    assert [word for word in described["words"] if word not in told] == []
    assert all(problem.mend for problem in here)
    # Nothing is blamed that was not touched, but for what follows from it.
    touched = {code for entries in described["changes"].values() for code in entries}
    assert fault == "prerequisite_cycle" or all(any(f"[{code}]" in one.entry for code in touched) for one in found)


def test_at_least_twelve_catalogues_are_broken():
    assert len(broken.faults("lint")) >= 10
    assert len(broken.faults("lint") + broken.faults("proof")) >= 12


MEANINGS = [
    ("fields", "entity_type", put("choices.1.label", "公司"), "choices", "选项“company”和“sole_prop”都叫“公司”"),
    ("questions", "has_licence", put("options.1.label", "还没有，想一起办"), "options", "选项“none”和“have”都叫"),
    ("questions", "staff_count", put("unit", "户"), "unit", "问题的单位是“户”，数据项“staff_count”的单位是“人”"),
    (
        "fields",
        "vehicles",
        put("columns.0.code", "max_occupancy"),
        "columns[max_occupancy]",
        "与“max_occupancy”里的同名",
    ),
    ("items", "food-operation", put("materials.3.name", "从业人员健康证明"), "code", "同一个材料有两个代码"),
    ("items", "food-operation", put("commitment_exclusion", "比较复杂"), "commitment_exclusion", "只能是国家安全"),
    ("items", "drainage", put("reform_mode", "实行告知承诺"), "reform_mode", "因“生态环境保护”不能承诺"),
    ("items", "hotel-special-trade", put("kind", "备案"), "commitment_allowed", "备案不作审批"),
    ("items", "drainage", put("legal_basis.0.article", "待补"), "legal_basis[第1项].article", "“待补”不是依据"),
    ("items", "drainage", put("legal_basis.0.title", "有关规定"), "legal_basis[第1项].title", "“有关规定”不是依据"),
    ("items", "drainage", put("committed_days", 4000), "committed_days", "数字太大"),
    ("items", "elderly-care", put("materials.0.defer_days", 46), "defer_days", "长于并联办理的45个工作日"),
    ("items", "drainage", put("restrictions.0.text", "法律规定的其他情形"), "restrictions[第1项]", "是兜底条款"),
    ("fields", "legal_rep_id", put("validation.pattern", "a{99999999999}"), "validation.pattern", "正则表达式"),
    ("fields", "premises_area", put("validation.max", 1e300), "validation.max", "数字太大"),
    ("items", "drainage", put("plain", "长" * 5001), "plain", "最多5000个字"),
    ("items", "drainage", put("legal_basis.0.article", "TBD"), "legal_basis[第1项].article", "“TBD”不是依据"),
    ("rules", "drainage-1", put("basis", "《待补》"), "basis", "没有写明依据"),
    ("items", "drainage", put("name", "烟草专卖零售许可证核发"), "name", "同名，都叫"),
    ("items", "tobacco-retail", put("materials.0.reusable_certificate", "drainage"), "reusable_certificate", "是证照"),
    ("fields", "registered_address", put("label", "主体 名称"), "label", "同一个数据项有两个代码"),
    ("items", "food-operation", put("prerequisites", []), "waits_for_item", "它却不是前置事项"),
]


@pytest.mark.parametrize(("name", "code", "change", "key", "words"), MEANINGS)
def test_what_would_mislead_is_named(documents, name, code, change, key, words):
    entry = entry_of(documents, name, code)
    if key == "defer_days":
        entry["materials"][0].update(deferrable=True, defer_method="上传")
    change(entry)
    assert [
        one for one in lint(documents) if one.entry == f"{name}[{code}]" and key in one.key and words in one.message
    ]


def test_a_question_and_a_field_of_one_code_hold_the_same_kind(documents):
    entry_of(documents, "questions", "dine_in")["code"] = "uscc"
    assert any(one.key == "code" and "同名的数据项类型是uscc，问题是boolean" in one.message for one in lint(documents))


CATCH_ALLS = """
其他 其余材料 其他附件 其他（视情况） 身份证等证件 租赁合同等 补充材料 审批部门规定的材料 按规定应提交的材料
其他需要说明的情况 法律法规另有规定的，从其规定 无其他不宜经营的情形 以审批部门意见为准 其他材料 其它有关资料
其他必要的证明材料 法律法规规定的其他材料 法律、行政法规规定的其他条件 审批机关要求的其他文件
认为需要提交的其他材料 身份证、租赁合同等相关材料 营业执照等有关证明文件 身份证等材料 相关材料 有关证明
视情况提供 符合规定的其他情形 审批部门认为有必要提交的说明
"""
NAMED = """
药师或其他药学技术人员资格证明 防雷、计量、环保等验收或检测文件 治安保卫、值班巡查等管理制度 其他印刷品样张
医师、护士资格证书
"""


@pytest.mark.parametrize("name", CATCH_ALLS.split())
def test_a_catch_all_is_found(name):
    assert CATCH_ALL.search(name)


@pytest.mark.parametrize("name", NAMED.split())
def test_a_paper_with_a_name_is_no_catch_all(name):
    assert not CATCH_ALL.search(name)


@pytest.mark.parametrize(
    ("text", "is_vague"),
    [
        ("有适当的贮存设备", True),
        ("有与规模相适应的场所", True),
        ("有必要的设备", True),
        ("场地足够大", True),
        ("有若干名专业人员", True),
        ("设备齐全，制度健全", True),
        ("符合国家有关规定", True),
        ("有适当的贮存设备，不少于2台", False),
        ("设备符合GB 50156的要求", False),
        ("有足够的医师，按《医疗机构基本标准》", False),
        ("年满18周岁", False),
    ],
)
def test_a_condition_without_a_measure_is_a_warning_and_forbids_nothing(documents, text, is_vague):
    entry_of(documents, "items", "drainage")["conditions"][0] = {"dimension": "设备", "text": text, "basis": "rule"}
    errors, warnings = examine(documents)
    assert errors == []
    assert any(one.entry == "items[drainage]" for one in warnings) is is_vague
    assert VAGUE.search(text) or not is_vague


@pytest.mark.parametrize("days", range(1, 40))
def test_natural_days_hold_as_few_and_as_many_working_days_as_from_some_day(days):
    begins = [date(2026, 3, 2 + weekday) for weekday in range(7)]
    held = [sum((begin + timedelta(n)).weekday() < 5 for n in range(1, days + 1)) for begin in begins]
    assert [counted(days) for counted in WORKING_DAYS["natural_days"]] == [min(held), max(held)]


def test_a_check_on_the_form_is_a_measure(documents):
    condition = {"dimension": "场所", "text": "面积足够", "basis": "policy"}
    condition["check"] = {"field": "premises_area", "op": "gte", "value": 30}
    entry_of(documents, "items", "pesticide")["conditions"][0] = condition
    assert not any(one.entry == "items[pesticide]" for one in examine(documents)[1])


def test_a_law_longer_than_joint_handling_is_a_warning_and_a_deferral_that_is_cut_too():
    told = list(map(str, examine(DOCUMENTS)[1]))
    assert [one.split(" › ")[1] for one in told if "长于并联办理" in one] == [
        "items[printing]",
        "items[private-school]",
    ]
    assert any("items[business-registration]" in one and "最后3个要留给审批，申请人实际只有0个" in one for one in told)


@pytest.mark.parametrize(
    ("value", "mend"),
    [
        ("5", "去掉引号"),
        ("1e3", "写成普通的数字"),
        ("0x1F", "写成普通的数字"),
        ("010", "写成普通的数字"),
        ("1_000", "写成普通的数字"),
        ("５", "写成普通的数字"),
        (".inf", "写成普通的数字"),
        ("五", "写一个数字，例如 20"),
        (None, "写一个数字，例如 20"),
    ],
)
def test_text_where_a_number_is_wanted_is_told_how_to_write_it(documents, value, mend):
    entry_of(documents, "items", "drainage")["committed_days"] = value
    [problem] = lint(documents)
    assert (problem.key, problem.mend.startswith(mend)) == ("committed_days", True)


def test_one_of_a_few_numbers_in_quotes_is_told_to_lose_them(documents):
    entry_of(documents, "items", "drainage").update(batch="1", level="省级")
    assert [one.mend for one in lint(documents)] == ["去掉引号", "写其中一个，一字不差"]


@pytest.mark.parametrize("value", [5, 2.5])
def test_a_number_where_text_is_wanted_is_told_to_be_quoted(documents, value):
    entry_of(documents, "items", "drainage")["plain"] = value
    assert [(one.key, one.mend) for one in lint(documents)] == [("plain", "给它加上引号")]


def test_a_code_mistaken_by_a_letter_is_told_the_right_one(documents):
    add("form_fields", "premises_aera")(entry_of(documents, "items", "drainage"))
    entry_of(documents, "items", "drainage")["commited_days"] = 5
    [problem] = lint(documents)
    assert problem.mend == "可能是committed_days"
    entry_of(documents, "items", "drainage").pop("commited_days")
    [problem] = lint(documents)
    assert problem.mend.startswith("可能是“premises_area”")


def test_no_more_errors_are_listed_than_anybody_reads(documents):
    documents["items"]["items"] = [{"code": f"x{n}", **{f"k{m}": m for m in range(9)}} for n in range(9000)]
    began = time.monotonic()
    errors = lint(documents)
    assert len(errors) == MOST_ERRORS + 1
    assert f"只列出前{MOST_ERRORS}处" in errors[-1].message
    assert time.monotonic() - began < 10


def test_a_list_of_a_hundred_thousand_takes_no_square_of_its_time(documents):
    item = entry_of(documents, "items", "drainage")
    item["form_fields"] = item["form_fields"] + ["uscc"] * 100_000
    began = time.monotonic()
    assert [one.message for one in lint(documents)] == ["“uscc”写了两次"]
    assert time.monotonic() - began < 10


def test_a_circle_is_found_however_long_and_nothing_beside_it():
    chain = {n: [n + 1] for n in range(20_000)}
    assert list(cycles(chain)) == []
    [circle] = cycles({**chain, 20_000: [5_000], "beside": [3]})
    assert set(circle) == set(range(5_000, 20_001))


def test_circles_are_what_trying_every_way_finds():
    chance = random.Random(6)
    for _ in range(300):
        size = chance.randint(1, 7)
        arrows = {node: chance.sample(range(size), chance.randint(0, min(3, size))) for node in range(size)}
        found = {node for circle in cycles(arrows) for node in circle}
        assert found == {node for node in arrows if _returns(arrows, node)}


def _returns(arrows, start):
    reached, ahead = set(), list(arrows[start])
    while ahead:
        node = ahead.pop()
        if node not in reached:
            reached.add(node)
            ahead += arrows[node]
    return start in reached


def refusal(folder):
    with pytest.raises(CommandError) as caught:
        call_command("load_catalogue", folder, check=True)
    return caught.value


def test_checking_tells_errors_and_warnings_and_publishes_nothing(tmp_path, capsys):
    broken.write("missing_basis", tmp_path)
    error = refusal(tmp_path)
    assert error.returncode == 1
    assert "目录有1处错误：\nquestions.yaml › rules[drainage-1] › basis：没有写明依据：“按惯例”；改法：写成《" in str(
        error
    )
    assert "注意5处（不影响发布）" in capsys.readouterr().out


def test_checking_an_unreadable_file_exits_with_2(tmp_path):
    broken.write("missing_basis", tmp_path)
    (tmp_path / "fields.yaml").write_text("a: &x [*x]")
    assert refusal(tmp_path).returncode == 2


def test_checking_proves_the_questionnaire_too(tmp_path):
    broken.write("idle_notice", tmp_path)
    error = refusal(tmp_path)
    assert error.returncode == 1
    assert "没有通过证明" in str(error)


def test_the_catalogue_passes_its_check(capsys):
    call_command("load_catalogue", check=True)
    assert "目录没有错误：46个事项，40个问题，都通过了检查和证明。" in capsys.readouterr().out


def test_an_expression_is_judged_in_time_with_the_catalogue_not_its_square(documents):
    question = entry_of(documents, "questions", "food_kinds")
    question["options"] += [{"value": f"o{n}", "label": f"第{n}种"} for n in range(8000)]
    wanted = [{"contains": ["food_kinds", f"o{n}"]} for n in range(8000)]
    entry_of(documents, "notices", "ktv-home")["when"] = {"all": [X, {"any": wanted}]}
    began = time.monotonic()
    # Each option exists; that no diagram of so many can be worked with is another matter.
    found = [one.message for one in lint(documents) if one.entry == "notices[ktv-home]"]
    assert found == [sizes.MESSAGE]
    assert time.monotonic() - began < 15
