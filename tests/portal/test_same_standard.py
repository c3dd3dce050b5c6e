"""Plan art. 14: one case filed on the web, at a kiosk, at the window and over the API is frozen the same way.

Each goes the whole way through that channel's own addresses; what may differ is who stood where, and when.
"""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from guidance.canonical import fingerprint
from licensing import papers
from licensing.files import quarantine
from licensing.models import Application, Method, StoredFile
from licensing.plan import plan_for
from licensing.snapshots import PROMISE_VERSION, what_is_seen
from tests.factories import (
    PASSWORD,
    ClerkFactory,
    EnterpriseFactory,
    HallFactory,
    MembershipFactory,
    PremisesFactory,
    UserFactory,
    offices_everywhere,
)
from tests.licensing.conftest import storage_folder
from tests.licensing.drafting import RESTAURANT, sample, session_of, typed
from tests.licensing.samples import PDF, upload

__all__ = ["storage_folder"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage_folder")]

# Who filed, where, when, under which number and with whose help; everything else is the case.
MAY_DIFFER = {"number", "submitted_at", "channel", "filer", "assisted"}
ID_NUMBER = "441702199001010003"


class Case:
    """One applicant with one shop, who files the same four times."""

    def __init__(self, catalogue):
        self.catalogue = catalogue
        self.owner = UserFactory(name="林小雨")
        self.premises = PremisesFactory(enterprise=EnterpriseFactory(), division=offices_everywhere(catalogue))
        MembershipFactory(user=self.owner, enterprise=self.premises.enterprise)
        self.clerk = ClerkFactory(user=UserFactory(name="何小台"), hall=HallFactory()).user

    @property
    def of_the_applicant(self):
        return {"enterprise": self.premises.enterprise.public_id, "premises": self.premises.public_id}


@pytest.fixture
def case(catalogue):
    return Case(catalogue)


def browser_of(user, *, kiosk=False):
    client = Client()
    if kiosk:
        client.get("/", {"channel": "kiosk"})
    client.force_login(user)
    return client


def post(client, name, draft, data, **parts):
    answer = client.post(reverse(name, kwargs={"public_id": draft.public_id} | parts), data)
    text = strip_tags(answer.content.decode())
    assert answer.status_code == 302, f"{name}: {' '.join(text.split())[:3000]}"
    draft.refresh_from_db()
    return answer


def begin_on_pages(client, case):
    session = session_of(case.catalogue, RESTAURANT)
    client.get(reverse("licensing:start"), {"guide": session.public_id})
    draft = session.application
    post(client, "licensing:who", draft, {"who": str(case.premises.enterprise.public_id)})
    post(client, "licensing:where", draft, {"where": str(case.premises.public_id)})
    return draft


def fill_on_pages(client, draft):
    agree_on_page(client, draft)
    for slug in [step.slug for step in plan_for(draft).form_steps]:
        plan = plan_for(draft)
        step = next(one for one in plan.form_steps if one.slug == slug)
        data = {"wizard-current_step": slug, "revision": draft.revision}
        for wanted in plan.asked(step):
            data |= typed(wanted.code, plan.values.get(wanted.code, sample(wanted.element)))
        post(client, "licensing:form", draft, data, step=slug)
        agree_on_page(client, draft)
    for paper in papers.ways(draft, plan_for(draft)):
        if paper.missing:
            post(client, "licensing:paper-upload", draft, {"files": [paper_of(paper.code)]}, code=paper.code)
    quarantine.check_waiting()


def agree_on_page(client, draft):
    while not (plan := plan_for(draft)).is_agreed(draft):
        post(client, "licensing:plan", draft, {"fingerprint": plan.fingerprint, "item": plan.chosen})


def paper_of(code):
    return upload(PDF, f"{code}.pdf")


def seen(draft):
    plan = plan_for(draft)
    return what_is_seen(draft, plan, papers.ways(draft, plan))


def signed(draft):
    return {
        "seen": seen(draft),
        "version": PROMISE_VERSION,
        "promise": "on",
        "confirmation": PASSWORD,
        "on_refusal": "hold",
    }


def by_pages(case, *, kiosk=False):
    client = browser_of(case.owner, kiosk=kiosk)
    draft = begin_on_pages(client, case)
    fill_on_pages(client, draft)
    post(client, "licensing:submit", draft, signed(draft))
    return draft


def at_the_window(case):
    """Begun at home, filled in by a clerk for the person before him, signed on paper."""
    draft = begin_on_pages(browser_of(case.owner), case)
    client = browser_of(case.clerk)
    client.post(reverse("window:home"), {"text": draft.draft_code})
    representative = case.premises.enterprise.legal_representative
    person = {"authority": "self", "person_name": representative, "person_id_number": ID_NUMBER}
    post(client, "window:assist", draft, person)
    fill_on_pages(client, draft)
    sheet = {"signer_name": representative, "sheet": upload(PDF, "签名页.pdf"), "compared": "on", "on_refusal": "hold"}
    post(client, "window:submit", draft, sheet | {"seen": seen(draft)})
    return draft


def over_the_api(case):
    client = browser_of(case.owner)
    answers = session_of(case.catalogue, RESTAURANT).answers
    told = call(client.post, reverse("api:applications"), {"answers": answers} | case.of_the_applicant)
    draft = Application.objects.get(public_id=told["id"])
    while not told["draft"]["agreed"] or any(
        one["asked"] and one["value"] is None for one in told["draft"]["elements"]
    ):
        told = call(client.post, address("agree", draft), {"fingerprint": told["draft"]["fingerprint"]})
        elements = case.catalogue.elements
        empty = [one["code"] for one in told["draft"]["elements"] if one["asked"] and one["value"] is None]
        values = {code: sample(elements[code]) for code in empty}
        written = {"revision": told["draft"]["revision"], "values": values}
        told = call(client.patch, address("values", draft), written)
    for paper in told["draft"]["papers"]:
        if paper["missing"]:
            client.post(address("paper", draft, code=paper["code"]), {"files": [paper_of(paper["code"])]})
    quarantine.check_waiting()
    told = call(client.get, address("application", draft), None)
    assert told["draft"]["problems"] == []
    to_sign = {"seen": told["draft"]["to_sign"]["seen"], "version": told["draft"]["to_sign"]["version"]}
    call(
        client.post,
        address("submit", draft),
        to_sign | {"promise": True, "confirmation": PASSWORD, "on_refusal": "hold"},
    )
    draft.refresh_from_db()
    return draft


def address(name, draft, **parts):
    return reverse(f"api:{name}", kwargs={"public_id": draft.public_id} | parts)


def call(method, path, body):
    answer = method(path, body, content_type="application/json") if body else method(path)
    assert answer.status_code < 300, answer.content.decode()
    return answer.json()


def frozen(application):
    """The snapshot without what may differ, each file by its bytes."""
    application.refresh_from_db()
    files = {str(one.public_id): one.blob.sha256 for one in StoredFile.objects.select_related("blob")}
    kept = {key: value for key, value in application.snapshot.items() if key not in MAY_DIFFER}
    kept["materials"] = {
        code: paper | {"files": sorted(files[one] for one in paper["files"])}
        for code, paper in kept["materials"].items()
    }
    return kept


def test_the_same_case_is_frozen_the_same_in_every_channel(case):
    filed = {
        "online": by_pages(case),
        "kiosk": by_pages(case, kiosk=True),
        "window": at_the_window(case),
        "api": over_the_api(case),
    }
    assert {name: one.snapshot["channel"] for name, one in filed.items()} == {name: name for name in filed}
    first = frozen(filed["online"])
    for one in filed.values():
        assert frozen(one) == first
    assert len({fingerprint(frozen(one)) for one in filed.values()}) == 1
    # The later ones were told what the first had filed.
    assert len({fingerprint(one.ledger) for name, one in filed.items() if name != "online"}) == 1
    assert [name for name, one in filed.items() if "assisted" in one.snapshot] == ["window"]
    assert {one.snapshot["filer"] for name, one in filed.items() if name != "window"} == {str(case.owner)}
    methods = {name: one.signature.method for name, one in filed.items()}
    assert methods == dict.fromkeys(("online", "kiosk", "api"), Method.PASSWORD) | {"window": Method.PAPER}
