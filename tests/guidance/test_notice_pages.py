"""The one-time notice on its page and on paper, and coming back to it by its code."""

import io
import re

import pikepdf
import pytest
import zxingcpp
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format

from guidance import releases
from guidance.codes import grouped
from guidance.engine import replay
from guidance.models import Release, ReleaseStatus
from guidance.recommendation import Remark
from tests.barcodes import drawn
from tests.factories import GuidanceSessionFactory
from tests.guidance.answering import replay_to_the_end
from tests.guidance.test_notice import EATERY
from tests.pdf_text import text_of, undrawable

COME_BACK = "/guide/code/"
# A founder's hotel with nearly everything: more than fifteen items.
MANY = {
    "has_licence": "none",
    "entity_type": "company",
    "opening_services": ["seal", "tax", "social", "fund", "bank"],
    "staff_count": 20,
    "store_form": "service",
    "area": 3000,
    "sectors": ["food", "goods", "lodging"],
    "food_kinds": ["hot", "cold"],
    "goods_kinds": ["tobacco", "drugs", "devices", "books"],
    "drug_level": "otc_b",
    "device_classes": ["class3"],
    "book_mode": "retail",
    "lodging_type": "hotel",
    "room_count": 60,
    "lodging_extras": ["restaurant", "pool", "spa", "ktv"],
    "wastewater": "sewer",
    "outdoor_sign": ["ad_board"],
    "sign_area": 12,
}


@pytest.fixture(autouse=True)
def release(db, _loaded_once):
    if not Release.objects.exists():
        call_command("load_catalogue", verbosity=0)
    return releases.current()


@pytest.fixture
def session(release):
    return answered(release, EATERY, declined=["drainage"])


def answered(release, answers, **columns):
    situation = replay_to_the_end(releases.load(release.pk), answers)
    return GuidanceSessionFactory(release=release, answers=situation.answers, **columns)


def notice_page(session, name="notice"):
    return reverse(f"guidance:{name}", args=[session.public_id])


def text(response):
    return BeautifulSoup(response.content, "html.parser").main.get_text(" ", strip=True)


def type_code(client, code):
    return client.post(COME_BACK, {"code": code})


def rightmost(content):
    """How far to the right anything is drawn with lines or as an area, in points."""
    reached, matrix, stack = 0, pikepdf.Matrix(), []
    with pikepdf.open(io.BytesIO(content)) as document:
        for operands, operator in (step for page in document.pages for step in pikepdf.parse_content_stream(page)):
            match str(operator):
                case "q":
                    stack.append(matrix)
                case "Q":
                    matrix = stack.pop()
                case "cm":
                    matrix = pikepdf.Matrix(*operands) @ matrix
                case "m" | "l":
                    reached = max(reached, matrix.transform(tuple(map(float, operands)))[0])
                case "re":
                    x, y, wide, high = map(float, operands)
                    reached = max(reached, matrix.transform((x + wide, y + high))[0])
    return reached


class TestOnThePage:
    def test_it_says_all_at_once(self, client, session):
        said = text(client.get(notice_page(session)))
        assert "这次要办 2 项" in said
        for part in (
            "食品经营许可",
            "您回答了：",
            "承诺时限",
            "法定时限",
            "条件自查表",
            "底部离地高度不少于 2.5 米",
            "厨房设备设施清单",
        ):
            assert part in said
        assert "可以容缺：受理后 7 个工作日内补，在期限内登录平台上传" in said
        assert "请在开业前另行办理： 污水排入排水管网许可" in said

    @pytest.mark.parametrize(("answers", "folded"), [(EATERY, False), (MANY, True)])
    def test_items_and_conditions_are_folded_where_there_are_many(self, client, release, answers, folded):
        page = BeautifulSoup(client.get(notice_page(answered(release, answers))).content, "html.parser")
        parts = page.select("details:is(.notice-item, .self-check)")
        assert [part.has_attr("open") for part in parts] == [not folded] * len(parts)
        assert all(re.search("承诺 .+工作日", part.summary.text) for part in page.select(".notice-item"))
        assert "请自查" not in page.main.text

    @pytest.mark.parametrize(("hints", "folded"), [(2, 0), (3, 3)])
    def test_many_mere_hints_are_folded_and_no_warning_is(self, hints, folded):
        remarks = [Remark(level, "中学旁边", "不能开", (), ()) for level in ["block", "warn", *["info"] * hints]]
        told = BeautifulSoup(render_to_string("guidance/includes/remarks.html", {"remarks": remarks}), "html.parser")
        assert len(told.select(".notice")) == 2 + hints
        assert len(told.select("details .notice--info")) == len(told.select("details .notice")) == folded

    def test_its_contents_say_how_much_there_is_of_each(self, client, release):
        page = BeautifulSoup(client.get(notice_page(answered(release, MANY))).content, "html.parser")
        contents = re.sub(r"\s+", "", page.select_one(".notice-contents").text)
        items, papers = page.select(".notice-item"), page.select(".notice-paper")
        lines = page.select(".self-check input")
        assert f"多久{len(items)}项" in contents
        assert f"自查表{len(lines)}条" in contents
        depending = [paper for paper in papers if "看情况" in paper.summary.text]
        assert f"要您交{len(papers) - len(depending)}份，另有{len(depending)}份看情况才要" in contents
        assert all(page.select_one(link["href"]) for link in page.select(".notice-contents a"))

    def test_it_names_its_code_its_day_and_its_release(self, client, session, release):
        said = text(client.get(notice_page(session)))
        assert grouped(session.code) in said
        assert f"按事项目录{release}" in said
        assert f"{date_format(timezone.localdate(), 'Y年n月j日')}出具" in said
        assert "后来更新过" not in said

    def test_an_old_session_is_told_under_its_release_with_a_warning(self, client, session, release):
        newer = Release.objects.create(
            number=release.number + 1,
            status=ReleaseStatus.PUBLISHED,
            content_sha256="0" * 64,
            effective_on=timezone.localdate(),
            published_at=timezone.now(),
        )
        said = text(client.get(notice_page(session)))
        assert f"按事项目录{release}" in said
        assert f"事项目录后来更新过，现在是{newer}" in said

    def test_the_bars_and_the_square_on_the_page_lead_back(self, client, session, settings):
        soup = BeautifulSoup(client.get(notice_page(session)).content, "html.parser")
        bars, square = (str(svg) for svg in soup.select(".notice-code svg"))
        bars = bars.replace("viewbox", "viewBox")
        assert [found.text for found in zxingcpp.read_barcodes(drawn(bars))] == [session.code]
        [found] = zxingcpp.read_barcodes(drawn(square.replace("viewbox", "viewBox")))
        assert found.text == settings.PUBLIC_URL + reverse("guidance:resume", args=[session.public_id])

    def test_while_a_question_is_open_it_leads_there(self, client, release):
        open_session = GuidanceSessionFactory(release=release)
        for name in ("notice", "notice-pdf"):
            response = client.get(notice_page(open_session, name))
            assert response.url == reverse("guidance:resume", args=[open_session.public_id])

    def test_nothing_to_apply_for_is_said_too(self, client, release):
        session = answered(release, {})
        assert "这次没有可以申请的事项" in text(client.get(notice_page(session)))

    def test_the_result_leads_to_it(self, client, session):
        page = client.get(reverse("guidance:result", args=[session.public_id])).content.decode()
        assert notice_page(session) in page

    def test_its_queries_do_not_grow_with_its_items(self, client, release, django_assert_max_num_queries):
        for answers in (EATERY, MANY):
            session = answered(release, answers)
            client.get(notice_page(session))
            with django_assert_max_num_queries(4):
                client.get(notice_page(session))


