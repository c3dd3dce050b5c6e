import io
import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from guidance.models import Release
from tests.guidance.conftest import FOLDER


@pytest.fixture
def recommend(monkeypatch, capsys):
    """Run the command on this input; return what it prints, read as JSON."""

    def run(given, **options):
        raw = given if isinstance(given, bytes) else json.dumps(given).encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        call_command("recommend", **{"files": str(FOLDER), **options})
        return json.loads(capsys.readouterr().out)

    return run


def test_one_object_gives_one_result(recommend):
    result = recommend({"answers": {"sectors": ["food"], "food_kinds": ["hot"], "care_kinds": ["hair"]}})
    settled = ["items", "possible", "blocks", "notices", "reasons", "dropped", "next"]
    assert list(result) == [*settled, "why", "why_not", "drop_by"]
    assert result["items"] == ["food-operation"]
    assert result["reasons"] == {"food-operation": ["现场制作、加热食品属于餐饮服务或现制现售，要办食品经营许可证。"]}
    assert result["dropped"] == ["care_kinds"]
    assert result["next"] not in ("sectors", "food_kinds", None)
    assert result["possible"] == sorted(result["possible"])


LARGE_RESTAURANT = {
    "has_licence": "have",
    "entity_type": "company",
    "staff_count": 3,
    "premises_type": "shop",
    "area": 350,
    "store_form": "eatery",
    "sectors": ["food"],
    "food_kinds": ["hot"],
    "dine_in": True,
    "online_sale": False,
    "canteen": False,
    "outdoor_sign": [],
    "wastewater": "none",
    "prepaid_card": False,
}


def test_why_names_the_answers_the_reason_and_the_law(recommend):
    [why] = recommend({"answers": LARGE_RESTAURANT})["why"]["fire-safety-check"]
    assert why["answers"] == {"area": 350, "store_form": "eatery", "dine_in": True}
    assert why["because"] == "面积300平方米及以上、有堂食的餐饮店要办。"
    assert why["basis"].startswith("《消防法》第十五条")


def test_drop_by_is_the_smallest_change_and_says_what_else_it_does(recommend):
    drop_by = recommend({"answers": LARGE_RESTAURANT})["drop_by"]
    assert drop_by.keys() == {"fire-safety-check", "food-operation"}
    assert drop_by["fire-safety-check"]["answers"] == {"area": 299}
    assert drop_by["fire-safety-check"]["text"] == "如果经营面积不到 300 平方米，就不用办。"
    assert drop_by["fire-safety-check"]["items_lost"] == []
    assert drop_by["food-operation"]["answers"] == {"food_kinds": []}
    assert drop_by["food-operation"]["items_lost"] == ["fire-safety-check"]
    assert drop_by["food-operation"]["answers_dropped"] == ["dine_in"]


def test_replaying_a_drop_drops_the_item_for_certain(recommend):
    for item, drop in recommend({"answers": LARGE_RESTAURANT})["drop_by"].items():
        after = recommend({"answers": LARGE_RESTAURANT | drop["answers"]})
        assert item not in (*after["items"], *after["possible"])


def test_why_not_explains_each_other_item_by_its_rules(recommend):
    result = recommend({"answers": LARGE_RESTAURANT})
    assert result["why_not"].keys() | set(result["items"]) >= {"tobacco-retail", "drainage", "food-operation"}
    [tobacco] = result["why_not"]["tobacco-retail"]
    assert tobacco["answers"] == {"sectors": ["food", "goods"], "goods_kinds": ["tobacco"]}
    assert tobacco["text"].endswith("，并且卖“香烟、雪茄”或者“电子烟”，就要办。")
    assert tobacco["because"] == "零售卷烟、雪茄或电子烟都要有烟草专卖零售许可证。"
    assert result["why_not"]["drainage"][0]["text"] == (
        "如果“经营中会产生哪种污水？”答的是“有经营污水，排进市政下水道”，就要办。"
    )


def test_blocks_stand_apart_from_notices_by_their_codes(recommend):
    answers = {
        "entity_type": "individual",
        "premises_type": "residential",
        "sectors": ["culture"],
        "culture_kinds": ["netcafe", "escape"],
    }
    result = recommend({"answers": answers})
    assert result["blocks"] == ["netcafe-entity", "netcafe-home"]
    assert result["notices"] == ["escape-filing"]


