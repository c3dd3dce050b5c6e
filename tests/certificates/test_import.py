"""Held licences come in from a spreadsheet: what becomes of good rows, of rows that are there, and of bad ones."""

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certificates.importing import files, giving_back, reading, running, starting
from certificates.models import ImportState, Licence, LicenceEvent, LicenceImport, LicenceStatus, Outcome
from licensing import chain
from licensing.models import Enterprise, EnterpriseEvent, Premises
from tests.certificates import importing
from tests.certificates.importing import csv_of, imported, read, row, run_to_the_end, uploaded, xlsx_of
from tests.factories import (
    ApprovalTaskFactory,
    EnterpriseFactory,
    LicenceFactory,
    MembershipFactory,
    PostFactory,
    PremisesFactory,
    uscc_of,
)


@pytest.fixture
def officer(db):
    return PostFactory().user


@pytest.fixture
def office(officer):
    return officer.posts.get().office


@pytest.fixture
def check(officer, office):
    """check(**values) → {column: sentence} of one row with these values."""

    def check(*rows, **values):
        batch = read(officer, office, csv_of(*(rows or [row(**values)])))
        return {name: text for each in batch.rows.filter(outcome=Outcome.BAD) for name, text in each.problems.items()}

    return check


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_good_row_becomes_a_licence_with_its_holder_and_premises(officer, office, kind):
    content = {"csv": csv_of, "xlsx": xlsx_of}[kind](row(valid_until="长期"))
    batch = imported(officer, read(officer, office, content, kind))
    licence = Licence.objects.get()
    assert (batch.state, batch.rows_imported) == (ImportState.DONE, 1)
    assert (licence.number, licence.issued_on, licence.valid_until) == ("旧证000001", date(2024, 5, 6), None)
    assert (licence.office, licence.authority, licence.imported_in) == (office, office.name, batch)
    assert (licence.holder.uscc, licence.premises.address) == (uscc_of(40_000_001), "阳江市江城区漠江路1号")
    assert licence.premises.division.name == "江城区"


def test_a_new_holder_is_registered_in_the_officers_name(officer, office):
    imported(officer, read(officer, office, csv_of(row(uscc=uscc_of(1)))))
    holder = Enterprise.objects.get()
    assert (holder.verified_by, holder.entity_type) == (officer, "")
    assert [event.kind for event in holder.events.all()] == [EnterpriseEvent.Kind.REGISTERED]


def test_the_log_names_row_and_file_and_is_chained(officer, office):
    batch = imported(officer, read(officer, office, csv_of(row())))
    event = LicenceEvent.objects.get()
    assert (event.event, event.actor) == ("imported", officer)
    assert (event.detail["row"], event.detail["sha256"]) == (2, batch.sha256)
    assert chain.verify(event.licence.events) is None


def test_a_known_holder_and_shop_are_found_and_keep_their_names(officer, office):
    holder = EnterpriseFactory(uscc=uscc_of(40_000_001), name="改了名的公司")
    shop = PremisesFactory(enterprise=holder, address="阳江市江城区漠江路1号", name="老店")
    batch = imported(officer, read(officer, office, csv_of(row(), row(2))))
    licence = Licence.objects.get(number="旧证000001")
    assert (licence.holder, licence.premises) == (holder, shop)
    assert "改了名的公司" in batch.rows.get(number=2).values["warnings"]["持证主体名称"]
    assert (batch.columns["warned"], Premises.objects.count()) == (2, 2)


def test_what_somebody_typed_and_nobody_confirmed_is_no_holder(officer, office):
    EnterpriseFactory(unverified=True, uscc=uscc_of(40_000_001))
    imported(officer, read(officer, office, csv_of(row())))
    assert Licence.objects.get().holder.verified_by == officer


def test_the_same_file_twice_changes_nothing(officer, office):
    content = csv_of(row(), row(2, status="注销", status_on="2025-01-02", document="江市监注〔2025〕2号"))
    imported(officer, read(officer, office, content))
    again = read(officer, office, content)
    assert (again.state, again.rows_same, again.rows_new, again.rows_bad) == (ImportState.CHECKED, 2, 0, 0)
    with pytest.raises(starting.NotNow):
        starting.decide(again, officer)
    assert Licence.objects.count() == LicenceEvent.objects.count() == 2


def test_nobody_imports_the_licences_of_their_own_enterprise(officer, office):
    MembershipFactory(user=officer, enterprise=EnterpriseFactory(uscc=uscc_of(40_000_001)))
    batch = read(officer, office, csv_of(row(), row(2)))
    imported(officer, batch)
    assert [licence.number for licence in Licence.objects.all()] == ["旧证000002"]
    assert "回避" in batch.rows.get(outcome=Outcome.BAD).problems["统一社会信用代码"]
    imported(PostFactory(office=office).user, read(officer, office, csv_of(row())))
    assert Licence.objects.count() == 2


