"""Filing over the API, from the answers to the number, by the functions of the pages."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exchange.models import Call
from licensing import papers
from licensing.files import quarantine
from licensing.models import Application, Channel, Method, Mode
from licensing.plan import plan_for
from licensing.snapshots import PROMISE_VERSION
from tests.factories import ApplicationFactory, EnterpriseFactory, MembershipFactory, PremisesFactory, UserFactory
from tests.guidance.answering import replay_to_the_end
from tests.licensing.drafting import FOUNDER, RESTAURANT, begun, ready, sample
from tests.licensing.samples import PDF, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage_folder")]
PASSWORD = "海边的小店 2026"


@pytest.fixture
def owner(client):
    user = UserFactory(name="林小雨", password=PASSWORD)
    client.force_login(user)
    return user


def url(name, draft, **parts):
    return reverse(
        f"api:{name}", kwargs={"public_id": draft["id"] if isinstance(draft, dict) else draft.public_id} | parts
    )


def send(client, method, name, draft, body, **parts):
    return getattr(client, method)(url(name, draft, **parts), body, content_type="application/json")


def begin(client, catalogue, owner, city, **changes):
    """POST a new draft; changes: of its body or headers=."""
    headers = changes.pop("headers", {})
    premises = PremisesFactory(enterprise=EnterpriseFactory(), division=city)
    MembershipFactory(user=owner, enterprise=premises.enterprise)
    body = {
        "answers": replay_to_the_end(catalogue, RESTAURANT).answers,
        "enterprise": str(premises.enterprise.public_id),
        "premises": str(premises.public_id),
    } | changes
    return client.post(reverse("api:applications"), body, content_type="application/json", headers=headers)


def file_all(client, draft):
    """Do everything the draft says is still to do, as a program would; return it."""
    for _ in range(3):
        told = draft["draft"]
        draft = send(client, "post", "agree", draft, {"fingerprint": told["fingerprint"]}).json()
        told, elements = draft["draft"], Application.objects.get(public_id=draft["id"])
        plan = {wanted.code: wanted.element for wanted in plan_for(elements).elements}
        values = {
            one["code"]: sample(plan[one["code"]]) for one in told["elements"] if one["asked"] and one["value"] is None
        }
        draft = send(client, "patch", "values", draft, {"revision": told["revision"], "values": values}).json()
    for paper in draft["draft"]["papers"]:
        if paper["missing"]:
            answer = client.post(
                url("paper", draft, code=paper["code"]), {"files": [upload(PDF, f"{paper['code']}.pdf")]}
            )
            assert answer.status_code == 200, answer.content.decode()
    quarantine.check_waiting()
    return client.get(url("application", draft)).json()


def signed(draft, **changes):
    return {
        "seen": draft["draft"]["to_sign"]["seen"],
        "version": PROMISE_VERSION,
        "confirmation": PASSWORD,
        "promise": True,
        "on_refusal": "go_on",
    } | changes


def test_a_program_files_from_the_answers_to_the_number(client, catalogue, owner, city):
    answer = begin(client, catalogue, owner, city)
    assert answer.status_code == 201, answer.content.decode()
    draft = file_all(client, answer.json())
    assert draft["draft"]["problems"] == []
    submitted = send(client, "post", "submit", draft, signed(draft))
    assert submitted.status_code == 200, submitted.content.decode()
    application = Application.objects.get(public_id=draft["id"])
    assert submitted.json()["number"] == application.number
    assert submitted.json()["draft"] is None
    assert (application.channel, application.snapshot["channel"]) == (Channel.API, "api")
    assert application.signature.method == Method.PASSWORD
    # Once more gives the same, without asking who it is again.
    again = send(client, "post", "submit", draft, {})
    assert (again.status_code, again.json()["number"]) == (200, application.number)


def test_a_founder_is_told_of_the_open_question_and_answers_it(client, catalogue, owner, city):
    enterprise = EnterpriseFactory(founder=True)
    MembershipFactory(user=owner, enterprise=enterprise)
    premises = PremisesFactory(enterprise=enterprise, division=city)
    draft = begin(
        client,
        catalogue,
        owner,
        city,
        answers={"has_licence": "none"},
        enterprise=str(enterprise.public_id),
        premises=str(premises.public_id),
    ).json()
    question = draft["draft"]["question"]["code"]
    assert any("还有问题没有回答" in problem for problem in draft["draft"]["problems"])
    answers = {code: FOUNDER[code] for code in [question] if code in FOUNDER}
    answer = send(client, "patch", "values", draft, {"revision": draft["draft"]["revision"], "answers": answers})
    assert answer.status_code == 200, answer.content.decode()
    assert question in answer.json()["draft"]["answers"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"answers": {"has_licence": "rubbish"}}, "answers.has_licence"),
        ({"answers": {"no_such_question": 1}}, "answers.no_such_question"),
        ({"answers": []}, "answers"),
        ({"enterprise": "x"}, "enterprise"),
        ({"enterprise": "00000000-0000-0000-0000-000000000001"}, "enterprise"),
        ({"premises": "00000000-0000-0000-0000-000000000001"}, "premises"),
    ],
)
def test_what_cannot_be_begun_says_why_at_its_field(client, catalogue, owner, city, changes, field):
    answer = begin(client, catalogue, owner, city, **changes)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert not Application.objects.exists()


def test_another_persons_enterprise_is_no_enterprise(client, catalogue, owner, city):
    others = PremisesFactory()
    answer = begin(client, catalogue, owner, city, enterprise=str(others.enterprise.public_id))
    assert answer.json()["errors"] == {"enterprise": ["您没有这个企业"]}


def test_the_same_key_again_gives_the_same_draft(client, catalogue, owner, city):
    key = {"Idempotency-Key": "a key"}
    premises = PremisesFactory(enterprise=EnterpriseFactory(), division=city)
    MembershipFactory(user=owner, enterprise=premises.enterprise)
    body = {"enterprise": str(premises.enterprise.public_id), "premises": str(premises.public_id)}
    first = begin(client, catalogue, owner, city, headers=key, **body)
    second = begin(client, catalogue, owner, city, headers=key, **body)
    assert (second.status_code, second.json()) == (201, first.json())
    assert Application.objects.count() == 1
    other = begin(client, catalogue, owner, city, headers=key, **body, declined=["drainage"])
    assert (other.status_code, Application.objects.count()) == (422, 1)


def test_one_item_alone_is_filed_the_traditional_way(client, catalogue, owner, city):
    answer = begin(client, catalogue, owner, city, item="drainage")
    assert answer.status_code == 201, answer.content.decode()
    assert [one["code"] for one in answer.json()["draft"]["plan"]] == ["drainage"]
    assert Application.objects.get().mode == Mode.TRADITIONAL
    assert begin(client, catalogue, owner, city, item="no-such-item").json()["errors"] == {"item": ["没有这个事项"]}


def test_a_refused_call_leaves_its_key_free(client, catalogue, owner, city):
    key = {"Idempotency-Key": "a key"}
    assert begin(client, catalogue, owner, city, headers=key, answers={"has_licence": "x"}).status_code == 400
    assert not Call.objects.exists()
    assert begin(client, catalogue, owner, city, headers=key).status_code == 201


@pytest.mark.parametrize("key", ["x" * 101, "a\x01b"])
def test_a_key_that_is_none_is_refused(client, catalogue, owner, city, key):
    assert begin(client, catalogue, owner, city, headers={"Idempotency-Key": key}).status_code == 400


def write(client, draft, values, revision=None):
    revision = Application.objects.get(pk=draft.pk).revision if revision is None else revision
    return send(client, "patch", "values", draft, {"revision": revision, "values": values})


@pytest.fixture
def draft(catalogue, owner, city):
    return begun(catalogue, RESTAURANT, user=owner, division=city)


def test_a_value_is_kept_as_the_form_keeps_it(client, draft):
    answer = write(client, draft, {"contact_phone": "１３８ 1234-5678"})
    assert answer.status_code == 200, answer.content.decode()
    draft.refresh_from_db()
    assert draft.values["contact_phone"] == "13812345678"
    assert write(client, draft, {"contact_phone": None}).status_code == 200
    draft.refresh_from_db()
    assert "contact_phone" not in draft.values


@pytest.mark.parametrize(
    "value", ["123", 5, True, [], ["13812345678"], {"a": 1}, "138\x0012345678", "1" * 5000, 1.5, [{}], [[]]]
)
def test_a_value_that_cannot_be_says_so_in_chinese_and_keeps_nothing(client, draft, value):
    answer = write(client, draft, {"contact_phone": value, "contact_name": "林小雨"})
    if value == []:
        assert answer.status_code == 200
        return
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["values.contact_phone"]
    draft.refresh_from_db()
    assert "contact_name" not in draft.values


def test_every_element_bears_every_kind_of_rubbish(client, draft):
    asked = [wanted for wanted in plan_for(draft).elements if plan_for(draft).is_asked(wanted)]
    for rubbish in (True, 7, -1.5, "\x00", "x" * 3000, [1], [None], {"x": []}, [{"x": 1}], [{"name": {"y": 2}}]):
        answer = write(client, draft, {wanted.code: rubbish for wanted in asked})
        assert answer.status_code in (200, 400), rubbish


@pytest.mark.parametrize("code", ["no_such_element", "uscc", "\x00"])
def test_what_is_known_or_not_asked_is_not_written(client, draft, code):
    answer = write(client, draft, {code: "914417020000EX015T"})
    assert answer.json()["errors"] == {f"values.{code}": ["现在不用填这一项"]}


def test_who_saved_meanwhile_is_not_overwritten(client, draft):
    assert write(client, draft, {"contact_name": "甲"}).status_code == 200
    answer = write(client, draft, {"contact_name": "乙"}, revision=draft.revision)
    assert answer.status_code == 409
    draft.refresh_from_db()
    assert draft.values["contact_name"] == "甲"


def test_only_the_plan_that_was_seen_is_agreed_to(client, draft):
    assert send(client, "post", "agree", draft, {"fingerprint": "0" * 64}).status_code == 409
    told = client.get(url("application", draft)).json()["draft"]
    elsewhere = [told["plan"][-1]["code"]]
    answer = send(client, "post", "agree", draft, {"fingerprint": told["fingerprint"], "declined": elsewhere})
    assert answer.json()["draft"]["agreed"] is False
    assert answer.json()["draft"]["plan"][-1]["chosen"] is False


def test_a_paper_that_is_none_is_not_found_and_a_file_that_is_none_is_refused(client, draft):
    assert client.post(url("paper", draft, code="no-such-paper"), {"files": [upload(PDF, "a.pdf")]}).status_code == 404
    code = next(paper.code for paper in papers.ways(draft, plan_for(draft)) if paper.missing)
    for body in ({}, {"files": ["no file"]}, {"files": [upload(b"MZ", "a.exe")]}):
        answer = client.post(url("paper", draft, code=code), body)
        assert (answer.status_code, next(iter(answer.json()["errors"])).split(".")[0]) == (400, "files")
    assert send(client, "post", "paper", draft, {"choice": "rubbish"}, code=code).status_code == 400


def test_nothing_is_submitted_with_a_wrong_password_or_without_the_promise(client, catalogue, owner, city):
    draft = ready(catalogue, RESTAURANT, user=owner, division=city)
    quarantine.check_waiting()
    told = client.get(url("application", draft)).json()
    for change, field in (({"confirmation": "falsch"}, "confirmation"), ({"promise": False}, "promise")):
        answer = send(client, "post", "submit", draft, signed(told, **change))
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert send(client, "post", "submit", draft, signed(told, seen="x")).status_code == 409
    assert send(client, "post", "submit", draft, signed(told, version="1999-01")).status_code == 409
    draft.refresh_from_db()
    assert draft.number is None


def test_what_is_not_ready_says_what_is_missing(client, draft):
    told = client.get(url("application", draft)).json()
    answer = send(client, "post", "submit", draft, signed(told))
    assert answer.status_code == 409
    assert any("还没有上传" in problem for problem in answer.json()["problems"])


def test_a_submitted_application_takes_no_more(client, catalogue, owner):
    done = ApplicationFactory(submitted=True, filer=owner)
    MembershipFactory(user=owner, enterprise=done.enterprise)
    assert write(client, done, {"contact_name": "甲"}).status_code == 409
    assert send(client, "post", "agree", done, {"fingerprint": "x"}).status_code == 409
    assert client.post(url("paper", done, code="a"), {"files": [upload(PDF, "a.pdf")]}).status_code == 409


def test_without_the_token_of_the_session_nothing_is_changed(owner, draft):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    assert write(strict, draft, {"contact_name": "甲"}).status_code == 403


def test_a_draft_costs_the_same_however_many_papers_have_files(client, catalogue, owner, draft):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(url("application", draft))
        return len(captured)

    missing = [paper for paper in papers.ways(draft, plan_for(draft)) if paper.missing]
    papers.attach(draft, missing[0], [upload(PDF, "a.pdf")], owner)
    one = queries()
    for number, paper in enumerate(missing[1:]):
        papers.attach(draft, paper, [upload(PDF + b"%d" % number, "b.pdf")], owner)
    assert queries() == one


@pytest.mark.parametrize("value", ["1e308", "0.1e-400", "0.5"])
def test_a_value_that_no_answer_allows_is_named_and_not_kept(value, client, catalogue, owner, city):
    draft = begin(client, catalogue, owner, city).json()
    body = f'{{"revision": {draft["draft"]["revision"]}, "values": {{"premises_area": {value}}}}}'
    answer = client.patch(url("values", draft), body, content_type="application/json")
    assert list(answer.json()["errors"]) == ["values.premises_area"]
    assert Application.objects.get().revision == draft["draft"]["revision"]


def test_a_key_used_again_tells_nothing_once_the_right_has_ended(client, catalogue, owner, city):
    answers, named = replay_to_the_end(catalogue, RESTAURANT).answers, {"Idempotency-Key": "一"}
    member = MembershipFactory(user=owner, enterprise=PremisesFactory(division=city).enterprise)
    place = member.enterprise.premises.get()
    body = {"answers": answers, "enterprise": str(member.enterprise.public_id), "premises": str(place.public_id)}
    sent = (reverse("api:applications"), body)
    assert client.post(*sent, content_type="application/json", headers=named).status_code == 201
    member.delete()
    assert client.post(*sent, content_type="application/json", headers=named).status_code == 404


def test_a_question_that_nothing_hangs_on_may_be_answered_too(client, catalogue, owner):
    draft = begun(catalogue, RESTAURANT, user=owner)
    assert "staff_count" not in plan_for(draft).situation.path
    changes = {"revision": draft.revision, "values": {}, "answers": {"staff_count": 7}}
    assert send(client, "patch", "values", draft, changes).status_code == 200
    assert Application.objects.get(pk=draft.pk).answers["staff_count"] == 7


@pytest.mark.parametrize("code", ["lodging_type", "entity_type", "no-such-question"])
def test_a_question_ruled_out_sealed_or_unknown_is_not_answered(client, catalogue, owner, code):
    draft = begun(catalogue, RESTAURANT, user=owner)
    changes = {"revision": draft.revision, "values": {}, "answers": {code: "hotel", "area": 60}}
    answer = send(client, "patch", "values", draft, changes)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [f"answers.{code}"]), answer.content.decode()
    assert Application.objects.get(pk=draft.pk).answers == draft.answers
