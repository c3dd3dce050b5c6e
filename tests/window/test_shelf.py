"""取件架: what was decided waits at its hall, and is given out once."""

from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exchange.models import Message
from licensing.models import AssistedFiling
from routing.models import DocumentKind
from tests.factories import (
    ApplicationFactory,
    ApprovalTaskFactory,
    DivisionFactory,
    DocumentFactory,
    EnterpriseFactory,
    LicenceFactory,
    MembershipFactory,
    PremisesFactory,
)
from tests.licensing.samples import PDF, upload
from tests.threads import at_once
from tests.window.conftest import ID_NUMBER
from tests.window.counter import LI_SI, WHO, browser_of, page
from window import shelf
from window.models import Entry, Handover

pytestmark = pytest.mark.django_db


def granted(division=None, **options):
    """An application with a licence and its decision, for premises in 江城区 unless told."""
    enterprise = EnterpriseFactory(legal_representative="李四", **options)
    premises = PremisesFactory(enterprise=enterprise, division=division or DivisionFactory())
    application = ApplicationFactory(enterprise=enterprise, premises=premises, in_progress=True)
    task = ApprovalTaskFactory(application=application, granted=True)
    LicenceFactory(holder=enterprise, premises=premises, source_task=task, office=task.office)
    DocumentFactory(task=task, kind=DocumentKind.GRANT, title="准予行政许可决定书")
    return application


@pytest.fixture
def application():
    return granted()


def keys_of(application):
    return [thing.key for thing in shelf.things_of([application])[application.pk]]


def hand_over(user, application, **changes):
    typed = WHO | {"things": keys_of(application), "signed": "on"}
    return browser_of(user).post(page("hand-over", application), typed | changes)


