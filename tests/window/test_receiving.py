"""收件: what lies on the counter is ticked, scanned or called missing; the receipt says so for good."""

from datetime import date
from functools import partial

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404
from django.urls import reverse

from exchange.models import Message
from licensing import drafts, papers
from licensing.models import SubmittedMaterial
from licensing.plan import plan_for
from tests.factories import ApplicationFactory, EnterpriseFactory, HallFactory, MembershipFactory
from tests.licensing.drafting import RESTAURANT, begun
from tests.licensing.samples import PDF, upload
from tests.threads import at_once
from tests.window.counter import LI_SI, WHO, browser_of, look_up, opened, page
from window import assisting, intake
from window.intake import Line
from window.models import Receipt, ReceiptNumber
from window.numbers import take_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


@pytest.fixture
def draft(catalogue, city):
    """Filled online by its owner 李四, its papers still to be handed in."""
    return begun(catalogue, RESTAURANT, enterprise=EnterpriseFactory(legal_representative="李四"), division=city)


@pytest.fixture
def wanted(draft):
    """The papers that the applicant must hand in."""
    return [paper for paper in papers.ways(draft, plan_for(draft)) if paper.missing]


def lines(*, missing=True):
    seen = Line("a", "租赁合同", True, 1, "", True)
    return [seen, Line("b", "健康证明", False, 0, "没有盖章", True)] if missing else [seen]


class TestTheForm:
    def test_it_lists_each_paper_the_applicant_may_hand_in_once(self, clerk, draft, wanted):
        shown = opened(clerk, draft).get(page("receive", draft)).content.decode()
        assert wanted
        for paper in wanted:
            assert shown.count(f'name="{paper.code}-scan"') == 1

    def test_a_tick_a_scan_and_words_make_the_receipt(self, clerk, hall, draft, wanted):
        first, second = wanted[:2]
        typed = WHO | {
            f"{first.code}-original": "on",
            f"{first.code}-scan": upload(PDF, "合同.pdf"),
            f"{second.code}-words": "没有盖章",
        }
        response = opened(clerk, draft).post(page("receive", draft), typed)
        receipt = Receipt.objects.get()
        assert response.url == page("receipt", receipt)
        assert [one["code"] for one in receipt.received] == [first.code]
        assert {one["code"]: one["words"] for one in receipt.missing}[second.code] == "没有盖章"
        assert receipt.clerk == clerk
        assert SubmittedMaterial.objects.get(application=draft, code=first.code).files.get().name == "合同.pdf"

    def test_one_tick_stands_for_every_original_but_those_with_something_wrong(self, clerk, hall, draft, wanted):
        typed = WHO | {"all_seen": "on", f"{wanted[0].code}-words": "没有盖章"}
        opened(clerk, draft).post(page("receive", draft), typed)
        receipt = Receipt.objects.get()
        assert {one["code"] for one in receipt.received} == {paper.code for paper in wanted[1:]}
        assert [one["words"] for one in receipt.missing] == ["没有盖章"]

    def test_taking_in_puts_the_person_on_record_as_an_assistance(self, clerk, hall, draft):
        opened(clerk, draft).post(page("receive", draft), WHO)
        filing = assisting.standing_for(draft, hall)
        assert (filing.clerk, filing.person_name) == (clerk, "李四")

    def test_a_colleague_goes_on_without_asking_again_who_came(self, clerk, colleague, hall, draft):
        assisting.begin(draft, hall, clerk, LI_SI)
        browser_of(colleague).post(page("receive", draft), {"person_name": "李四"})
        assert Receipt.objects.get().clerk == colleague
        assert assisting.standing_for(draft, hall).clerk == colleague

    def test_a_file_that_is_not_taken_changes_nothing(self, clerk, draft, wanted):
        typed = WHO | {f"{wanted[0].code}-scan": upload(b"MZ", "病毒.exe")}
        response = opened(clerk, draft).post(page("receive", draft), typed)
        assert "病毒.exe" in response.content.decode()
        assert "要再选一次" in response.content.decode()
        assert not Receipt.objects.exists()
        assert not draft.materials.exists()

    def test_a_draft_without_a_plan_is_filled_first(self, clerk):
        enterprise = EnterpriseFactory()
        browser = browser_of(clerk)
        browser.post(reverse("window:start"), WHO | {"uscc": enterprise.uscc})
        draft = enterprise.applications.get()
        assert browser.get(page("receive", draft)).url == page("case", draft)

    def test_another_hall_has_no_such_page(self, clerk, outsider, draft):
        opened(clerk, draft)
        assert browser_of(outsider).get(page("receive", draft)).status_code == 404


