"""The lists made from the catalogue, and their files."""

import csv
import io

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse

from exchange import spreadsheets
from guidance import releases
from guidance.lists import LISTS
from guidance.models import Release


@pytest.fixture
def release(db, _loaded_once):
    if not Release.objects.exists():
        call_command("load_catalogue", verbosity=0)
    return releases.current()


def codes(code, catalogue):
    return {row.item.code for row in LISTS[code].rows(catalogue) if row.included}


def test_at_once_are_those_decided_within_a_day_that_nobody_looks_at_before(catalogue):
    listed = codes("at-once", catalogue)
    assert {"business-registration", "prepackaged-food", "clinic-filing"} <= listed
    assert not {"food-operation", "tobacco-retail"} & listed


def test_by_promise_some_are_decided_at_once(catalogue):
    quick = [row for row in LISTS["at-once"].rows(catalogue) if row.texts[-1] == "要选择告知承诺"]
    assert all(row.item.commitment_allowed and row.item.commitment.committed_days <= 1 for row in quick)


def test_all_may_be_filed_online(catalogue):
    assert codes("online", catalogue) == set(catalogue.items)


def test_nearby_are_those_of_the_county(catalogue):
    assert codes("nearby", catalogue) == {item.code for item in catalogue.items.values() if item.level == "县级"}


def test_a_deferrable_paper_stands_with_its_days_and_its_way(catalogue):
    table = LISTS["deferrable"].table(catalogue)
    assert all(days.endswith("个工作日") and way for _, _, _, days, way in table)
    refused = {item.name for item in catalogue.items.values() if not item.deferrable}
    assert not refused & {row[0] for row in table}


def test_what_may_not_be_promised_has_its_reason(catalogue):
    rows = LISTS["by-promise"].rows(catalogue)
    assert len(rows) == len(catalogue.items)
    assert all(row.texts[-1] for row in rows if not row.included)
    assert {row.item.code for row in rows if row.included} == codes("by-promise", catalogue)


def test_every_row_has_a_text_under_each_heading(catalogue):
    for one in LISTS.values():
        for row in one.table(catalogue):
            assert len(row) == len(one.headings)
            assert all(isinstance(text, str) for text in row)


def test_the_pages_show_the_counts_and_the_rows(client, release):
    assert "全部 46 项" in client.get(reverse("guidance:lists")).content.decode()
    for code, one in LISTS.items():
        page = client.get(reverse("guidance:list", args=[code])).content.decode()
        assert one.name in page
        assert reverse("guidance:list-file", args=[code, "xlsx"]) in page


def test_a_list_is_downloaded_as_a_spreadsheet_and_as_csv(client, release, catalogue):
    for code, one in LISTS.items():
        text = client.get(reverse("guidance:list-file", args=[code, "csv"])).content
        assert text.startswith(b"\xef\xbb\xbf")
        assert list(csv.reader(io.StringIO(text.decode("utf-8-sig")))) == [[*one.headings], *one.table(catalogue)]
        book = openpyxl.load_workbook(
            io.BytesIO(client.get(reverse("guidance:list-file", args=[code, "xlsx"])).content)
        )
        rows = [[cell or "" for cell in row] for row in book.active.iter_rows(values_only=True)]
        assert rows == [[*one.headings], *one.table(catalogue)]


def test_no_text_becomes_a_formula():
    rows = [["=1+1", "＝SUM(A1)", "@x", "-2", "正常"]]
    assert spreadsheets.harmless("\t=1+1") == "'\t=1+1"
    assert '"\'=1+1","\'＝SUM(A1)","\'@x","\'-2","正常"' in spreadsheets.csv_of(["+头"] * 5, rows).decode("utf-8-sig")
    sheet = openpyxl.load_workbook(io.BytesIO(spreadsheets.xlsx_of("表", ["头"] * 5, rows))).active
    assert [cell.data_type for cell in sheet[2]] == ["s"] * 5


def test_no_such_list_and_no_such_kind_are_missing(client, release):
    for address in ("/lists/no-such-list/", "/lists/online.pdf", "/lists/no-such-list.csv"):
        assert client.get(address).status_code == 404
    assert client.get(reverse("guidance:list", args=["online"]) + "?page=99999999999999").status_code == 200


def test_a_list_costs_one_query(client, release, django_assert_num_queries):
    for address in (reverse("guidance:lists"), reverse("guidance:list", args=["online"])):
        with django_assert_num_queries(1):
            client.get(address)
