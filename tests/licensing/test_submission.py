"""Submitting freezes once what was signed, and refuses with the page to mend what is not ready."""

import threading
from dataclasses import asdict
from datetime import datetime

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from exchange.models import Event
from guidance.models import Office
from licensing import chain, papers
from licensing.models import Application, ApplicationNumber, Enterprise, Membership, SubmittedMaterial
from licensing.numbers import take_number
from licensing.plan import plan_for
from licensing.prefilling import EARLIER, Prefilled
from licensing.savings import savings
from licensing.snapshots import PROMISE, PROMISE_VERSION, snapshot_hash, what_is_seen
from licensing.submission import NotSubmittable, submit
from tests.factories import PASSWORD, DivisionFactory, EnterpriseFactory, MembershipFactory, UserFactory
from tests.licensing.drafting import FOUNDER, RESTAURANT, begun, fill_in, ready
from tests.licensing.reading import Page, Person

pytestmark = pytest.mark.usefixtures("storage_folder")
SIGNED = {"promise": "on", "version": PROMISE_VERSION, "on_refusal": "go_on", "confirmation": PASSWORD}


@pytest.fixture
def draft(city, catalogue):
    return ready(catalogue, RESTAURANT, division=city)


def refusal(draft, user=None):
    with pytest.raises(NotSubmittable) as refused:
        submit(draft, user or draft.filer)
    assert Application.objects.get(pk=draft.pk).status == "draft"
    assert not Event.objects.filter(kind="application.submitted").exists()
    assert not ApplicationNumber.objects.exists()
    return refused.value.problems


@pytest.mark.django_db(transaction=True)
def test_a_submitted_application_is_numbered_frozen_logged_and_announced(draft):
    done = submit(draft, draft.filer)
    today = timezone.localdate()
    assert done.number == f"YZ{today:%Y%m%d}000001"
    assert (done.status, done.chosen) == ("submitted", ["food-operation", "outdoor-ad", "drainage"])
    done.refresh_from_db()
    assert done.snapshot_sha256 == snapshot_hash(done.snapshot)
    [entry] = done.log.all()
    assert (entry.event, entry.from_status, entry.to_status) == ("application.submitted", "draft", "submitted")
    assert chain.verify(done.log) is None
    [event] = Event.objects.filter(kind="application.submitted")
    assert (event.kind, event.payload) == ("application.submitted", {"application_id": done.pk})


@pytest.mark.django_db(transaction=True)
def test_the_snapshot_holds_what_was_signed_and_nothing_that_no_item_asked_for(draft):
    draft.values["hotel_rooms_secret"] = "别人不该看到"
    draft.values["room_count"] = 12
    draft.save()
    snapshot = submit(draft, draft.filer).snapshot
    asked = {code for item in snapshot["items"].values() for code in item["elements"]}
    assert set(snapshot["values"]) <= asked
    assert snapshot["promise"] == PROMISE
    assert snapshot["enterprise"]["uscc"] == draft.enterprise.uscc
    assert snapshot["premises"]["division"] == "441702"
    assert snapshot["values"]["premises_area"] == "180"
    assert len(snapshot["materials"]["mat-floor-plan"]["files"]) == 1
    assert {code for item in snapshot["items"].values() for code in item["materials"]} <= set(snapshot["materials"])
    assert datetime.fromisoformat(snapshot["submitted_at"])
    rows = SubmittedMaterial.objects.filter(application=draft)
    assert {row.code: row.how for row in rows} == {code: one["how"] for code, one in snapshot["materials"].items()}


@pytest.mark.django_db(transaction=True)
def test_submitting_again_changes_nothing(draft):
    first = submit(draft, draft.filer)
    again = submit(draft, draft.filer)
    assert (again.pk, again.number, again.snapshot_sha256) == (first.pk, first.number, first.snapshot_sha256)
    assert Event.objects.filter(kind="application.submitted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_posts_at_once_make_one_application_and_lead_all_to_it(draft):
    clients, answers = [Client() for _ in range(10)], []
    barrier = threading.Barrier(len(clients))
    for client in clients:
        client.force_login(draft.filer)

    plan = plan_for(draft)
    signed = SIGNED | {"seen": what_is_seen(draft, plan, papers.ways(draft, plan))}

    def post(client):
        barrier.wait()
        answers.append(client.post(reverse("licensing:submit", args=[draft.public_id]), signed))
        connections.close_all()

    threads = [threading.Thread(target=post, args=[client]) for client in clients]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    page = reverse("licensing:detail", args=[draft.public_id])
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, page)] * 10
    assert Application.objects.exclude(number=None).count() == 1
    assert Event.objects.filter(kind="application.submitted").count() == 1
    assert ApplicationNumber.objects.get().last == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_of_a_day_have_no_gap_and_no_double(db):
    day, taken = timezone.localdate(), []

    def take():
        taken.append(take_number(day))
        connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(taken) == [f"YZ{day:%Y%m%d}{serial:06d}" for serial in range(1, 9)]


