import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from guidance import loading, releases
from guidance.engine import replay
from guidance.models import Department, Item, Material, Release, ReleaseStatus
from guidance.schema import Catalogue
from tests.guidance.conftest import DOCUMENTS, FOLDER

pytestmark = pytest.mark.usefixtures("nothing_published")


@pytest.fixture
def folder(tmp_path):
    """A copy of the real catalogue's files."""
    return shutil.copytree(FOLDER, tmp_path / "catalogue")


def rewrite(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def refusal(folder):
    with pytest.raises(CommandError) as caught:
        call_command("load_catalogue", folder)
    assert caught.value.returncode == 1
    return str(caught.value)


def test_the_projects_catalogue_is_published_and_read_back_whole(capsys):
    call_command("load_catalogue")
    release = releases.current()
    assert (release.number, release.status) == (1, ReleaseStatus.PUBLISHED)
    assert capsys.readouterr().out == "已发布事项目录第1版：46个事项。\n"
    assert releases.documents(release) == DOCUMENTS
    catalogue = releases.load(release.pk)
    assert list(catalogue.items) == [item["code"] for item in DOCUMENTS["items"]["items"]]
    answers = {"sectors": ["food"], "food_kinds": ["hot"]}
    assert replay(catalogue, answers) == replay(Catalogue.from_data(DOCUMENTS), answers)


def test_the_same_files_twice_change_nothing(folder, capsys):
    call_command("load_catalogue", folder)
    before = list(Release.objects.values())
    rewrite(folder / "items.yaml", "version: 1", "# 新的注释\nversion: 1")
    call_command("load_catalogue", folder)
    assert list(Release.objects.values()) == before
    assert capsys.readouterr().out.endswith("事项目录没有变化，仍是第1版。\n")


def test_a_change_is_a_new_release_and_the_old_one_stays(folder):
    call_command("load_catalogue", folder)
    first = releases.current()
    rewrite(folder / "items.yaml", "name: 食品经营许可\n", "name: 食品经营许可证核发\n")
    call_command("load_catalogue", folder)
    second = releases.current()
    assert second.number == 2
    assert releases.load(first.pk).items["food-operation"].name == "食品经营许可"
    assert releases.load(second.pk).items["food-operation"].name == "食品经营许可证核发"


def test_what_was_published_before_last_can_be_published_again(folder):
    call_command("load_catalogue", FOLDER)
    rewrite(folder / "items.yaml", "name: 食品经营许可\n", "name: 食品经营许可证核发\n")
    call_command("load_catalogue", folder)
    call_command("load_catalogue", FOLDER)
    assert releases.current().number == 3


ERRORS = [
    ("items.yaml", "department: 公安局", "department: 派出所", ["items[seal-engraving]", "department", "没有“派出所”"]),
    ("items.yaml", "plain: 新开公司", "plan: 新开公司", ["items[business-registration]", "plan", "没有这个键"]),
    ("items.yaml", "batch: 0", "batch: 0\n    batch: 0", ["键“batch”写了两次"]),
    ("items.yaml", "deferrable: true", "deferrable: yes", ["items[business-registration]", "deferrable", "“yes”"]),
    ("fields.yaml", "type: uscc", "type: code", ["fields[uscc]", "type", "只能是"]),
    (
        "questions.yaml",
        "ask_when: {eq: [has_licence, none]}",
        "ask_when: {eq: [licence, none]}",
        ["questions[opening_services]", "ask_when", "“licence”"],
    ),
    ("themes.yaml", "core: [food-operation]", "core: [food]", ["themes[restaurant]", "core", "“food”"]),
    ("themes.yaml", "themes:", "themes: &all", ["不能使用锚点"]),
]


@pytest.mark.parametrize(("file", "old", "new", "named"), ERRORS)
def test_an_error_names_file_entry_and_key_and_publishes_nothing(folder, file, old, new, named):
    rewrite(folder / file, old, new)
    message = refusal(folder)
    assert all(part in message for part in [file, *named])
    assert not Release.objects.exists()
    assert not Department.objects.exists()


def test_all_errors_are_listed(folder):
    rewrite(folder / "items.yaml", "department: 公安局", "department: 派出所")
    rewrite(folder / "fields.yaml", "type: uscc", "type: code")
    (folder / "themes.yaml").write_bytes("主题".encode("gbk"))
    message = refusal(folder)
    assert message.startswith("目录有2处错误，没有发布：\n")
    assert "themes.yaml：文件不是UTF-8编码" in message
    assert "fields.yaml › fields[uscc] › type" in message


def test_an_empty_folder_lists_the_four_missing_files(tmp_path):
    message = refusal(tmp_path)
    assert [f"{name}.yaml：找不到这个文件" in message for name in DOCUMENTS] == [True] * 4


def test_departments_are_kept_by_code_across_releases(folder):
    call_command("load_catalogue", folder)
    office_of = Department.objects.get(code="water").pk
    for file in ("items.yaml",):
        path = folder / file
        path.write_text(path.read_text().replace("水务局", "水利局"))
    call_command("load_catalogue", folder)
    assert Department.objects.get(pk=office_of).name == "水利局"
    assert Department.objects.count() == len(DOCUMENTS["items"]["departments"])


def test_a_department_under_another_code_is_refused_whole(folder):
    call_command("load_catalogue", folder)
    rewrite(folder / "items.yaml", "code: water, name: 水务局", "code: waters, name: 水务局")
    assert "items.yaml › departments[waters] › name：“水务局”已经登记为另一个代码“water”" in refusal(folder)
    assert (Release.objects.count(), releases.current().number) == (1, 1)


def test_a_failure_half_way_leaves_nothing(documents):
    documents["themes"]["themes"][0]["code"] = "x" * 61
    with pytest.raises(DatabaseError):
        loading.publish(documents)
    assert not Release.objects.exists()
    assert not Item.objects.exists()


def test_published_rows_cannot_be_changed():
    call_command("load_catalogue")
    for change in (
        lambda: Release.objects.update(number=7),
        lambda: Item.objects.filter(code="drainage").update(name="x"),
        lambda: Material.objects.filter(code="mat-rep-id").delete(),
    ):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            change()


def test_a_release_is_in_force_from_its_day(folder):
    call_command("load_catalogue", folder)
    first = releases.current()
    Release.objects.create(
        number=2,
        status=ReleaseStatus.PUBLISHED,
        content_sha256="0",
        effective_on="2999-01-01",
        published_at=first.published_at,
    )
    assert releases.current() == first


def test_without_a_release_the_way_out_is_told():
    with pytest.raises(releases.NothingPublished, match="load_catalogue"):
        releases.current()


def test_a_draft_is_never_loaded():
    draft = Release.objects.create(number=1, content_sha256="0", effective_on="2026-01-01")
    with pytest.raises(Release.DoesNotExist):
        releases.load(draft.pk)


def test_a_release_is_read_from_the_database_once(django_assert_num_queries):
    call_command("load_catalogue")
    release = releases.current()
    with django_assert_num_queries(9):
        releases.load(release.pk)
    with django_assert_num_queries(0):
        releases.load(release.pk)
