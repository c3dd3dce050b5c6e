"""A city's overlay names only what it changes, and may change only what is the city's."""

import copy

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from guidance import loading, overlays, releases
from guidance.examining import examine_folder
from guidance.linting import lint
from guidance.linting.overlays import lint as lint_overlay
from guidance.models import Release
from guidance.reading import read_overlay
from tests.factories import PostFactory, UserFactory
from tests.guidance.conftest import DOCUMENTS, FOLDER
from tests.guidance.test_linting import entry_of

YANGJIANG, _ = read_overlay(FOLDER, "yangjiang")
WHY = "本市规定（示例）"
PLEDGE, MAP, LEASE = "mat-hygiene-pledge", "mat-tobacco-map", "mat-premises-proof"


def overlay(item="food-operation", **changes):
    head = {"version": 1, "name": "yangjiang", "city": "阳江市"}
    return {**head, "items": [{"code": item, "why": WHY, **changes}]}


def findings(changes):
    return list(map(str, lint_overlay(changes, DOCUMENTS, "yangjiang")))


def applied(changes, item):
    """The item as it holds in the city, and the differences; the overlay is sound and so is what comes of it."""
    assert findings(changes) == []
    documents, differences = overlays.apply(DOCUMENTS, changes)
    assert lint(documents) == []
    return entry_of(documents, "items", item), differences


def test_the_overlay_of_yangjiang_changes_three_items_and_nothing_else():
    before = copy.deepcopy(DOCUMENTS)
    documents, differences = overlays.apply(DOCUMENTS, YANGJIANG)
    assert (findings(YANGJIANG), lint(documents), before) == ([], [], DOCUMENTS)
    changed = {
        new["code"]
        for old, new in zip(DOCUMENTS["items"]["items"], documents["items"]["items"], strict=True)
        if old != new
    }
    assert changed == {"food-operation", "animal-clinic", "tobacco-retail"}
    assert {one["place"].split(" › ")[1] for one in differences} == {f"items[{code}]" for code in changed}
    assert all(documents[name] == DOCUMENTS[name] for name in ("fields", "questions", "themes"))


def test_a_promise_is_shortened_and_the_law_stays():
    item, [difference] = applied(overlay(committed_days=3), "food-operation")
    assert (item["committed_days"], item["statutory_days"]) == (3, 10)
    assert difference == {
        "place": "items.yaml › items[food-operation] › committed_days",
        "was": "承诺6个工作日办结",
        "now": "承诺3个工作日办结",
        "why": WHY,
    }


def test_the_promise_of_who_commits_is_shortened():
    item, [difference] = applied(overlay("film-exhibition", commitment={"committed_days": 0}), "film-exhibition")
    assert item["commitment"] == {
        "committed_days": 0,
        "survey_timing": "after",
        "verify_within": item["commitment"]["verify_within"],
    }
    assert difference["now"] == "告知承诺：承诺当日办结"


def test_a_paper_is_fetched_and_then_nobody_brings_it_later():
    item, [difference] = applied(
        overlay("tobacco-retail", materials=[{"code": MAP, "source": "shared"}]), "tobacco-retail"
    )
    paper = next(paper for paper in item["materials"] if paper["code"] == MAP)
    assert (paper["source"], paper["deferrable"], paper["defer_days"]) == ("shared", False, None)
    assert difference["was"] == "零售点位置和周边情况说明：由申请人提供，可以在5个工作日内后补"
    assert difference["now"] == "零售点位置和周边情况说明：由部门之间获取，不用申请人提交"


def test_a_paper_is_dropped():
    item, [difference] = applied(overlay("tobacco-retail", materials=[{"code": MAP, "drop": True}]), "tobacco-retail")
    assert MAP not in [paper["code"] for paper in item["materials"]]
    assert difference["now"] == "零售点位置和周边情况说明：不再收取"