def test_a_list_gives_a_list_in_its_order(recommend):
    results = recommend([{"answers": {}}, {"answers": {"has_licence": "none"}}])
    assert [result["items"] for result in results] == [[], ["business-registration"]]
    assert recommend([]) == []


@pytest.mark.usefixtures("nothing_published")
def test_it_reads_the_release_in_force(recommend):
    call_command("load_catalogue", FOLDER, verbosity=0, stdout=io.StringIO())
    assert Release.objects.count() == 1
    given = {"answers": {"sectors": ["sports"], "sport_kinds": ["pool"]}}
    assert recommend(given, files=None) == recommend(given)


@pytest.mark.usefixtures("nothing_published")
def test_without_a_release_it_says_so(recommend):
    with pytest.raises(CommandError, match="load_catalogue"):
        recommend({"answers": {}}, files=None)


BAD = [
    (b"", "不是正确的JSON"),
    (b"{", "不是正确的JSON"),
    (b"{'answers': {}}", "不是正确的JSON"),
    (b"\xff\xfe", "不是正确的JSON"),
    (b'{"answers": {"area": NaN}}', "NaN不是数字"),
    (b'{"answers": {"area": -Infinity}}', "-Infinity不是数字"),
    (b'{"answers": {"area": 1e999}}', "area：请填写数字"),
    (b'{"answers": {"area": 1' + b"0" * 400 + b"}}", "area：请填写数字，不能是“超长的数”"),
    (b'{"answers": {"area": 1' + b"0" * 5000 + b"}}", "不是正确的JSON"),
    (b'{"answers": {"area": 1, "area": 2}}', "“area”写了两次"),
    (b"[" * 100_000, "嵌套太深"),
    (b"null", '{"answers":'),
    (b"5", '{"answers":'),
    (b"{}", '{"answers":'),
    (b'{"answer": {}}', '{"answers":'),
    (b'{"answers": {}, "extra": 1}', '{"answers":'),
    (b'{"answers": []}', '{"answers":'),
    (b'{"answers": null}', '{"answers":'),
    (b'[{"answers": {}}, 5]', "第2个对象"),
    (b'[[{"answers": {}}]]', "第1个对象"),
    (b'{"answers": {"colour": "red"}}', "colour：没有这个问题"),
    (b'{"answers": {"has_licence": "maybe"}}', "has_licence：没有“maybe”这个选项"),
    (b'{"answers": {"sectors": ["food", "fud"]}}', "sectors：没有“fud”这个选项"),
    (b'{"answers": {"sectors": ["food", "food"]}}', "sectors：同一个选项选了两次"),
    (b'{"answers": {"sectors": "food"}}', "sectors：要用列表"),
    (b'{"answers": {"area": true}}', "area：请填写数字，不能是“True”"),
    (b'{"answers": {"area": "100"}}', "area：请填写数字"),
    (b'{"answers": {"dine_in": 1}}', "dine_in：只能回答是或者否"),
    (b'{"answers": {"dine_in": null}}', "dine_in：只能回答是或者否"),
    (b'[{"answers": {}}, {"answers": {"has_licence": "maybe"}}]', "第2个对象（序号1）：has_licence：没有“maybe”"),
]


@pytest.mark.parametrize(("given", "words"), BAD)
def test_bad_input_is_named_and_nothing_is_printed(recommend, capsys, given, words):
    with pytest.raises(CommandError) as caught:
        recommend(given)
    assert caught.value.returncode == 2
    assert words in str(caught.value)
    assert capsys.readouterr().out == ""


def test_a_catalogue_in_disorder_is_refused(recommend, tmp_path):
    with pytest.raises(CommandError, match="找不到这个文件"):
        recommend({"answers": {}}, files=str(tmp_path))


def test_as_a_program_it_exits_with_2_and_an_empty_output():
    program = subprocess.run(
        [sys.executable, "manage.py", "recommend", "--files", FOLDER],
        input=b'{"answers": {"colour": "red"}}',
        cwd=FOLDER.parent.parent,
        capture_output=True,
        check=False,
    )
    assert (program.returncode, program.stdout) == (2, b"")
    assert "colour" in program.stderr.decode()
