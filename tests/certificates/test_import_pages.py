"""The officers' pages on imports: uploading, watching, deciding, fetching the errors; each office sees its own."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certificates.importing import files
from certificates.models import ImportState, Licence, LicenceImport
from guidance.models import Post
from tests.certificates.importing import csv_of, read, row, run_to_the_end, xlsx_of
from tests.factories import DepartmentFactory, DivisionFactory, OfficeFactory, PostFactory, UserFactory

LIST = reverse("admin:certificates_licenceimport_changelist")
ADD = reverse("admin:certificates_licenceimport_add")


@pytest.fixture
def office(catalogue):
    return OfficeFactory(department=DepartmentFactory(code="samr", name="市场监督管理局"))


@pytest.fixture
def officer(client, office):
    user = PostFactory(office=office).user
    client.force_login(user)
    return user


def post(client, office, content, name="存量.csv", item="food-operation", **options):
    data = {"kind": f"{office.pk}-{item}", "file": SimpleUploadedFile(name, content)}
    return client.post(ADD, data, **options)


def page(batch, rest=""):
    return f"{LIST}{batch.public_id}/{rest}"


def text_of(answer):
    return answer.content.decode()


@pytest.mark.parametrize(("name", "of"), [("存量.csv", csv_of), ("存量.xlsx", xlsx_of)])
def test_an_officer_uploads_looks_and_imports(client, officer, office, name, of):
    answer = post(client, office, of(row(1), row(2, issued_on="昨天")), name, follow=True)
    assert "正在打开文件" in text_of(answer)
    batch = LicenceImport.objects.get()
    run_to_the_end(batch.pk)
    checked = text_of(client.get(page(batch)))
    assert "导入 1 行" in checked
    assert "有错误的 1 行不会导入" in checked
    client.post(page(batch, "moves/import/"))
    run_to_the_end(batch.pk)
    assert "已导入" in text_of(client.get(page(batch)))
    assert (Licence.objects.get().name, Licence.objects.get().office) == ("食品经营许可证", office)
    errors = client.get(page(batch, "errors/"))
    assert "attachment" in errors["Content-Disposition"]
    assert b"".join(errors.streaming_content)


def test_pressing_twice_imports_once(client, officer, office):
    batch = read(officer, office, csv_of(row()))
    for _ in range(2):
        client.post(page(batch, "moves/import/"))
    run_to_the_end(batch.pk)
    client.post(page(batch, "moves/import/"))
    batch.refresh_from_db()
    assert (batch.state, Licence.objects.count()) == (ImportState.DONE, 1)


def test_what_is_done_is_not_given_up(client, officer, office):
    batch = read(officer, office, csv_of(row()))
    client.post(page(batch, "moves/import/"))
    assert "不能放弃" in text_of(client.post(page(batch, "moves/give-up/"), follow=True))
    run_to_the_end(batch.pk)
    assert Licence.objects.count() == 1


def test_two_offices_never_see_each_others_imports(client, officer, office):
    elsewhere = PostFactory(office=OfficeFactory(department=office.department, division=DivisionFactory(code="441704")))
    batch = read(elsewhere.user, elsewhere.office, csv_of(row(issued_on="昨天")))
    assert "存量.csv" not in text_of(client.get(LIST))
    for rest in ("", "errors/"):
        assert client.get(page(batch, rest)).status_code == 404
    for rest in ("moves/import/", "moves/give-up/"):
        assert client.post(page(batch, rest)).status_code == 404
    assert "选择" in text_of(post(client, elsewhere.office, csv_of(row())))
    assert LicenceImport.objects.count() == 1


def test_an_officer_who_left_sees_nothing_any_more(client, officer, office):
    batch = read(officer, office, csv_of(row()))
    Post.objects.all().delete()
    assert client.get(page(batch)).status_code == 404


def test_only_licences_of_the_own_department_are_offered(client, officer, office):
    text = text_of(client.get(ADD))
    assert "食品经营许可证" in text
    assert "公共场所卫生许可证" not in text
    assert "请从列出的证照里选择" in text_of(post(client, office, csv_of(row()), item="public-place-hygiene"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空文件"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "旧版 Excel"),
        (b"\x89PNG\r\n\0\0\0", "不是表格文件"),
    ],
)
def test_what_is_no_spreadsheet_is_told_at_the_field(client, officer, office, content, sentence):
    assert sentence in text_of(post(client, office, content))
    assert not LicenceImport.objects.exists()


def test_a_file_of_200_mb_is_told_at_the_field_and_not_kept(client, officer, office, monkeypatch):
    monkeypatch.setattr(files, "MAX_SIZE", 2 * 1024 * 1024)
    answer = post(client, office, b"a,b\n" * (1024 * 1024))
    assert "这个文件有 4 MB，超过 2 MB" in text_of(answer)
    assert not LicenceImport.objects.exists()


def test_a_file_larger_than_papers_may_be_is_kept_whole(client, officer, office):
    post(client, office, csv_of(row()) + b" " * 21 * 1024 * 1024)
    batch = LicenceImport.objects.get()
    assert files.storage().size(batch.file.name) == batch.size > 21 * 1024 * 1024


@pytest.mark.parametrize(
    "data",
    [{}, {"kind": "x"}, {"kind": "1-\0", "file": "text"}, {"kind": ["a", "b"], "file": ""}, {"file": "x" * 9999}],
)
def test_posts_made_by_hand_get_sentences(client, officer, data):
    answer = client.post(ADD, data)
    assert answer.status_code == 200
    assert "请选择" in text_of(answer)


def test_an_upload_without_the_token_is_refused(officer, office):
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)
    assert post(client, office, csv_of(row())).status_code == 403


def test_unknown_moves_and_imports_are_nothing(client, officer, office):
    batch = read(officer, office, csv_of(row()))
    assert client.post(page(batch, "moves/delete/")).status_code == 404
    assert client.get(page(batch, "moves/import/")).status_code == 405
    assert client.get(f"{LIST}{uuid.uuid4()}/").status_code == 404
    assert client.get(page(batch, "errors/")).status_code == 404


def test_a_refused_file_says_why(client, officer, office):
    batch = read(officer, office, xlsx_of(row(), row(2), change=lambda sheet: sheet.merge_cells("A2:A3")), "xlsx")
    text = text_of(client.get(page(batch)))
    assert "这份文件不能导入" in text
    assert "合并单元格" in text


def test_columns_that_are_not_known_are_told(client, officer, office):
    batch = read(
        officer,
        office,
        csv_of([*row()[:5], "x"], headings=["企业名称", "信用代码", "证号", "发证日期", "有效期", "备注<b>"]),
    )
    assert "备注&lt;b&gt;" in text_of(client.get(page(batch)))


def test_an_operator_without_a_post_is_told_so(client, catalogue):
    client.force_login(UserFactory(operator=True))
    assert "没有审批岗位" in text_of(client.get(LIST))
    assert "不能导入" in text_of(client.get(ADD))


def test_the_template_is_a_download(client, officer):
    answer = client.get(reverse("admin:certificates_licenceimport_template"))
    assert b"".join(answer.streaming_content).startswith(b"PK")


def test_queries_of_the_pages_do_not_grow(client, officer, office):
    counts = []
    for rows in (range(1), range(10, 40)):
        batch = read(officer, office, csv_of(*(row(n, issued_on="昨天") for n in rows)))
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
            client.get(page(batch))
        counts.append(len(queries))
    assert counts[0] == counts[1]