def test_a_paper_may_come_later():
    later = {"deferrable": True, "defer_days": 5, "defer_method": "在期限内登录平台上传"}
    item, _ = applied(overlay("food-operation", materials=[{"code": "mat-floor-plan", **later}]), "food-operation")
    assert next(paper for paper in item["materials"] if paper["code"] == "mat-floor-plan").items() >= later.items()


NEW = {
    "code": "mat-oil-fume",
    "name": "油烟净化设施照片",
    "source": "applicant",
    "reusable_certificate": None,
    "deferrable": False,
    "defer_days": None,
    "defer_method": None,
}
LAW = {"title": "大气污染防治法", "doc_no": "法律（2018年修正）", "article": "第八十一条"}


def test_a_paper_is_added_by_a_law():
    item, [difference] = applied(overlay(materials=[{**NEW, "legal_basis": LAW}]), "food-operation")
    assert item["materials"][-1] == NEW
    assert difference["now"] == "油烟净化设施照片：由申请人提供（依据《大气污染防治法》第八十一条）"


def test_an_example_number_is_made_stricter():
    text = "与最近零售点的间距不少于当地合理布局规定的数值（本例50米）"
    changes = overlay("tobacco-retail", conditions=[{"text": text, "becomes": "间距不少于80米", "value": 80}])
    item, [difference] = applied(changes, "tobacco-retail")
    condition = next(one for one in item["conditions"] if one["text"] == "间距不少于80米")
    assert (condition["check"]["value"], condition["check"]["op"], condition["basis"]) == (80, "gte", "policy")
    assert (difference["was"], difference["now"]) == (text, "间距不少于80米")