class TestWhatWaits:
    def test_a_licence_and_its_decision_wait_at_the_hall_of_the_district(self, hall, elsewhere, application):
        assert list(shelf.ready(hall)) == [application]
        assert not shelf.ready(elsewhere).exists()
        assert len(keys_of(application)) == 2

    def test_what_was_handed_in_at_a_hall_waits_there_too(self, elsewhere, outsider, application):
        AssistedFiling.objects.create(
            application=application, hall=elsewhere, clerk=outsider, authority="self", person_name="李四"
        )
        assert list(shelf.ready(elsewhere)) == [application]

    def test_nothing_waits_that_is_not_decided(self, hall):
        task = ApprovalTaskFactory(accepted=True)
        DocumentFactory(task=task, kind=DocumentKind.ACCEPTANCE)
        assert not shelf.ready(hall).exists()

    def test_a_licence_that_was_ended_is_not_given_out(self, hall, application):
        licence = application.tasks.get().licence
        type(licence).objects.filter(pk=licence.pk).update(status="annulled")
        assert [key.partition("-")[0] for key in keys_of(application)] == ["document"]

    def test_a_refusal_waits_as_well(self, hall):
        document = DocumentFactory(task__refused=True, kind=DocumentKind.REFUSAL)
        assert list(shelf.ready(hall)) == [document.task.application]

    @pytest.mark.parametrize("by", ["number", "licence", "name", "uscc"])
    def test_it_is_found_by_number_or_name(self, clerk, application, by):
        other = granted()
        text = {
            "number": application.number,
            "licence": application.tasks.get().licence.number,
            "name": application.enterprise.name,
            "uscc": application.enterprise.uscc,
        }[by]
        shown = browser_of(clerk).get(reverse("window:shelf"), {"q": text}).content.decode()
        assert page("hand-over", application) in shown
        assert page("hand-over", other) not in shown

    def test_its_queries_do_not_grow_with_what_waits(self, clerk):
        browser, counts = browser_of(clerk), []
        for _ in range(2):
            for _one in range(3):
                granted()
            with CaptureQueriesContext(connection) as asked:
                browser.get(reverse("window:shelf"))
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestHandingOver:
    def test_it_names_who_came_and_leaves_the_shelf(self, clerk, hall, application):
        hand_over(clerk, application)
        rows = Handover.objects.all()
        assert {(row.clerk, row.hall, row.person_name) for row in rows} == {(clerk, hall, "李四")}
        assert len(rows) == 2
        assert not shelf.ready(hall).exists()
        assert Entry.objects.get().kind == "handed_over"
        assert application.log.get(event="window.handed_over").actor == clerk

    def test_one_of_two_may_be_taken_and_the_other_waits(self, clerk, hall, application):
        first, second = keys_of(application)
        hand_over(clerk, application, things=[first])
        assert keys_of(application) == [second]
        assert shelf.ready(hall).exists()

    def test_afterwards_the_id_number_is_masked(self, clerk, application):
        shown = browser_of(clerk).get(hand_over(clerk, application).url).content.decode()
        assert "李四" in shown
        assert ID_NUMBER not in shown

    def test_the_applicant_is_told(self, clerk, application):
        owner = MembershipFactory(enterprise=application.enterprise).user
        hand_over(clerk, application)
        assert application.number in Message.objects.get(user=owner).text

    def test_an_entrusted_person_shows_the_letter_and_the_slip_is_kept(self, clerk, application):
        changes = {"authority": "entrusted", "person_name": "赵六", "signed": ""}
        files = {"proof": upload(PDF, "委托书.pdf"), "slip": upload(PDF, "取件单.pdf")}
        hand_over(clerk, application, **changes, **files)
        row = Handover.objects.first()
        assert (row.proof.name, row.slip.name, row.signed_on_paper) == ("委托书.pdf", "取件单.pdf", False)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"things": []}, "请至少选一份"),
            ({"things": ["licence-x"]}, "不在取件架上"),
            ({"signed": ""}, "请取件人在取件单上签名"),
            ({"authority": "entrusted", "person_name": "赵六"}, "请上传授权委托书"),
            ({"person_name": "王五"}, "是李四"),
            ({"person_id_number": "1"}, "身份证号码是 18 位"),
        ],
    )
    def test_what_is_missing_is_told_and_nothing_is_given(self, clerk, application, change, said):
        assert said in hand_over(clerk, application, **change).content.decode()
        assert not Handover.objects.exists()

    def test_another_halls_shelf_is_closed(self, outsider, application):
        for name in ("hand-over", "slip", "given"):
            assert browser_of(outsider).get(page(name, application)).status_code == 404

    def test_nobody_hands_over_to_their_own_enterprise(self, clerk, application):
        MembershipFactory(user=clerk, enterprise=application.enterprise)
        assert "请同事来交付" in hand_over(clerk, application).content.decode()
        assert not Handover.objects.exists()

    def test_the_slip_is_printed_for_the_signature(self, clerk, application):
        response = browser_of(clerk).get(page("slip", application))
        assert response.content.startswith(b"%PDF")


class TestOnlyOnce:
    def test_sent_twice_it_is_given_once(self, clerk, application):
        typed = WHO | {"things": keys_of(application), "signed": "on"}
        answers = [browser_of(clerk).post(page("hand-over", application), typed).status_code for _ in range(2)]
        assert answers == [302, 302]
        assert "没有再交付一次" in browser_of(clerk).get(page("hand-over", application), follow=True).content.decode()
        assert Handover.objects.count() == 2

    def test_the_row_can_be_neither_changed_nor_deleted(self, clerk, application):
        hand_over(clerk, application)
        for change in (lambda: Handover.objects.update(person_name="王五"), lambda: Handover.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("locked", [True, False], ids=["the lock", "the key behind it"])
    def test_of_two_windows_at_the_same_moment_one_gives_it_out(self, clerk, colleague, hall, monkeypatch, locked):
        application = granted()
        keys = keys_of(application)
        if not locked:
            monkeypatch.setattr(type(shelf.Application.objects), "lock", lambda manager, **which: None)
        give = partial(shelf.hand_over, application, keys, hall, person=LI_SI, signed_on_paper=True)
        outcomes = at_once(partial(give, clerk=clerk), partial(give, clerk=colleague))
        assert [type(one) for one in outcomes].count(list) == 1
        assert [type(one) for one in outcomes].count(shelf.NotHandedOver) == 1
        assert Handover.objects.count() == 2