@pytest.mark.django_db(transaction=True)
class TestRefused:
    def test_an_unconfirmed_enterprise(self, city, catalogue):
        draft = ready(catalogue, RESTAURANT, division=city, enterprise=EnterpriseFactory(unverified=True))
        [problem] = refusal(draft)
        assert "还在等窗口人员确认" in problem.text

    def test_a_rejected_enterprise_with_the_clerks_reason(self, city, catalogue):
        draft = ready(catalogue, RESTAURANT, division=city, enterprise=EnterpriseFactory(unverified=True))
        Enterprise.objects.update(rejected_at=timezone.now(), rejection_reason="照片不清楚")
        assert "照片不清楚" in refusal(draft)[0].text

    def test_somebody_who_does_not_act_for_it_today(self, draft):
        assert refusal(draft, UserFactory())
        Membership.objects.filter(user=draft.filer).update(until="2020-01-01")
        assert "不能代表" in refusal(draft)[0].text

    def test_a_plan_that_differs_from_the_agreed_one(self, draft):
        draft.answers["food_kinds"] = ["hot", "cold"]
        draft.save()
        assert reverse("licensing:plan", args=[draft.public_id]) in {problem.address for problem in refusal(draft)}

    def test_a_missing_value_with_the_link_to_its_field(self, draft):
        del draft.values["contact_phone"]
        draft.save()
        [problem] = refusal(draft)
        assert problem.text == "“联系人电话”：请填写这一项"
        assert problem.address == reverse("licensing:form", args=[draft.public_id, "1"]) + "#id_contact_phone"

    def test_a_value_that_is_no_longer_valid(self, draft):
        draft.values["legal_rep_id"] = "441702199001010004"
        draft.save()
        assert "校验码" in refusal(draft)[0].text

    def test_a_page_left_half_typed(self, draft, client):
        person = Person(client, draft.filer)
        person.send(person.open(reverse("licensing:form", args=[draft.public_id, "2"])), opening_hours="")
        assert "还没有保存好" in refusal(draft)[0].text

    def test_a_missing_paper(self, city, catalogue):
        draft = fill_in(begun(catalogue, RESTAURANT, division=city))
        problems = refusal(draft)
        assert {problem.address.split("#")[0] for problem in problems} == {
            reverse("licensing:papers", args=[draft.public_id])
        }
        assert "还没有上传“经营场所平面布局图”" in {problem.text for problem in problems}

    def test_an_item_without_an_office_naming_it(self, draft):
        Office.objects.filter(department__name="水务局").delete()
        [problem] = refusal(draft)
        assert "污水排入排水管网许可" in problem.text
        assert "江城区" in problem.text

    def test_a_district_where_nobody_works(self, city, catalogue):
        draft = ready(catalogue, RESTAURANT, division=DivisionFactory(code="441781"))
        assert len(refusal(draft)) >= 2

    def test_nothing_chosen(self, draft):
        draft.declined = draft.chosen
        draft.save()
        assert "没有要办的事项" in refusal(draft)[0].text


@pytest.mark.django_db(transaction=True)
def test_a_founder_submits_without_a_uscc(city, catalogue):
    draft = ready(catalogue, FOUNDER, division=city)
    done = submit(draft, draft.filer)
    assert {"business-registration", "prepackaged-food", "tobacco-retail"} <= set(done.chosen)
    assert done.snapshot["enterprise"]["uscc"] is None
    assert "uscc" not in done.snapshot["values"]


@pytest.mark.django_db(transaction=True)
def test_a_colleague_may_submit_and_is_the_filer_then(draft):
    colleague = MembershipFactory(enterprise=draft.enterprise).user
    done = submit(draft, colleague)
    assert done.filer == colleague
    assert done.snapshot["filer"] == str(colleague)