GAP = "与最近零售点的间距不少于当地合理布局规定的数值（本例50米）"
ADULT = "经营者年满18周岁"
HEALTH = "mat-health-certs"
# changes of one item, what is said of them
FORBIDDEN = [
    (overlay(committed_days=7), "committed_days：承诺时限只能比全省的短：全省6个工作日，这里7个；改法：写5或者更短"),
    (overlay(committed_days=6), "committed_days：承诺时限只能比全省的短"),
    (overlay(committed_days="5"), "committed_days：要写0或者正整数，不能是“5”；改法：去掉引号"),
    (overlay("film-exhibition", commitment={"committed_days": 9}), "commitment.committed_days：承诺时限只能比全省的短"),
    (overlay(commitment={"committed_days": 1}), "commitment：这个事项不能告知承诺"),
    (overlay(statutory_days=20), "statutory_days：本市不能改statutory_days，它由法律法规或全省目录规定；改法：删掉"),
    (overlay(legal_basis=[LAW]), "legal_basis：本市不能改legal_basis"),
    (overlay(kind="备案"), "kind：本市不能改kind"),
    (overlay(commitment_allowed=True), "commitment_allowed：本市不能改commitment_allowed"),
    (overlay(colour="red"), "colour：没有这个键"),
    (
        overlay("food-operatoin", committed_days=5),
        "code：全省目录里没有“food-operatoin”这个事项；改法：可能是food-operation",
    ),
    (overlay(), "什么也没有改"),
    (overlay(why="", committed_days=5), "why：要写文字"),
    (overlay(why="方便群众", committed_days=5), "why：没有写明依据：“方便群众”；改法：写“本市规定（示例）”"),
    # papers
    (
        overlay(materials=[NEW]),
        "materials[mat-oil-fume]：全省目录里这个事项没有“mat-oil-fume”这份材料；没有法律依据，本市不能增加",
    ),
    (overlay(materials=[{**NEW, "legal_basis": {}}]), "materials[mat-oil-fume].legal_basis.title：缺少这个键"),
    (overlay(materials=[{**NEW, "legal_basis": LAW | {"title": "无"}}]), "legal_basis.title：“无”不是依据"),
    (overlay(materials=[{"code": "x", "legal_basis": LAW}]), "materials[x].name：缺少这个键"),
    (overlay(materials=[{"code": "mat-floor-plam", "drop": True}]), "改法：可能是mat-floor-plan"),
    (overlay(materials=["x"]), "materials[第1项]：全省目录里这个事项没有“x”这份材料"),
    (overlay(materials=[{"code": HEALTH}]), "materials[mat-health-certs]：要么写drop: true，要么写改成什么"),
    (overlay(materials=[{"code": HEALTH, "drop": True, "source": "shared"}]), "要么写drop: true"),
    (overlay(materials=[{"code": HEALTH, "drop": False}]), "materials[mat-health-certs].drop：只能是true"),
    (overlay(materials=[{"code": HEALTH, "source": "applicant"}]), "materials[mat-health-certs].source：只能是shared"),
    (overlay(materials=[{"code": HEALTH, "name": "体检报告"}]), "materials[mat-health-certs].name：没有这个键"),
    (overlay(materials=[{"code": HEALTH, "deferrable": False}]), "materials[mat-health-certs].deferrable：只能是true"),
    (
        overlay(materials=[{"code": HEALTH, "defer_days": 3}]),
        "defer_days：容缺期限不能比全省的短：全省7个工作日，这里3个",
    ),
    (overlay(materials=[{"code": HEALTH, "deferrable": True, "source": "shared"}]), "由部门获取的材料不用申请人后补"),
    (overlay(materials=[{"code": "mat-floor-plan", "deferrable": True}]), "三个都写上"),
    (overlay("bank-account", materials=[{"code": "mat-account-agreement", "deferrable": True}]), "这个事项不能容缺"),
    (overlay(materials=[{"code": "mat-rep-id", "source": "shared"}]), "source：全省已经由部门获取"),
    (overlay(materials=[{"code": HEALTH, "drop": True}] * 2), "materials[mat-health-certs]：写了两次"),
    (overlay("public-place-hygiene", materials=[{"code": PLEDGE, "drop": True}]), "系统生成的材料和承诺书本市不能改"),
    # conditions
    (
        overlay("tobacco-retail", conditions=[{"text": GAP, "becomes": "30米", "value": 30}]),
        "条件只能更严：全省50，这里30",
    ),
    (overlay("tobacco-retail", conditions=[{"text": GAP, "becomes": "很远", "value": 80}]), "文字里没有写出80"),
    (overlay("tobacco-retail", conditions=[{"text": GAP, "becomes": "180米", "value": 80}]), "文字里没有写出80"),
    (overlay("tobacco-retail", conditions=[{"text": GAP, "becomes": "80米", "value": 80}] * 2), "写了两次"),
    (overlay("tobacco-retail", conditions=[{"text": "间距", "becomes": "80米", "value": 80}]), "没有这条条件：“间距”"),
    (overlay("tobacco-retail", conditions=[{"text": ADULT, "becomes": "21岁", "value": 21}]), "只有全省目录标为policy"),
    (overlay("tobacco-retail", conditions=[{"text": GAP, "becomes": "x"}]), "conditions[第1项].value：缺少这个键"),
    # the head
    ({**overlay(committed_days=5), "name": "maoming"}, "yangjiang.yaml › name：要和文件名一样，不能是“maoming”"),
    (
        {**overlay(committed_days=5), "notices": []},
        "notices：问题、规则、提醒（包括不准办的情形）、数据项和主题全省统一",
    ),
    ({**overlay(committed_days=5), "rules": []}, "rules：问题、规则、提醒"),
    ({**overlay(committed_days=5), "items": {}}, "items：要写成列表"),
    ({**overlay(), "items": [5]}, "items[第1项]：要写成一组键和值，不能是“5”"),
    ({**overlay(), "items": overlay(committed_days=5)["items"] * 2}, "items[food-operation] › code：这个事项写了两次"),
    ([], "要写成一组键和值，不能是“[]”"),
    ("text", "要写成一组键和值"),
]


@pytest.mark.parametrize(("changes", "words"), FORBIDDEN)
def test_what_is_not_the_citys_to_change_is_refused_with_its_mend(changes, words):
    found = findings(changes)
    assert [finding for finding in found if words in finding], found
    assert all(finding.startswith("overlays/yangjiang.yaml") for finding in found)