class TestOnPaper:
    def test_more_than_fifteen_items_stay_legible_with_numbered_pages(self, client, release):
        session = answered(release, MANY)
        assert len(replay(releases.load(release.pk), session.answers).items) > 15
        response = client.get(notice_page(session, "notice-pdf"))
        said = re.sub(r"\s", "", text_of(response.content))
        pages = len(pikepdf.open(io.BytesIO(response.content)).pages)
        assert f"第{pages}页，共{pages}页" in said
        assert grouped(session.code) in said
        assert said.count("谁提供") > 1, "the heads of a table that breaks are repeated"
        assert not undrawable(response.content)
        # A4 is 595 points wide, the margin 18 mm.
        assert 540 < rightmost(response.content) < 595 - 18 / 25.4 * 72 + 1, "no table reaches over the margin"

    def test_it_is_shown_and_kept_by_nobody(self, client, session):
        response = client.get(notice_page(session, "notice-pdf"))
        assert response.content.startswith(b"%PDF-")
        assert response["Cache-Control"] == "private, no-store"

    def test_one_address_cannot_keep_the_printer_busy(self, client, session, settings):
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"notice_pdf": "1/m/ip"}
        client.get(notice_page(session, "notice-pdf"))
        assert client.get(notice_page(session, "notice-pdf")).status_code == 429


class TestByCode:
    @pytest.mark.parametrize("typed", ["{code}", "{lower}", " {halves}\n"])
    def test_the_code_leads_to_the_session_without_signing_in(self, client, session, typed):
        code = session.code
        response = type_code(client, typed.format(code=code, lower=code.lower(), halves=grouped(code)))
        assert response.url == reverse("guidance:resume", args=[session.public_id])

    def test_a_code_that_nobody_has_is_not_found(self, client):
        response = type_code(client, "2222-2222")
        assert response.status_code == 404
        assert "没有找到这个导办码" in text(response)

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("", "请填写导办码"),
            ("7KQ4-M2X", "导办码是 8 位，您填了 7 位"),
            ("7KQ4-M2X0", "导办码里没有“0”"),
            ("7\0KQ4M2X", "看不见的字符"),
            ("7" * 500, "导办码是 8 位"),
        ],
    )
    def test_what_is_wrong_with_a_code_is_said(self, client, typed, told):
        response = type_code(client, typed)
        assert response.status_code == 200
        assert told in text(response)
        assert 'id="error-summary" autofocus' in response.content.decode()

    def test_a_machine_that_guesses_on_is_not_even_told_of_a_code_that_somebody_has(self, client, session, settings):
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"guidance_code_guessed": "3/10m/ip"}
        for _ in range(3):
            type_code(client, "2222-2222")
        assert type_code(client, session.code).status_code == 429

    def test_after_many_misses_guessing_ends_but_who_has_a_code_is_kept_from_nothing(self, client, session):
        for _ in range(30):
            type_code(client, "2222-2222")
        refused = type_code(client, "2222-2222")
        assert (refused.status_code, "10 分钟以后再试" in text(refused)) == (429, True)
        assert type_code(client, session.code).status_code == 302

    def test_the_first_page_of_guidance_and_of_a_terminal_lead_there(self, client):
        assert COME_BACK in client.get("/guide/").content.decode()
        assert COME_BACK in client.get("/?channel=kiosk").content.decode()
