"""The pages on imports in a real Chromium: axe finds nothing, nothing is too wide, and progress shows by itself."""

from functools import partial

import pytest
from django.urls import reverse

from certificates.importing import starting
from certificates.models import ImportState, LicenceImport
from tests.certificates.importing import csv_of, imported, read, row, run_to_the_end, uploaded, xlsx_of
from tests.chromium import WIDTHS, assert_sound, signed_in_page
from tests.factories import DepartmentFactory, OfficeFactory, PostFactory
from tests.threads import at_once

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def officer(catalogue):
    return PostFactory(office=OfficeFactory(department=DepartmentFactory(code="samr", name="市场监督管理局"))).user


@pytest.fixture
def pages(officer):
    """{name: address} of an import in every state."""
    office = officer.posts.get().office
    wrong = [
        row(2, issued_on="2024-02-30", uscc="91441702400000015J", division="天河区"),
        row(3, number="JY24417020000016", scope="热食类食品制售；" * 300),
    ]
    merged = xlsx_of(row(1), row(2), change=lambda sheet: sheet.merge_cells("A2:A3"))
    batches = {
        "checked": read(officer, office, csv_of(row(1), *wrong, row(4, number="JY24417020000017"))),
        "refused": read(officer, office, merged, "xlsx"),
        "done": imported(officer, read(officer, office, csv_of(row(9), row(10, valid_until="三年")))),
        "cancelled": read(officer, office, csv_of(row(11))),
        "same": read(officer, office, csv_of(row(9))),
        "reading": uploaded(officer, office, csv_of(row(12))),
        "importing": read(officer, office, csv_of(row(13), row(14))),
    }
    starting.give_up(batches["cancelled"], officer)
    starting.decide(batches["importing"], officer)
    columns = batches["done"].columns
    LicenceImport.objects.filter(pk=batches["reading"].pk).update(
        rows_read=4000, rows_new=4000, columns=columns | {"rows": 9000}
    )
    change = "admin:certificates_licenceimport_change"
    return {name: reverse(change, args=[batch.public_id]) for name, batch in batches.items()} | {
        "list": reverse("admin:certificates_licenceimport_changelist"),
        "add": reverse("admin:certificates_licenceimport_add"),
    }


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(pages, officer, live_server, client, width):
    with signed_in_page(client, live_server, officer, width) as page:
        for name, address in pages.items():
            page.goto(address)
            assert_sound(page, f"{name} at {width}")


def test_an_import_is_watched_without_pressing_anything(officer, live_server, client):
    batch = uploaded(officer, officer.posts.get().office, csv_of(row(1)))
    address = reverse("admin:certificates_licenceimport_change", args=[batch.public_id])
    with signed_in_page(client, live_server, officer, 390) as page:
        page.goto(address)
        page.get_by_text("正在打开文件").wait_for()
        at_once(partial(run_to_the_end, batch.pk))
        page.get_by_role("button", name="导入 1 行").click()
        page.get_by_text("已导入 0 行，共 1 行").wait_for()
        at_once(partial(run_to_the_end, batch.pk))
        page.get_by_role("heading", name="结果").wait_for()
    batch.refresh_from_db()
    assert batch.state == ImportState.DONE
