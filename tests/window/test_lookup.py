"""Finding a case: by its exact code or number only, on record, for this hall and this day."""

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guidance.codes import grouped
from licensing.models import Status
from tests.factories import (
    ApplicationFactory,
    ApprovalTaskFactory,
    EnterpriseFactory,
    GuidanceSessionFactory,
    MembershipFactory,
    PostFactory,
    UserFactory,
)
from tests.window.counter import browser_of, look_up, opened, page
from window.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


@pytest.fixture(autouse=True)
def _no_misses():
    cache.clear()


@pytest.fixture
def draft():
    return ApplicationFactory()


class TestByCode:
    @pytest.mark.parametrize("typed", ["{code}", "{lower}", " {code}\n", "{halves}"])
    def test_enter_opens_the_draft_whose_code_was_typed(self, clerk, draft, typed):
        code = draft.draft_code
        text = typed.format(code=code, lower=code.lower(), halves=f"{code[:4]}-{code[4:]}")
        assert look_up(clerk, text).url == page("case", draft)

    def test_the_application_number_opens_what_was_submitted(self, clerk):
        application = ApplicationFactory(submitted=True)
        assert look_up(clerk, application.number).url == page("case", application)

    def test_a_wrong_code_and_a_strange_one_get_the_same_answer(self, clerk, draft):
        answers = [look_up(clerk, text).content.decode() for text in ("22222222", "ZZZZZZZZ")]
        assert all("没有找到" in answer for answer in answers)

    @pytest.mark.parametrize("text", ["", "\0", "😀" * 20, "9" * 61, "YZ", "%00", "'; DROP"])
    def test_rubbish_is_answered_in_words(self, clerk, text):
        response = look_up(clerk, text)
        assert response.status_code == 200
        assert "error-summary" in response.content.decode()

    def test_the_field_has_the_cursor_when_the_page_opens(self, clerk):
        assert "autofocus" in browser_of(clerk).get(reverse("window:home")).content.decode()


class TestByGuidance:
    @pytest.mark.parametrize("typed", ["{code}", "{lower}", "{halves}", "https://zz.example.cn/guide/{id}/"])
    def test_its_code_typed_or_its_square_scanned_offers_to_begin_from_it(self, clerk, typed):
        guide = GuidanceSessionFactory()
        parts = {"lower": guide.code.lower(), "halves": grouped(guide.code), "id": guide.public_id}
        response = look_up(clerk, typed.format(code=guide.code, **parts))
        assert response.url == f"{reverse('window:start')}?guide={guide.public_id}"

    def test_nothing_goes_on_record_of_what_holds_no_personal_data(self, clerk):
        look_up(clerk, GuidanceSessionFactory().code)
        assert not Entry.objects.exists()

    @pytest.mark.parametrize("text", ["/guide/00000000-0000-0000-0000-000000000001/", f"/guide/{'-' * 36}/"])
    def test_an_address_that_nobody_has_is_not_found(self, clerk, text):
        assert "没有找到" in look_up(clerk, text).content.decode()


class TestByUscc:
    def test_it_opens_a_confirmed_enterprise_of_the_whole_city(self, clerk):
        enterprise = EnterpriseFactory()
        assert look_up(clerk, enterprise.uscc).url == page("holder", enterprise)

    def test_its_page_shows_what_was_submitted_and_no_draft(self, clerk):
        enterprise = EnterpriseFactory()
        draft, filed = (
            ApplicationFactory(enterprise=enterprise),
            ApplicationFactory(enterprise=enterprise, submitted=True),
        )
        browser = browser_of(clerk)
        shown = browser.post(reverse("window:home"), {"text": enterprise.uscc}, follow=True).content.decode()
        assert filed.number in shown
        assert draft.draft_code not in shown
        assert str(draft.public_id) not in shown

    def test_an_unconfirmed_one_is_not_found(self, clerk):
        unconfirmed = EnterpriseFactory(unverified=True)
        assert "确认企业" in look_up(clerk, unconfirmed.uscc).content.decode()

    def test_its_queries_do_not_grow_with_what_it_filed(self, clerk):
        enterprise, counts = EnterpriseFactory(), []
        browser = browser_of(clerk)
        browser.post(reverse("window:home"), {"text": enterprise.uscc})
        for _ in range(2):
            ApplicationFactory.create_batch(3, enterprise=enterprise, submitted=True)
            with CaptureQueriesContext(connection) as asked:
                browser.get(page("holder", enterprise))
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestWhoMayOpen:
    def test_a_case_is_closed_until_this_hall_has_looked_it_up(self, clerk, draft):
        browser = browser_of(clerk)
        assert browser.get(page("case", draft)).status_code == 404
        browser.post(reverse("window:home"), {"text": draft.draft_code})
        assert browser.get(page("case", draft)).status_code == 200

    def test_a_colleague_of_the_hall_may_go_on_and_another_hall_may_not(self, clerk, colleague, outsider, draft):
        opened(clerk, draft)
        assert browser_of(colleague).get(page("case", draft)).status_code == 200
        assert browser_of(outsider).get(page("case", draft)).status_code == 404

    def test_the_next_day_the_code_is_asked_for_again(self, clerk, draft, time_machine):
        time_machine.move_to("2026-05-11T02:00:00+00:00")
        browser = opened(clerk, draft)
        time_machine.move_to("2026-05-12T02:00:00+00:00")
        browser.force_login(clerk)
        assert browser.get(page("case", draft)).status_code == 404

    def test_applicants_and_officers_have_no_window(self, clerk, draft):
        opened(clerk, draft)
        for person in (draft.filer, MembershipFactory().user, PostFactory().user, UserFactory(operator=True)):
            for path in (reverse("window:home"), page("case", draft), reverse("window:shelf")):
                assert browser_of(person).get(path).status_code == 404

    def test_a_clerk_who_lost_the_place_loses_the_pages_at_once(self, clerk, draft):
        browser = opened(clerk, draft)
        clerk.clerkships.all().delete()
        assert browser.get(page("case", draft)).status_code == 404


class TestOnRecord:
    def test_each_look_up_is_recorded_with_who_what_and_when(self, clerk, hall, draft):
        look_up(clerk, draft.draft_code)
        entry = Entry.objects.get()
        assert (entry.clerk, entry.hall, entry.kind, entry.case) == (clerk, hall, "looked_up", draft.public_id)

    def test_after_a_miss_the_field_is_empty_for_the_next_scan(self, clerk):
        shown = look_up(clerk, "ABCDEFGH").content.decode()
        assert "“ABCDEFGH”" in shown
        assert 'value="ABCDEFGH"' not in shown

    def test_nothing_is_recorded_of_what_was_not_found(self, clerk):
        look_up(clerk, "22222222")
        assert not Entry.objects.exists()

    def test_the_record_can_be_neither_changed_nor_deleted(self, clerk, draft):
        look_up(clerk, draft.draft_code)
        for change in (lambda: Entry.objects.update(label="X"), lambda: Entry.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_after_thirty_misses_even_the_right_code_waits(self, clerk, draft):
        for _ in range(30):
            look_up(clerk, "22222222")
        assert "次数太多" in look_up(clerk, draft.draft_code).content.decode()

    def test_hits_are_not_counted(self, clerk, draft):
        for _ in range(35):
            assert look_up(clerk, draft.draft_code).status_code == 302


def test_a_submitted_case_shows_where_each_item_stands(clerk):
    task = ApprovalTaskFactory(accepted=True)
    assert task.application.status == Status.IN_PROGRESS
    shown = opened(clerk, task.application).get(page("case", task.application)).content.decode()
    assert task.application.number in shown
    assert task.get_status_display() in shown