class TestTheReceipt:
    def test_the_case_leads_to_it_to_print_it_again(self, clerk, hall, draft):
        opened(clerk, draft).post(page("receive", draft), WHO)
        shown = browser_of(clerk).get(page("case", draft)).content.decode()
        assert page("receipt", Receipt.objects.get()) in shown

    def test_the_applicant_finds_it_in_the_inbox(self, clerk, hall, draft):
        receipt = intake.give_receipt(draft, hall, clerk, "李四", lines())
        message = Message.objects.get(user=draft.filer)
        assert receipt.number in message.text
        assert "还缺 1 份" in message.text
        assert "没有盖章" in browser_of(draft.filer).get(message.path).content.decode()
        assert browser_of(MembershipFactory().user).get(message.path).status_code == 404

    def test_it_is_a_page_to_print(self, clerk, hall, draft):
        receipt = intake.give_receipt(draft, hall, clerk, "李四", lines())
        response = browser_of(clerk).get(page("receipt-pdf", receipt))
        assert response["Content-Type"] == "application/pdf"
        assert response.content.startswith(b"%PDF")

    def test_another_hall_does_not_see_it(self, clerk, outsider, hall, draft):
        receipt = intake.give_receipt(draft, hall, clerk, "李四", lines())
        for name in ("receipt", "receipt-pdf"):
            assert browser_of(clerk).get(page(name, receipt)).status_code == 200
            assert browser_of(outsider).get(page(name, receipt)).status_code == 404

    def test_its_number_opens_the_case_again(self, clerk, hall, draft):
        receipt = intake.give_receipt(draft, hall, clerk, "李四", lines())
        assert look_up(clerk, receipt.number).url == page("case", draft)

    def test_elsewhere_a_guessed_number_opens_no_draft(self, outsider, clerk, hall, draft):
        receipt = intake.give_receipt(draft, hall, clerk, "李四", lines())
        assert "没有这个编号" in look_up(outsider, receipt.number).content.decode()
        assert look_up(outsider, receipt.label).url == page("case", draft)

    def test_who_lost_the_place_meanwhile_gives_none(self, clerk, hall, draft):
        clerk.clerkships.all().delete()
        with pytest.raises(Http404):
            intake.give_receipt(draft, hall, clerk, "李四", lines())
        assert not Receipt.objects.exists()

    def test_a_second_one_follows_the_first(self, clerk, hall, draft):
        first = intake.give_receipt(draft, hall, clerk, "李四", lines())
        second = intake.give_receipt(draft, hall, clerk, "李四", lines(missing=False))
        assert second.previous == first
        assert first.number in browser_of(clerk).get(page("receipt", second)).content.decode()

    def test_it_is_neither_changed_nor_deleted(self, clerk, hall, draft):
        intake.give_receipt(draft, hall, clerk, "李四", lines())
        for change in (lambda: Receipt.objects.update(person_name="王五"), lambda: Receipt.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_it_stays_when_the_owner_deletes_the_draft(self, clerk, hall, draft):
        receipt = intake.give_receipt(draft, hall, clerk, "李四", lines())
        drafts.delete(draft)
        assert receipt.number in browser_of(clerk).get(page("receipt", receipt)).content.decode()


class TestNumbers:
    def test_each_hall_and_day_counts_from_one(self, hall, elsewhere):
        monday, tuesday = date(2026, 5, 11), date(2026, 5, 12)
        taken = [take_number(*one)[0] for one in ((hall, monday), (hall, monday), (elsewhere, monday), (hall, tuesday))]
        assert taken == [1, 2, 1, 1]

    def test_no_two_halls_share_a_number(self, hall):
        other = HallFactory(name="分厅", division=hall.division)
        assert take_number(hall, date(2026, 5, 11))[1] != take_number(other, date(2026, 5, 11))[1]

    def test_a_receipt_that_fails_gives_its_number_back(self, clerk, hall, draft):
        with pytest.raises(DatabaseError), transaction.atomic():
            intake.give_receipt(draft, hall, clerk, "", lines())
        assert not ReceiptNumber.objects.exists()
        assert intake.give_receipt(draft, hall, clerk, "李四", lines()).serial == 1

    @pytest.mark.django_db(transaction=True)
    def test_windows_at_the_same_moment_take_numbers_without_gap_or_double(self, clerk, hall):
        cases = ApplicationFactory.create_batch(4)
        given = at_once(*[partial(intake.give_receipt, case, hall, clerk, "李四", lines()) for case in cases])
        assert sorted(receipt.serial for receipt in given) == [1, 2, 3, 4]

    @pytest.mark.django_db(transaction=True)
    def test_two_windows_at_one_case_make_one_chain(self, clerk, colleague, hall):
        case = ApplicationFactory()
        at_once(*[partial(intake.give_receipt, case, hall, who, "李四", lines()) for who in (clerk, colleague)])
        first, second = Receipt.objects.order_by("serial")
        assert (first.previous, second.previous) == (None, first)

    def test_papers_of_nothing_make_no_receipt(self, clerk, hall, draft):
        with pytest.raises(intake.NothingToReceive):
            intake.give_receipt(draft, hall, clerk, "李四", [])
        assert not Receipt.objects.exists()