def folder_with(tmp_path, text):
    (tmp_path / "overlays").mkdir()
    for file in FOLDER.glob("*.yaml"):
        (tmp_path / file.name).symlink_to(file)
    (tmp_path / "overlays" / "yangjiang.yaml").write_text(text)
    return tmp_path


def test_what_comes_of_an_overlay_is_linted_too(tmp_path):
    later = "{code: mat-rep-id, deferrable: true, defer_days: 30, defer_method: 上传}"
    text = f"version: 1\nname: yangjiang\ncity: 阳江市\nitems:\n  - code: food-operation\n    why: {WHY}\n"
    examined = examine_folder(folder_with(tmp_path, text + f"    materials: [{later}]\n"), "yangjiang")
    [error] = examined.errors
    assert str(error).startswith(
        "items.yaml › items[food-operation] › materials[mat-rep-id].defer_days：按阳江市的改法，"
    )


@pytest.mark.parametrize("name", ["../items", "x/y", "", "Yangjiang", "x" * 60, "nowhere"])
def test_an_overlay_is_found_by_its_name_alone(name):
    overlay, [problem] = read_overlay(FOLDER, name)
    assert overlay is None
    assert problem.file.startswith("overlays")


def test_checking_prints_the_differences_and_publishes_nothing(capsys):
    call_command("load_catalogue", check=True, overlay="yangjiang")
    printed = capsys.readouterr().out
    assert "阳江市的改动3处：" in printed
    assert (
        "items[food-operation] › committed_days：全省“承诺6个工作日办结”，本市“承诺5个工作日办结”；本市规定（示例）"
        in printed
    )


def test_an_unreadable_overlay_exits_with_2(tmp_path):
    with pytest.raises(CommandError, match="不能使用锚点") as caught:
        call_command("load_catalogue", folder_with(tmp_path, "items: &a []"), check=True, overlay="yangjiang")
    assert caught.value.returncode == 2


@pytest.mark.usefixtures("nothing_published")
def test_the_release_keeps_what_the_city_changed(capsys):
    call_command("load_catalogue", overlay="yangjiang")
    release = releases.current()
    assert (release.overlay["name"], release.overlay["city"]) == ("yangjiang", "阳江市")
    assert releases.load(release.pk).items["food-operation"].committed_days == 5
    [difference] = overlays.of_item(release.overlay, "food-operation")
    assert difference["why"].startswith(WHY)
    assert overlays.of_item(release.overlay, "drainage") == []
    call_command("load_catalogue", overlay="yangjiang")
    assert Release.objects.count() == 1
    call_command("load_catalogue")
    assert (releases.current().overlay, Release.objects.count()) == ({}, 2)


class TestShown:
    """Where the city differs, who reads the guide and who runs the catalogue are told."""

    @pytest.fixture(autouse=True)
    def published(self, nothing_published):
        documents, differences = overlays.apply(DOCUMENTS, YANGJIANG)
        kept = {"name": "yangjiang", "city": "阳江市", "differences": differences}
        # What the lint and the proof say of it is asked above.
        loading.publish(documents, overlay=kept, check=None)

    def test_the_guide_of_a_changed_item_says_what_the_city_rules(self, client):
        page = client.get(reverse("guidance:item", args=["food-operation"])).content.decode()
        assert "本市规定（阳江市）" in page
        assert "承诺5个工作日办结" in page
        assert "全省：承诺6个工作日办结" in page
        assert "本市规定（阳江市）" not in client.get(reverse("guidance:item", args=["drainage"])).content.decode()

    def test_operators_see_the_releases_with_what_the_city_changed(self, client):
        client.force_login(UserFactory(operator=True))
        page = client.get(reverse("admin:guidance_release_changelist")).content.decode()
        assert "第1版" in page
        assert "执业兽医师资格证书：由部门之间获取，不用申请人提交" in page

    def test_nobody_else_sees_the_list_of_releases(self, client):
        client.force_login(PostFactory(user__is_staff=True).user)
        assert client.get(reverse("admin:guidance_release_changelist")).status_code == 404