def test_a_number_that_was_just_granted_here_waits_for_its_licence(officer, office):
    task = ApprovalTaskFactory(granted=True, office=office)
    batch = read(officer, office, csv_of(row(number=task.face["number"])))
    assert "刚刚在这里准予" in batch.rows.get().problems["证照编号"]


def test_an_open_import_of_the_same_file_is_not_begun_again(officer, office):
    first = uploaded(officer, office, csv_of(row()))
    assert uploaded(officer, office, csv_of(row())) == first
    assert uploaded(officer, office, csv_of(row(2))) != first


def test_an_office_has_so_many_open_imports_and_no_more(officer, office, monkeypatch):
    monkeypatch.setattr(starting, "MAX_OPEN", 1)
    uploaded(officer, office, csv_of(row()))
    with pytest.raises(starting.NotNow, match="没有办完"):
        uploaded(officer, office, csv_of(row(2)))


def test_an_ended_licence_comes_in_as_ended(officer, office):
    values = {"status": "已吊销", "status_on": "2025-3-4", "document": "江市监罚〔2025〕8号"}
    imported(officer, read(officer, office, csv_of(row(**values))))
    detail = LicenceEvent.objects.get().detail
    assert Licence.objects.get().status == LicenceStatus.REVOKED
    assert (detail["status_on"], detail["document"]) == ("2025-03-04", "江市监罚〔2025〕8号")


def test_a_licence_for_the_enterprise_as_a_whole_has_no_premises(officer, office):
    imported(officer, read(officer, office, csv_of(row(premises="", address="", division=""))))
    assert Licence.objects.get().premises is None


def test_the_district_is_read_from_the_address_when_it_is_not_said(officer, office):
    imported(officer, read(officer, office, csv_of(row(division=""))))
    assert Licence.objects.get().premises.division.name == "江城区"


def test_doubled_numbers_name_both_rows(officer, office):
    batch = read(officer, office, csv_of(row(1, number="JY1"), row(2), row(3, number=" ｊｙ１")))
    found = {each.number: each.problems.get("证照编号", "") for each in batch.rows.all()}
    assert "第 4 行" in found[2]
    assert "第 2 行" in found[4]
    assert not found[3]


def test_a_number_that_is_registered_otherwise_says_what_differs(officer, office, check):
    LicenceFactory(office=office, number="旧证000001", holder=EnterpriseFactory(uscc=uscc_of(40_000_001)))
    found = check(issued_on="2024-05-06", valid_until="2029-05-05", scope="", premises="", address="", division="")
    assert set(found) == {"经营场所地址"}
    assert "登记的是" in found["经营场所地址"]


def test_a_licence_that_was_ended_since_is_not_valid_again(officer, office, check):
    content = csv_of(row())
    imported(officer, read(officer, office, content))
    Licence.objects.update(status=LicenceStatus.CANCELLED)
    assert "注销" in check(row())["状态"]


def test_the_rule_of_face_numbers_only_warns(officer, office):
    batch = read(officer, office, csv_of(row(number="JY24417020000016")))
    assert batch.rows_new == 1
    assert "校验码" in batch.rows.get().values["warnings"]["证照编号"]


def test_what_another_took_meanwhile_is_told_and_the_rest_goes_in(officer, office):
    batch = read(officer, office, csv_of(row(1), row(2), row(3)))
    LicenceFactory(office=office, number="旧证000002")
    imported(officer, batch)
    assert (batch.state, batch.rows_imported, batch.rows_bad) == (ImportState.DONE, 2, 1)
    assert "已经登记" in str(batch.rows.get(number=3).problems)


def test_a_file_being_read_by_two_imports_is_imported_once(officer, office):
    first = read(officer, office, csv_of(row(1), row(2)))
    second = read(officer, office, csv_of(row(2), row(1)))
    imported(officer, first)
    imported(officer, second)
    assert (second.rows_imported, second.rows_same, Licence.objects.count()) == (0, 2, 2)


def test_a_killed_reader_is_taken_up_where_it_stopped(officer, office, monkeypatch):
    monkeypatch.setattr(reading, "SLICE", 2)
    monkeypatch.setattr(running, "SECONDS", 0)
    batch = uploaded(officer, office, csv_of(*map(row, range(5))))
    seen = []
    while batch.state == ImportState.READING:
        running.work(batch.pk)
        batch.refresh_from_db()
        seen.append(batch.rows_read)
    assert seen == [2, 4, 5]
    assert batch.rows.count() == batch.rows_new == 5


def test_a_killed_importer_is_taken_up_where_it_stopped(officer, office, monkeypatch):
    batch = read(officer, office, csv_of(*map(row, range(5))))
    monkeypatch.setattr(running, "SLICE", 2)
    monkeypatch.setattr(running, "SECONDS", 0)
    starting.decide(batch, officer)
    for expected in (2, 4, 5):
        running.work(batch.pk)
        assert Licence.objects.count() == LicenceEvent.objects.count() == expected
    run_to_the_end(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.rows_imported) == (ImportState.DONE, 5)


