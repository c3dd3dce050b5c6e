"""Each item's own form, and the package for the window: what stands on the paper is read back from the PDF."""

import os
import re

import pytest
from django.db import connection
from django.urls import reverse

from exchange import pdf
from exchange.alone import Work
from guidance.requirements import elements_of
from licensing import printing
from licensing.masking import masked
from licensing.plan import plan_for
from licensing.submission import submit
from licensing.wording import value_text
from tests.factories import ApplicationFactory, LicenceFactory
from tests.guidance.test_replay_properties import CATALOGUE
from tests.licensing.drafting import RESTAURANT, ready, sample
from tests.licensing.reading import Person
from tests.pdf_text import text_of, undrawable

# Six forms in each run; all 46 take half a minute (`make machine`).
SAMPLE = ("business-registration", "food-operation", "tobacco-retail", "public-place-hygiene", "hazchem", "seed-filing")


def squeezed(text):
    return re.sub(r"\s", "", text)


def printed(content):
    return squeezed(text_of(content))


@pytest.fixture
def draft(catalogue, city, storage_folder, files_checked):
    draft = ready(catalogue, RESTAURANT, division=city)
    files_checked()
    return draft


def signed_for(catalogue, code, **values):
    """An application for this one item, submitted, every element filled in."""
    elements = [catalogue.elements[one] for one in catalogue.items[code].form_fields]
    filled = {element.code: sample(element) for element in elements} | values
    return ApplicationFactory(submitted=True, chosen=[code], values=filled)


def test_a_form_names_its_item_its_law_its_number_and_its_signer(draft):
    filed = submit(draft, draft.filer)
    text = printed(printing.item_form(filed, "food-operation"))
    item = filed.release and plan_for(filed).catalogue.items["food-operation"]
    assert f"{item.name}申请表" in text
    assert squeezed(f"《{item.legal_basis[0].title}》{item.legal_basis[0].article}") in text
    assert filed.number in text
    assert filed.snapshot_sha256 in text
    assert f"{filed.filer}已于" in text
    assert "以登录密码方式确认签名" in text


def test_a_form_holds_what_its_item_asks_for_and_nothing_of_the_others(draft):
    plan = plan_for(draft)
    asked = {
        code: {one.code for one in elements_of(plan.catalogue, plan.catalogue.items[code], plan.situation.facts)}
        for code in plan.chosen
    }
    first, *others = sorted(plan.chosen, key=lambda code: len(asked[code]))
    foreign = set().union(*(asked[code] for code in others)) - asked[first]
    labels = {plan.catalogue.elements[code].label for code in asked[first]}
    text = printed(printing.item_form(draft, first))
    assert [label for label in labels if squeezed(label) not in text] == []
    strange = {plan.catalogue.elements[code].label for code in foreign} - labels
    assert [label for label in strange if len(label) > 5 and f"{squeezed(label)}没有填" in text] == []
    assert "草稿" in text


@pytest.mark.parametrize("name", ["龘龘龙店", "䶮记小吃", "𠮷野家"])
def test_rare_characters_are_read_back(catalogue, name):
    filed = signed_for(catalogue, "food-operation")
    filed.snapshot["enterprise"]["name"] = name
    content = printing.item_form(filed, "food-operation")
    assert name in printed(content)
    # The fonts of this machine may lack one (checked at the start); all that they have is drawn.
    assert {letter for letter in undrawable(content) if pdf.can_draw(letter)} == set()


@pytest.mark.parametrize("code", CATALOGUE.items if os.environ.get("PRINT_ALL") else SAMPLE)
def test_every_value_of_a_form_is_read_back(catalogue, code):
    filed = signed_for(catalogue, code)
    content = printing.item_form(filed, code)
    text = printed(content)
    assert {letter for letter in undrawable(content) if pdf.can_draw(letter)} == set()
    for element in (catalogue.elements[one] for one in catalogue.items[code].form_fields):
        assert squeezed(element.label) in text
        if element.type != "rows":
            assert squeezed(value_text(element, filed.values[element.code])) in text, element.code
        else:
            assert all(squeezed(column.label) in text for column in element.columns)


def test_what_was_corrected_and_what_is_disputed_is_marked(catalogue):
    filed = signed_for(catalogue, "food-operation")
    filed.snapshot["disputes"] = {"legal_rep_name": {"value": "李四光", "reason": "登记有误", "was": "李四"}}
    now = filed.snapshot["values"] | {"contact_name": "王五"}
    text = printed(printing.item_form(filed, "food-operation", now))
    assert "王五补正后。签名时填的是：示例" in text
    assert "登记的是：李四。理由：登记有误" in text


def test_masked_numbers_stay_masked_on_paper(catalogue):
    filed = signed_for(catalogue, "food-operation")
    number = filed.values["legal_rep_id"]
    text = printed(printing.item_form(filed, "food-operation", hidden={"legal_rep_id"}))
    assert number not in text
    assert masked("id_number", number) in text


def test_words_that_people_typed_stay_words(catalogue):
    hostile = '<img src="file:///etc/passwd"><style>*{display:none}</style>'
    filed = signed_for(catalogue, "food-operation", contact_name=hostile)
    assert squeezed(hostile) in printed(printing.item_form(filed, "food-operation"))


def test_the_package_holds_the_code_all_forms_the_checklist_and_the_sheet_to_sign(draft):
    plan = plan_for(draft)
    text = printed(printing.package(draft))
    assert squeezed(draft.draft_code) in text
    assert all(squeezed(printing.title_of(plan.catalogue.items[code])) in text for code in plan.chosen)
    assert "要带原件" in text
    assert "窗口核对人" in text
    assert "还没有填好的" not in text


def test_the_package_of_an_unfinished_draft_says_what_is_missing(draft):
    draft.materials.all().delete()
    assert "还没有填好的" in printed(printing.package(draft))


def test_the_pages_show_the_pdf_and_let_nobody_keep_it(client, draft):
    client.force_login(draft.filer)
    for path in (
        reverse("licensing:item-form", args=[draft.public_id, "food-operation"]),
        reverse("licensing:package", args=[draft.public_id]),
    ):
        response = client.get(path)
        assert response.content.startswith(b"%PDF-")
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Content-Type-Options"] == "nosniff"
    assert client.get(reverse("licensing:item-form", args=[draft.public_id, "hazchem"])).status_code == 404


def test_without_a_chinese_font_the_page_says_so_and_all_else_works(client, draft, monkeypatch):
    monkeypatch.setattr(pdf, "can_draw", lambda letters: False)
    page = Person(client, draft.filer).open(reverse("licensing:package", args=[draft.public_id]))
    assert "没有装中文字体，暂时不能生成 PDF" in page.text
    assert [warning.id for warning in pdf.check_printing(None)] == ["licensing.W001"]


def test_one_person_has_one_pdf_laid_out_at_a_time(client, draft):
    client.force_login(draft.filer)
    page, elsewhere = reverse("licensing:package", args=[draft.public_id]), connection.copy()
    with elsewhere.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [Work.PRINTING, draft.filer.pk])
        assert "另一份 PDF 还在生成" in client.get(page, follow=True).content.decode()
    elsewhere.close()
    assert client.get(page).headers["Content-Type"] == "application/pdf"
    assert client.get(page).status_code == 200


def test_a_holder_prints_the_licence_values_too(catalogue, draft):
    LicenceFactory(holder=draft.enterprise, premises=draft.premises, item_code="tobacco-retail")
    assert draft.enterprise.uscc in printed(printing.item_form(draft, "food-operation"))
