"""API v1: what the pages show, by the same functions, and its committed description."""

import io
import json
import sys
from io import StringIO
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from tests.factories import (
    ApplicationFactory,
    ApprovalTaskFactory,
    EnterpriseFactory,
    LicenceFactory,
    MembershipFactory,
    PremisesFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

ANSWERS = {"has_licence": "none"}


def replay(client, body, content_type="application/json"):
    return client.post(reverse("api:replay"), body, content_type=content_type)


def command_says(answers, monkeypatch):
    """What `manage.py recommend` prints for the same answers."""
    body = json.dumps({"answers": answers}).encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(body)))
    output = StringIO()
    call_command("recommend", stdout=output)
    return json.loads(output.getvalue())


def test_replay_says_what_the_command_says(client, catalogue, monkeypatch):
    for theme in catalogue.themes.values():
        answer = replay(client, {"answers": theme.seed_answers, "explain": True})
        assert answer.status_code == 200
        assert answer.json() == command_says(theme.seed_answers, monkeypatch)


def test_replay_explains_only_on_request(client, catalogue):
    answers = {"sectors": ["food"], "food_kinds": ["hot"]}
    assert not {"why", "why_not", "drop_by"} & replay(client, {"answers": answers}).json().keys()
    explained = replay(client, {"answers": answers, "explain": True}).json()
    assert explained["why"].keys() == explained["drop_by"].keys() == {"food-operation"}
    assert explained["why_not"]["tobacco-retail"][0]["answers"]["goods_kinds"] == ["tobacco"]


def test_no_answers_yet_lead_to_the_first_question(client, catalogue):
    answer = replay(client, {"answers": {}}).json()
    assert answer["next"] in catalogue.questions
    assert answer["items"] == []


@pytest.mark.parametrize("answers", [{"no_such_question": 1}, {"has_licence": "rubbish"}, {"has_licence": None}])
def test_an_answer_that_is_not_allowed_names_its_question(client, catalogue, answers):
    answer = replay(client, {"answers": answers})
    assert answer.status_code == 400
    assert answer.json()["question"] == next(iter(answers))
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '{"answers": []}',
        '{"answers": {"has_licence": NaN}}',
        '{"answers": {"area": 1e999}}',
        '{"answers": {"\\ud800": 1}}',
        '{"answers": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"answers": {"a": ' + "9" * 5000 + "}}",
    ],
)
def test_a_body_that_makes_no_sense_is_refused_with_400(client, catalogue, body):
    assert replay(client, body).status_code == 400


def test_a_form_is_no_json(client, catalogue):
    assert replay(client, "answers=1", "application/x-www-form-urlencoded").status_code == 415


def test_the_catalogue_is_listed_in_its_order(client, catalogue):
    items = client.get(reverse("api:items")).json()
    assert [item["code"] for item in items] == list(catalogue.items)


@pytest.fixture
def owner(client):
    membership = MembershipFactory()
    client.force_login(membership.user)
    return membership


def file_for(membership, **traits):
    premises = PremisesFactory(enterprise=membership.enterprise)
    return ApplicationFactory(enterprise=membership.enterprise, premises=premises, filer=membership.user, **traits)


def test_own_applications_are_listed_with_where_each_item_stands(client, catalogue, owner):
    application = file_for(owner, in_progress=True)
    task = ApprovalTaskFactory(application=application, granted=True)
    file_for(MembershipFactory(), submitted=True)  # another person's
    page = client.get(reverse("api:applications")).json()
    assert page["count"] == 1
    (row,) = page["results"]
    assert (row["id"], row["number"], row["status"]) == (str(application.public_id), application.number, "in_progress")
    assert [(one["item"], one["status"], one["office"]) for one in row["tasks"]] == [
        ("food-operation", "granted", task.office.name)
    ]


def test_a_draft_has_neither_number_nor_tasks(client, catalogue, owner):
    ApplicationFactory(enterprise=None, premises=None, filer=owner.user)
    (row,) = client.get(reverse("api:applications")).json()["results"]
    assert (row["number"], row["enterprise"], row["tasks"]) == (None, None, [])


def test_the_list_costs_the_same_for_one_and_for_twenty(client, catalogue, owner, django_assert_num_queries):
    def rows(count):
        for _ in range(count):
            ApprovalTaskFactory(application=file_for(owner, in_progress=True))

    def queries():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("api:applications"))
        return len(captured)

    rows(1)
    first = queries()
    rows(20)
    assert queries() == first


def test_the_list_comes_in_pages(client, catalogue, owner):
    for _ in range(3):
        file_for(owner)
    page = client.get(reverse("api:applications"), {"limit": 2}).json()
    assert (page["count"], len(page["results"]), page["previous"]) == (3, 2, None)
    assert len(client.get(page["next"]).json()["results"]) == 1


def test_a_limit_beyond_all_bounds_is_cut(client, catalogue, owner):
    file_for(owner)
    assert client.get(reverse("api:applications"), {"limit": "9" * 24}).status_code == 200


def test_another_persons_application_and_a_missing_one_are_equally_not_found(client, catalogue, owner):
    others = file_for(MembershipFactory(), submitted=True)
    answers = [
        client.get(reverse("api:application", args=[public_id]))
        for public_id in (others.public_id, "00000000-0000-0000-0000-000000000001")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_without_signing_in_own_applications_are_refused_in_json(client, catalogue):
    answer = client.get(reverse("api:applications"))
    assert (answer.status_code, list(answer.json())) == (403, ["detail"])


def test_the_public_look_up_says_what_the_public_page_says(client, catalogue, django_assert_max_num_queries):
    licence = LicenceFactory(holder=EnterpriseFactory())
    address = reverse("api:enterprise", args=[licence.holder.public_token])
    with django_assert_max_num_queries(2):
        facts = client.get(address).json()
    assert facts["name"] == licence.holder.name
    assert [one["number"] for one in facts["licences"]] == [licence.number]
    assert licence.holder.legal_representative not in json.dumps(facts, ensure_ascii=False)


@pytest.mark.parametrize("kind", ["founder", "unverified", "missing"])
def test_the_public_look_up_knows_nothing_of_what_nobody_confirmed(client, catalogue, kind):
    token = "no-such-token" if kind == "missing" else EnterpriseFactory(**{kind: True}).public_token
    assert client.get(reverse("api:enterprise", args=[token])).status_code == 404


def test_the_committed_description_is_the_one_the_code_makes():
    made = StringIO()
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=made)
    committed = (settings.BASE_DIR / "docs" / "openapi.yaml").read_text()
    assert made.getvalue().strip() == committed.strip(), "run: manage.py spectacular --file docs/openapi.yaml"


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/schema/", "/api/v1/schema/", "/api/docs/"])
def test_the_description_is_not_served(client, path):
    client.force_login(UserFactory())
    assert client.get(path).status_code == 404
