"""What an item costs stands in the catalogue with its law; where no fee is named, nothing is charged."""

import pytest
from django.urls import reverse

from guidance import loading, releases
from guidance.linting import examine
from guidance.linting.overlays import lint as lint_overlay
from guidance.lists import LISTS
from guidance.schema import Catalogue
from tests.guidance.answering import replay_to_the_end
from tests.guidance.conftest import DOCUMENTS
from tests.guidance.test_linting import entry_of
from tests.guidance.test_notice import EATERY
from tests.guidance.test_notice_pages import answered, notice_page, text
from tests.pdf_text import text_of

FEE = {"text": "每平方米每日0.2元", "basis": "《城市道路管理条例》第三十七条"}
SAID = "每平方米每日0.2元（依据：《城市道路管理条例》第三十七条）"
KNOWN = examine(DOCUMENTS)[1]


def charging(documents, fee, code="outdoor-ad"):
    entry_of(documents, "items", code)["fee"] = fee
    return documents


def found(documents, fee, code="outdoor-ad"):
    """([errors], [warnings]) that this fee alone brings, as they are printed."""
    errors, warnings = examine(charging(documents, fee, code))
    return list(map(str, errors)), [str(one) for one in warnings if one not in KNOWN]


@pytest.mark.parametrize(
    ("fee", "words"),
    [
        (10, "fee：要写成一组键和值，不能是“10”"),
        ({"text": 10, "basis": "《契税法》"}, "fee.text：要写文字，不能是“10”；改法：给它加上引号"),
        ({"basis": "《契税法》"}, "fee.text：缺少这个键"),
        ({**FEE, "basis": None}, "fee.basis：要写文字，不能是空的"),
        ({**FEE, "amount": 10}, "fee.amount：没有这个键"),
        ({"text": "每证10元"}, "fee.basis：没有写收费依据；改法：写明收费依据，例如《…条例》第…条"),
        ({**FEE, "basis": "按有关规定"}, "fee.basis：没有写明收费依据：“按有关规定”；改法：写明"),
        ({**FEE, "basis": "《有关规定》第一条"}, "fee.basis：没有写明收费依据：“《有关规定》第一条”"),
        ({**FEE, "basis": "本市规定（示例）"}, "fee.basis：没有写明收费依据：“本市规定（示例）”"),
        ({**FEE, "text": "免费"}, "fee.text：“免费”不是收费；改法：不收费的，fee写null"),
    ],
)
def test_a_fee_of_a_wrong_form_or_without_its_ground_is_an_error(documents, fee, words):
    [error], _ = found(documents, fee)
    assert words in error


@pytest.mark.parametrize("fee", [None, FEE, {**FEE, "basis": "《道路交通安全法（2021年修正）》第一百零二条"}])
def test_a_fee_that_a_law_or_administrative_regulation_allows_is_in_order(documents, fee):
    assert found(documents, fee) == ([], [])


@pytest.mark.parametrize("basis", ["《某某管理办法》第三条", "《广东省市政设施条例》第二条", "粤发改规〔2019〕1号"])
def test_a_licence_is_not_charged_for_by_anything_less(documents, basis):
    errors, [warning] = found(documents, {**FEE, "basis": basis})
    assert errors == []
    assert "行政许可法第五十八条" in warning


def test_a_service_may_be_charged_for_by_a_numbered_document(documents):
    assert found(documents, {**FEE, "basis": "粤发改规〔2019〕1号"}, "seal-engraving") == ([], [])


def test_a_fee_says_how_much(documents):
    _, [warning] = found(documents, {**FEE, "text": "按标准收取"})
    assert "没有写明收多少" in warning


@pytest.mark.parametrize("fee", [None, FEE])
def test_a_city_neither_sets_nor_changes_a_fee(fee):
    changes = {"version": 1, "name": "x", "city": "某市"}
    changes["items"] = [{"code": "outdoor-ad", "why": "本市规定（示例）", "fee": fee}]
    assert "本市不能改fee" in str(lint_overlay(changes, DOCUMENTS, "x")[0])


def test_the_list_of_all_items_says_what_each_costs(documents):
    table = LISTS["online"].table(Catalogue.from_data(charging(documents, FEE)))
    assert LISTS["online"].headings[-1] == "收费"
    assert {row[0]: row[-1] for row in table if row[-1] != "不收费"} == {
        entry_of(documents, "items", "outdoor-ad")["name"]: SAID
    }


@pytest.fixture
def publish(nothing_published):
    # What the lint says of a fee is asked above; the proof reads none.
    return lambda documents: loading.publish(documents, check=None)[0]


class TestCharged:
    @pytest.fixture
    def session(self, publish, documents):
        return answered(publish(charging(documents, FEE)), EATERY)

    def test_the_guide_says_it_with_its_law(self, client, session):
        guide = text(client.get(reverse("guidance:item", args=["outdoor-ad"])))
        assert SAID in guide
        assert "不收费" in text(client.get(reverse("guidance:item", args=["food-operation"])))

    def test_the_result_marks_the_item_and_counts_it(self, client, session):
        page = text(client.get(reverse("guidance:result", args=[session.public_id])))
        assert "有 1 项收费，名称下面标着“收费”；其余不收费。" in page
        assert "办理不收费" not in page
        assert SAID in page

    def test_the_notice_says_it_in_a_line_on_its_page_and_on_paper(self, client, session):
        line = f"收费：设置大型户外广告及在城市建筑物、设施上悬挂、张贴宣传品审批，{SAID}；其余不收费。"
        assert line in text(client.get(notice_page(session)))
        assert line in text_of(client.get(notice_page(session, "notice-pdf")).content).replace("\n", "")

    def test_the_api_tells_it(self, client, session):
        fees = {one["code"]: one["fee"] for one in client.get("/api/v1/items/").json()}
        assert (fees["outdoor-ad"], fees["drainage"]) == (FEE, None)


def test_where_nothing_is_charged_the_result_and_the_notice_say_so(client, publish):
    session = answered(publish(DOCUMENTS), EATERY)
    assert "办理不收费。" in text(client.get(reverse("guidance:result", args=[session.public_id])))
    assert "收费：不收费。" in text(client.get(notice_page(session)))


def test_a_release_from_before_fees_is_read_and_null_is_no_fee(publish, documents):
    before = releases.load(publish(DOCUMENTS).pk)
    after = releases.load(publish(charging(documents, None)).pk)
    assert {item.fee for one in (before, after) for item in one.items.values()} == {None}
    assert len(replay_to_the_end(before, EATERY).items) > 1