def test_a_slice_that_fails_leaves_nothing_of_itself(officer, office, monkeypatch):
    batch = read(officer, office, csv_of(row(1), row(2)))
    starting.decide(batch, officer)
    monkeypatch.setattr("certificates.log.record_imported", lambda *_: (_ for _ in ()).throw(OSError))
    running.work(batch.pk)
    batch.refresh_from_db()
    assert (Licence.objects.count(), Enterprise.objects.count(), batch.attempts) == (0, 0, 1)


def test_an_import_that_kills_its_workers_stops_with_a_sentence(officer, office, monkeypatch):
    batch = read(officer, office, csv_of(row(1)))
    starting.decide(batch, officer)
    LicenceImport.objects.update(attempts=running.MAX_ATTEMPTS)
    running.work(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, "中断" in batch.problem) == (ImportState.CHECKED, True)
    assert imported(officer, batch).rows_imported == 1


def test_a_file_that_kills_its_readers_is_refused(officer, office):
    batch = uploaded(officer, office, csv_of(row(1)))
    LicenceImport.objects.update(attempts=running.MAX_ATTEMPTS)
    running.sweep()
    batch.refresh_from_db()
    assert (batch.state, bool(batch.problem), bool(batch.file)) == (ImportState.REFUSED, True, False)


def test_what_is_given_up_leaves_neither_rows_nor_file(officer, office, django_capture_on_commit_callbacks):
    batch = read(officer, office, csv_of(row(1)))
    name = batch.file.name
    with django_capture_on_commit_callbacks(execute=True):
        starting.give_up(batch, officer)
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == (ImportState.CANCELLED, 0)
    assert not files.storage().exists(name)


def test_queries_do_not_grow_with_the_rows_of_a_slice(officer, office):
    counts = []
    for rows in (range(2), range(10, 60)):
        batch = uploaded(officer, office, csv_of(*map(row, rows)))
        with CaptureQueriesContext(connection) as queries:
            run_to_the_end(batch.pk)
            batch.refresh_from_db()
            imported(officer, batch)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def errors_of(batch, kind):
    with giving_back.errors(batch, kind) as content:
        return content.read()


def test_the_errors_come_back_as_csv_to_mend_and_upload_again(officer, office):
    batch = read(officer, office, csv_of(row(1), row(2, issued_on="2024-02-30", scope="=1+1")))
    text = errors_of(batch, "csv").decode("utf-8-sig")
    assert "'=1+1" in text
    assert "第 3 行：发证日期：没有2024年2月30日" in text
    again = read(officer, office, text.replace("2024-02-30", "2024-02-29", 1).encode())
    assert (again.rows_new, again.rows_bad, again.columns["unknown"]) == (1, 0, [])
    assert again.rows.get().values["scope"] == "=1+1"


def test_the_errors_come_back_as_xlsx_to_mend_and_upload_again(officer, office):
    batch = read(officer, office, xlsx_of(row(1), row(2, issued_on="2024-02-30")), "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(errors_of(batch, "xlsx")))
    assert "第 3 行：发证日期：没有2024年2月30日" in book.active["N2"].value
    book.active["D2"] = "2024-02-29"
    book.save(mended := io.BytesIO())
    again = read(officer, office, mended.getvalue(), "xlsx")
    assert (again.rows_new, again.rows_bad, again.columns["unknown"]) == (1, 0, [])


def test_the_template_is_read_again():
    with giving_back.template() as content:
        book = openpyxl.load_workbook(content)
    assert [cell.value for cell in book.active[1]] == importing.HEADINGS


def test_files_of_long_ago_are_forgotten_and_others_stay(officer, office, time_machine):
    time_machine.move_to("2026-06-01T04:00:00Z")
    batch = imported(officer, read(officer, office, csv_of(row(1))))
    name = batch.file.name
    files.sweep()
    assert files.storage().exists(name)
    time_machine.move_to("2026-07-02T04:00:00Z")
    files.sweep()
    batch.refresh_from_db()
    assert (batch.file.name, batch.rows.count(), batch.rows_imported) == ("", 0, 1)
    assert not files.storage().exists(name)


def test_a_file_that_a_busy_machine_could_not_unpack_is_taken_up_with_more_patience(officer, office):
    batch = uploaded(officer, office, csv_of(row(1)))
    running.work(batch.pk, patience=0.001)
    batch.refresh_from_db()
    assert (batch.state, batch.attempts, batch.rows_read) == (ImportState.READING, 1, 0)
    running.sweep()
    batch.refresh_from_db()
    assert (batch.state, batch.attempts, batch.rows_read) == (ImportState.CHECKED, 0, 1)