@pytest.mark.django_db(transaction=True)
def test_the_queries_of_submitting_do_not_grow_with_the_items(city, catalogue):
    counts = []
    office = {"has_licence": "have", "store_form": "shop", "sectors": ["goods"], "goods_kinds": ["tobacco"]}
    for answers in (office, RESTAURANT):
        draft = ready(catalogue, answers, division=city)
        with CaptureQueriesContext(connection) as queries:
            submit(draft, draft.filer)
        counts.append((len(draft.chosen), len(queries)))
    (few, queries_of_few), (many, queries_of_many) = counts
    assert few < many
    # The day's first number costs its row.
    assert queries_of_many <= queries_of_few


@pytest.mark.django_db(transaction=True)
class TestTheReviewPage:
    def test_it_shows_everything_and_submits_after_the_promise(self, draft, client):
        person = Person(client, draft.filer)
        page = person.open(reverse("licensing:review", args=[draft.public_id]))
        for shown in ("食品经营许可", "厨房设备设施", "441702199001010003", "经营场所平面布局图", PROMISE):
            assert shown in page.text
        page = submit_from(person, page)
        assert "请看过承诺" in page.part(".error-summary")
        page = submit_from(person, page, promise="on", confirmation=PASSWORD)
        assert page.path == reverse("licensing:detail", args=[draft.public_id])
        assert Application.objects.get(pk=draft.pk).number in page.text

    def test_it_links_each_problem_instead_of_a_button(self, city, catalogue, client):
        draft = fill_in(begun(catalogue, RESTAURANT, division=city))
        page = Person(client, draft.filer).open(reverse("licensing:review", args=[draft.public_id]))
        assert "处没好" in page.part("#problems")
        assert not page.soup.select(f"form[action='{reverse('licensing:submit', args=[draft.public_id])}']")

    def test_a_post_past_the_page_is_refused_with_the_problems(self, city, catalogue, client):
        draft = fill_in(begun(catalogue, RESTAURANT, division=city))
        client.force_login(draft.filer)
        answer = client.post(reverse("licensing:submit", args=[draft.public_id]), SIGNED)
        assert "还没有上传" in answer.content.decode()

    def test_a_promise_of_another_version_is_not_taken_for_this_one(self, draft, client):
        client.force_login(draft.filer)
        answer = client.post(reverse("licensing:submit", args=[draft.public_id]), SIGNED | {"version": "2020-01"})
        assert answer.url == reverse("licensing:review", args=[draft.public_id])
        assert Application.objects.get(pk=draft.pk).status == "draft"

    def test_the_savings_are_those_of_the_case(self, draft, client):
        plan = plan_for(draft)
        saved = savings(plan, papers.ways(draft, plan))
        done = submit(draft, draft.filer)
        filled = {code for code, element in plan.catalogue.elements.items() if element.system_filled}
        by_hand = sum(len(set(item["elements"]) - filled) for item in done.snapshot["items"].values())
        assert saved.fields.separate == by_hand
        assert saved.fields.separate > saved.fields.merged > saved.fields.asked
        assert saved.papers.separate > saved.papers.merged > saved.papers.handed_in
        assert done.ledger == asdict(saved)

    def test_what_the_last_filing_told_and_was_left_so_is_not_counted_as_asked(self, draft):
        plan = plan_for(draft)
        typed = [wanted.code for wanted in plan.elements if plan.is_typed(wanted) and wanted.code in plan.values]
        same, changed = Prefilled(plan.values[typed[0]], EARLIER), Prefilled("另一个", EARLIER)
        before = savings(plan, [])
        after = savings(plan, [], {typed[0]: same, typed[1]: changed})
        assert after.fields.asked == before.fields.asked - 1
        assert after.fields.merged == before.fields.merged

    def test_the_order_says_who_waits_for_whom(self, city, catalogue, client):
        draft = ready(catalogue, FOUNDER, division=city)
        page = Person(client, draft.filer).open(reverse("licensing:review", args=[draft.public_id]))
        assert page.text.count("提交后就开始办，等“经营主体设立登记”办好再发证") == 2
        assert "前面的事项没有办成的，等它的事项会终止办理" in page.text


def submit_from(person, page, **changes):
    fields = page.fields("form.panel") | changes
    fields = {name: value for name, value in fields.items() if value}
    action = page.soup.select_one("form.panel")["action"]
    return Page(person.client.post(action, fields, follow=True))
