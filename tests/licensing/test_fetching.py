"""Papers a connected source knows (材料免提交): asked for this holder and place, believed while valid, never faked."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from exchange import outbox
from exchange.models import Delivery, Source
from exchange.sharing import Unanswered
from licensing import drafts, fetching, papers
from licensing.checking import problems_of
from licensing.models import How, SharedRecord
from licensing.plan import plan_for
from licensing.submission import submit
from tests.exchange.sharing_server import LICENCE, source_at
from tests.factories import EnterpriseFactory, LicenceFactory, MembershipFactory, PremisesFactory, UserFactory
from tests.licensing.drafting import RESTAURANT, begun, ready
from tests.licensing.reading import Person
from tests.licensing.samples import PDF, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage_folder")]
PROOF, REP_ID = "mat-premises-proof", "mat-rep-id"


@pytest.fixture
def draft(city, catalogue):
    return begun(catalogue, RESTAURANT, division=city)


def way(draft, code=PROOF):
    draft.refresh_from_db()
    return next(paper for paper in papers.ways(draft, plan_for(draft)) if paper.code == code)


def fetch(draft, *, again=False):
    """Ask, and let the worker do its part."""
    asked = fetching.ask(draft, plan_for(draft), again=again)
    for delivery in Delivery.objects.filter(done_at=None, handler="licensing.fetching.fetch"):
        outbox.attempt(delivery.pk)
    return asked


def page_of(draft, client, query=""):
    return Person(client, draft.filer).open(reverse("licensing:papers", args=[draft.public_id]) + query)


def test_what_a_source_knows_is_not_handed_in_and_says_where_it_comes_from(draft, register, client):
    source_at(register)
    assert way(draft).missing
    assert fetch(draft) == 1
    paper = way(draft)
    assert (paper.how, paper.missing) == (How.SHARED, False)
    today = timezone.localdate()
    assert paper.note == (
        f"市不动产登记系统已查到：不动产权证书 {LICENCE['number']}，长期有效，阳江市自然资源局"
        f"（{today.year}年{today.month}月{today.day}日查询）"
    )
    assert LICENCE["number"] in page_of(draft, client).part(f"#{PROOF}")


def test_the_source_is_told_who_for_which_case_and_why(draft, register):
    source_at(register)
    fetch(draft)
    [asked] = register.asked
    premises = draft.premises
    assert (asked["holder_code"], asked["case"]) == (draft.enterprise.uscc, draft.draft_code)
    assert asked["place"] == {"division": premises.division.code, "address": premises.address}
    assert asked["reason"] == SharedRecord.objects.get().reason
    assert "食品经营许可" in asked["reason"]


def test_a_source_may_be_connected_for_one_paper_or_for_a_certificate(draft, register):
    source_at(register, code=PROOF, name="这一份材料的来源")
    source_at(register)
    fetch(draft)
    assert SharedRecord.objects.get().source.code == PROOF


def test_it_is_asked_as_soon_as_the_plan_is_agreed_to(draft, register):
    source_at(register)
    drafts.agree(draft, plan_for(draft))
    assert SharedRecord.objects.get().state == "asked"
    assert way(draft).being_asked
    assert [one.handler for one in Delivery.objects.filter(event__kind="paper.wanted")] == ["licensing.fetching.fetch"]


def test_what_it_does_not_know_falls_to_the_next_step_with_the_reason(draft, register):
    register.licence = None
    source_at(register)
    source_at(register, code=REP_ID, name="人口库")
    assert fetch(draft) == 2
    assert (way(draft).how, way(draft, REP_ID).how) == (How.UPLOAD, How.DEPARTMENT)
    assert way(draft).note.startswith("市不动产登记系统没有查到")
    assert way(draft, REP_ID).note.startswith("由市场监督管理局核验；人口库没有查到")


@pytest.mark.parametrize("ended", [{"status": "注销"}, {"valid_until": "2025-01-01"}])
def test_a_licence_that_is_not_in_force_is_no_paper(draft, register, ended):
    register.licence = LICENCE | ended
    source_at(register)
    fetch(draft)
    assert way(draft).missing
    assert f"{LICENCE['number']}" in way(draft).note
    assert "现在无效" in way(draft).note


def test_a_source_that_fails_is_tried_again_and_then_given_up(draft, register, client):
    register.respond = lambda handler: handler.reply(b"", status=500)
    source_at(register)
    fetching.ask(draft, plan_for(draft))
    record = SharedRecord.objects.get()
    for _ in range(fetching.TRIES - 1):
        with pytest.raises(Unanswered):
            fetching.fetch(record.pk)
        assert way(draft).being_asked
    fetching.fetch(record.pk)
    record.refresh_from_db()
    assert (record.state, record.answer) == ("failed", {"failure": "status 500"})
    assert way(draft).missing
    assert "市不动产登记系统没有回应，没有查成" in page_of(draft, client).part(f"#{PROOF}")
    fetching.fetch(record.pk)
    assert len(register.asked) == fetching.TRIES


def test_nobody_waits_for_ever_for_a_worker_that_never_came(draft, register):
    source_at(register)
    fetching.ask(draft, plan_for(draft))
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        assert not way(draft).being_asked
        assert "没有回应" in way(draft).note


def test_asking_twice_asks_once(draft, register):
    source_at(register)
    assert [fetch(draft), fetch(draft), fetch(draft, again=True)] == [1, 0, 0]
    assert len(register.asked) == 1


def test_a_second_click_asks_again_where_nothing_was_found_but_not_at_once(draft, register):
    register.licence = None
    source_at(register)
    assert [fetch(draft), fetch(draft), fetch(draft, again=True)] == [1, 0, 0]
    register.licence = LICENCE
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert fetch(draft, again=True) == 1
        assert way(draft).how == How.SHARED


def test_another_enterprise_or_another_shop_is_asked_for_anew(draft, register):
    source_at(register)
    fetch(draft)
    other = MembershipFactory(user=draft.filer).enterprise
    for premises in (PremisesFactory(enterprise=draft.enterprise), PremisesFactory(enterprise=other)):
        draft = drafts.apply_for(draft, premises.enterprise)
        register.licence = None
        draft = drafts.settle_at(draft, premises)
        assert (way(draft).how, way(draft).being_asked) == (How.UPLOAD, True)
        fetch(draft)
        assert way(draft).missing
    assert [one["holder_code"] for one in register.asked][-1] == other.uscc


def test_an_answer_to_the_question_before_is_not_taken_for_the_new_one(draft, register):
    source_at(register)
    fetching.ask(draft, plan_for(draft))
    shop = PremisesFactory(enterprise=draft.enterprise)

    def settle_meanwhile(handler):
        SharedRecord.objects.update(premises=shop, asked_at=timezone.now())
        handler.reply(b"", status=500)

    register.respond = settle_meanwhile
    with pytest.raises(Unanswered):
        fetching.fetch(SharedRecord.objects.get().pk)
    assert SharedRecord.objects.get().state == "asked"


def test_a_found_licence_that_ends_while_the_draft_waits_no_longer_counts(draft, register):
    register.licence = LICENCE | {"valid_until": (timezone.localdate() + timedelta(days=3)).isoformat()}
    source_at(register)
    fetch(draft)
    assert way(draft).how == How.SHARED
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert way(draft).missing
        register.licence = LICENCE
        fetch(draft, again=True)
        assert way(draft).how == How.SHARED


def test_an_answer_of_last_month_is_asked_for_again(draft, register):
    source_at(register)
    fetch(draft)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert way(draft).missing
        assert fetch(draft) == 1


@pytest.mark.parametrize("without", ["source", "active source", "key", "confirmation", "USCC", "premises"])
def test_nothing_is_asked_and_nothing_found_without(catalogue, city, register, settings, without):
    enterprise = None
    if without == "confirmation":
        enterprise = EnterpriseFactory(unverified=True)
    answers = RESTAURANT | ({"has_licence": "none", "entity_type": "company"} if without == "USCC" else {})
    draft = begun(catalogue, answers, enterprise=enterprise, division=city)
    if without != "source":
        source_at(register, active=without != "active source")
    if without == "key":
        settings.SHARING_KEY = ""
    if without == "premises":
        draft.premises = None
    assert fetching.ask(draft, plan_for(draft)) == 0
    assert not SharedRecord.objects.exists()
    assert How.SHARED not in {paper.how for paper in papers.ways(draft, plan_for(draft))}


def test_a_licence_held_here_is_not_asked_for_elsewhere(draft, register):
    source_at(register, code="health-cert")
    LicenceFactory(holder=draft.enterprise, premises=draft.premises, item_code="health-cert", name="健康证明")
    assert fetching.ask(draft, plan_for(draft)) == 0


def test_a_found_paper_may_be_handed_in_all_the_same(draft, register):
    source_at(register)
    fetch(draft)
    papers.attach(draft, way(draft), [upload(PDF, "房产证.pdf")], draft.filer)
    assert (way(draft).how, way(draft).otherwise.how) == (How.UPLOAD, How.SHARED)
    papers.choose_portal(draft, way(draft))
    assert way(draft).how == How.SHARED


def test_what_was_found_is_frozen_with_number_source_and_time(catalogue, city, register):
    draft = ready(catalogue, RESTAURANT, division=city)
    paper = way(draft)
    for file in paper.files:
        papers.detach(draft, file)
    source_at(register)
    fetch(draft)
    done = submit(draft, draft.filer)
    kept = done.snapshot["materials"][PROOF]
    assert (kept["how"], kept["files"]) == ("shared", [])
    assert "市不动产登记系统已查到" in kept["note"]
    assert LICENCE["number"] in kept["note"]
    assert done.materials.get(code=PROOF).note == kept["note"]


def test_a_draft_cannot_be_submitted_while_the_only_way_to_a_paper_is_asked(draft, register):
    source_at(register)
    fetching.ask(draft, plan_for(draft))
    plan = plan_for(draft)
    texts = [problem.text for problem in problems_of(draft, plan, papers.ways(draft, plan))]
    assert [text for text in texts if "正在向市不动产登记系统查询，查到就不用上传" in text]


def test_more_sources_cost_no_more_queries(draft, register):
    plan, counts = plan_for(draft), []
    for code in ("real-estate-cert", "health-cert", "id-card", "mat-floor-plan"):
        source_at(register, code=code)
        SharedRecord.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            fetching.ask(draft, plan)
        counts.append(len(queries))
    assert SharedRecord.objects.count() == 4
    assert len(set(counts)) == 1


# The pages


def test_the_page_offers_to_ask_where_a_source_came_later(draft, register, client):
    source_at(register)
    page = page_of(draft, client)
    assert "有 1 份材料可以查一查" in page.part("#lookups")
    answer = client.post(reverse("licensing:papers-ask", args=[draft.public_id]), follow=True)
    assert "正在查询 1 份材料" in answer.content.decode()
    fetch(draft)
    assert page_of(draft, client).part("#lookups") == ""
    assert "查到 1 份，不用您交" in page_of(draft, client, "?looking=1").part("#lookups")


def test_only_who_may_work_on_the_draft_has_it_asked_and_only_by_posting(draft, register, client):
    source_at(register)
    address = reverse("licensing:papers-ask", args=[draft.public_id])
    client.force_login(MembershipFactory().user)
    assert client.post(address).status_code == 404
    client.force_login(draft.filer)
    assert client.get(address).status_code == 405
    assert not SharedRecord.objects.exists()


SOURCE = {"code": "real-estate-cert", "name": "市不动产登记系统", "type_code": "", "active": "on"}


def test_an_operator_connects_and_stops_a_source_and_both_are_logged(client, catalogue):
    client.force_login(UserFactory(operator=True))
    client.post(reverse("admin:exchange_source_add"), SOURCE | {"url": "https://example.gov.cn/licences"})
    source = Source.objects.get()
    change = reverse("admin:exchange_source_change", args=[source.pk])
    client.post(change, {"name": source.name, "url": source.url, "code": "health-cert"})
    source.refresh_from_db()
    assert (source.code, source.active) == ("real-estate-cert", False)
    assert LogEntry.objects.count() == 2
    assert "停用" in client.get(reverse("admin:exchange_source_changelist")).content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"url": "http://example.gov.cn/"}, "https://"),
        ({"url": "https://user:pw@example.gov.cn/"}, "https://"),
        ({"url": "ftp://127.0.0.1/"}, ""),
        ({"url": ""}, ""),
        ({"url": "https://example.gov.cn/", "code": "no-such-code"}, ""),
        ({"url": "https://example.gov.cn/", "name": "x" * 100_000}, ""),
        ({"url": "https://example.gov.cn/\0"}, ""),
    ],
)
def test_a_source_that_could_not_be_asked_is_refused(client, catalogue, wrong, sentence):
    client.force_login(UserFactory(operator=True))
    answer = client.post(reverse("admin:exchange_source_add"), SOURCE | wrong)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert "errorlist" in answer.content.decode()
    assert not Source.objects.exists()
