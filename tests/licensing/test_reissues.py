"""A filing that carries a licence on or alters it: what it begins with, what stays as it is, what is signed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from certificates.models import Licence
from certificates.reissuing import begin
from licensing import drafts, papers, printing
from licensing.checking import problems_of
from licensing.plan import plan_for
from licensing.prefilling import filed_before, held_licences, known_values, suggested_values
from licensing.snapshots import snapshot_hash
from licensing.submission import NotSubmittable, submit
from tests.factories import ApplicationFactory, LicenceFactory, MembershipFactory, PremisesFactory
from tests.guidance.answering import replay_to_the_end
from tests.licensing.drafting import RESTAURANT, fill_in, hand_in_papers, ready
from tests.licensing.reading import Person
from tests.pdf_text import text_of
from tests.routing.acting import filed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage_folder")]


@pytest.fixture
def licence(city, catalogue):
    """Granted on a filing of the same holder and place, with what was filled in there; it ends in sixty days."""
    values = {"opening_hours": "8:00-22:00", "legal_rep_phone": "13812345678"}
    answers = replay_to_the_end(catalogue, RESTAURANT).answers
    premises = PremisesFactory(division=city)
    case = filed(premises, ["food-operation"], enterprise=premises.enterprise, values=values, answers=answers)
    task = case["food-operation"]
    return LicenceFactory(
        holder=premises.enterprise,
        premises=premises,
        source_task=task,
        office=task.office,
        face={"mailing_address": "阳江市老街1号"},
        valid_until=timezone.localdate() + timedelta(days=60),
    )


@pytest.fixture
def owner(licence):
    return licence.holder.memberships.get().user


def signable(draft):
    """Everything filled in and handed in, the plan agreed to."""
    drafts.agree(draft, plan_for(draft))
    # A paper may hang on a value just filled in.
    for _ in range(2):
        draft = fill_in(draft)
    hand_in_papers(draft)
    return draft


def test_what_was_filed_for_the_licence_is_offered_however_long_ago(licence, owner, catalogue, time_machine):
    draft = begin(licence, "renew", owner)
    time_machine.move_to(timezone.now() + timedelta(days=1))
    for number in range(6):
        newer = {"legal_rep_phone": f"1390000000{number}"}
        ApplicationFactory(submitted=True, enterprise=licence.holder, premises=licence.premises, values=newer)
    offered = filed_before(draft, catalogue.elements)
    assert offered["opening_hours"].value == "8:00-22:00"
    assert offered["legal_rep_phone"].value == "13900000005"


def test_what_stands_on_the_licence_is_known_for_a_renewal_and_offered_for_a_change(licence, owner, catalogue):
    renewal = begin(licence, "renew", owner)
    assert known_values(renewal, held_licences(renewal), catalogue)["mailing_address"].value == "阳江市老街1号"
    renewal.delete()
    change = begin(licence, "change", owner)
    held = held_licences(change)
    assert "mailing_address" not in known_values(change, held, catalogue)
    assert suggested_values(change, catalogue.elements, held, owner)["mailing_address"].value == "阳江市老街1号"


def test_holder_and_place_stay_those_of_the_licence(licence, owner, client):
    draft = begin(licence, "renew", owner)
    elsewhere = PremisesFactory()
    MembershipFactory(enterprise=elsewhere.enterprise, user=owner)
    drafts.apply_for(draft, elsewhere.enterprise)
    drafts.found_enterprise(draft, owner, "另一家")
    drafts.settle_at(draft, PremisesFactory(enterprise=licence.holder))
    draft.refresh_from_db()
    assert (draft.enterprise, draft.premises) == (licence.holder, licence.premises)
    for page in ("who", "where"):
        shown = Person(client, owner).open(reverse(f"licensing:{page}", args=[draft.public_id]))
        assert shown.path == reverse("licensing:plan", args=[draft.public_id])
    assert "换申请主体" not in shown.text


def test_what_is_signed_says_what_it_carries_on(licence, owner):
    application = submit(signable(begin(licence, "renew", owner)), owner)
    signed = application.snapshot
    assert (signed["purpose"], signed["prior"]) == ("renew", application.prior)
    assert snapshot_hash(signed) == application.snapshot_sha256
    assert application.chosen == ["food-operation"]


def test_what_is_signed_for_a_new_licence_is_what_it_always_was(city, catalogue):
    application = ready(catalogue, RESTAURANT, division=city)
    submit(application, application.filer)
    application.refresh_from_db()
    assert not {"purpose", "prior"} & application.snapshot.keys()


@pytest.mark.parametrize(("days", "late"), [(31, False), (30, False), (29, True)])
def test_who_comes_less_than_thirty_days_before_the_end_is_warned_and_may_file(licence, owner, client, days, late):
    Licence.objects.filter(pk=licence.pk).update(valid_until=timezone.localdate() + timedelta(days=days))
    draft = begin(licence, "renew", owner)
    page = Person(client, owner).open(reverse("licensing:plan", args=[draft.public_id]))
    assert ("法律要求在有效期届满三十日前提出延续" in page.text) is late
    assert submit(signable(draft), owner).filed_late is late


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"issued_on": "2021-01-01", "valid_until": "2026-01-01"}, "已经过期，不能再延续"),
        ({"status": "annulled"}, "现在是“撤销”，不能延续"),
        ({"status": "suspended"}, "被暂扣，发还以后才能延续"),
    ],
)
def test_a_licence_that_is_gone_meanwhile_keeps_the_filing_from_being_submitted(licence, owner, change, sentence):
    draft = begin(licence, "renew", owner)
    Licence.objects.filter(pk=licence.pk).update(**change)
    draft.refresh_from_db()
    plan = plan_for(draft)
    assert any(sentence in problem.text for problem in problems_of(draft, plan, papers.ways(draft, plan)))
    with pytest.raises(NotSubmittable):
        submit(draft, owner)


@pytest.mark.parametrize(("purpose", "word"), [("renew", "延续"), ("change", "变更")])
def test_every_page_and_paper_says_which_licence_it_is_about(licence, owner, client, purpose, word):
    draft = signable(begin(licence, purpose, owner))
    person = Person(client, owner)
    for page in ("plan", "review", "detail"):
        text = person.open(reverse(f"licensing:{page}", args=[draft.public_id])).text
        assert word in text
        assert licence.number in text
    assert f"{word}：{licence.name}（编号{licence.number}" in text_of(printing.package(draft)).replace(" ", "")
    submit(draft, owner)
    text = person.open(reverse("licensing:detail", args=[draft.public_id])).text
    assert f"{word} {licence.name}，编号 {licence.number}" in text
