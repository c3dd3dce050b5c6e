"""换发企业码: who may, what becomes of the old code, and what is remembered of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from certificates.elicences import recoded
from certificates.models import LicenceFile, LicenceStatus, SigningKey
from exchange.models import Event, Message
from licensing import members, recoding
from licensing.models import Enterprise, EnterpriseEvent, MemberRole
from tests.factories import EnterpriseFactory, LicenceFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return MembershipFactory()


@pytest.fixture
def made():
    """made(**a licence's facts) → its file, as if a worker had made it an hour ago."""
    now = timezone.now()
    term = {"not_before": now, "not_after": now + timedelta(days=9)}
    key = SigningKey.objects.create(key_id="k", algorithm="a", certificate="c", development=False, **term)
    told = {"data": "{}", "algorithm": "a", "signature": "s", "content": "x.pdf", "size": 9, "sha256": "0"}

    def made(**facts):
        licence = LicenceFactory(**facts)
        return LicenceFile.objects.create(licence=licence, made_at=now - timedelta(hours=1), key=key, **told)

    return made


def again(owner):
    owner.enterprise.refresh_from_db()
    return recoding.recode(owner.enterprise, owner.user, recoding.mark_of(owner.enterprise))


def address(enterprise):
    return reverse("certificates:recode", args=[enterprise.public_id])


def public(client, token):
    return client.get(reverse("certificates:public", args=[token]))


def test_the_old_code_answers_like_one_that_never_was(client, owner):
    old = owner.enterprise.public_token
    new = again(owner).public_token
    assert public(client, new).status_code == 200
    gone, unknown = public(client, old), public(client, "A" * 32)
    assert gone.status_code == unknown.status_code == 404
    assert gone.content == unknown.content


def test_the_page_says_what_will_happen_and_the_button_does_it(client, owner):
    client.force_login(owner.user)
    old = owner.enterprise.public_token
    page = client.get(address(owner.enterprise)).content.decode()
    assert "旧的码马上失效" in page
    mark = recoding.mark_of(owner.enterprise)
    assert mark in page
    assert old not in page
    response = client.post(address(owner.enterprise), {"mark": mark}, follow=True)
    assert "已经换成新的" in response.content.decode()
    owner.enterprise.refresh_from_db()
    assert owner.enterprise.public_token != old


@pytest.mark.parametrize("mark", ["", "stale", "\x00", "证" * 4000, None])
def test_a_second_click_or_a_made_up_form_changes_nothing(client, owner, mark):
    client.force_login(owner.user)
    stale = recoding.mark_of(owner.enterprise)
    again(owner)
    token = Enterprise.objects.get().public_token
    posted = {} if mark is None else {"mark": stale if mark == "stale" else mark}
    response = client.post(address(owner.enterprise), posted, follow=True)
    assert "刚刚已经换过了" in response.content.decode()
    assert Enterprise.objects.get().public_token == token


def test_agents_past_owners_and_strangers_find_no_such_page(client, owner):
    past = MembershipFactory(enterprise=owner.enterprise, until="2020-01-01").user
    agent = MembershipFactory(enterprise=owner.enterprise, role=MemberRole.AGENT).user
    for other in (past, agent, MembershipFactory().user):
        client.force_login(other)
        assert client.get(address(owner.enterprise)).status_code == 404
        mark = {"mark": recoding.mark_of(owner.enterprise)}
        assert client.post(address(owner.enterprise), mark).status_code == 404
        with pytest.raises(members.NotAllowed):
            recoding.recode(owner.enterprise, other, mark["mark"])
    assert not EnterpriseEvent.objects.exists()


def test_without_a_code_there_is_none_to_change(client):
    member = MembershipFactory(enterprise=EnterpriseFactory(unverified=True))
    client.force_login(member.user)
    assert client.get(address(member.enterprise)).status_code == 404


def test_three_times_a_day_and_no_more(owner):
    for _ in range(recoding.MOST_A_DAY):
        again(owner)
    with pytest.raises(members.NotAllowed, match="一天里最多换 3 次"):
        again(owner)
    EnterpriseEvent.objects.update(at=timezone.now() - timedelta(days=1))
    again(owner)


def test_files_with_the_old_code_are_made_anew_once(owner, made):
    file = made(holder=owner.enterprise)
    ended = made(holder=owner.enterprise, status=LicenceStatus.REVOKED)
    again(owner)
    event = EnterpriseEvent.objects.get()
    for _ in range(2):
        recoded.make_anew(event.pk)
    assert Event.objects.get(kind="enterprise.recoded").payload == {"enterprise_event_id": event.pk}
    assert LicenceFile.objects.current().get(licence=file.licence).made_at is None
    assert file.licence.files.count() == 2
    assert LicenceFile.objects.current().get(licence=ended.licence) == ended


def test_a_suspended_licence_is_not_given_back_with_a_code_that_opens_nothing(owner, made):
    file = made(holder=owner.enterprise, status=LicenceStatus.SUSPENDED)
    again(owner)
    recoded.make_anew(EnterpriseEvent.objects.get().pk)
    assert LicenceFile.objects.current().get(licence=file.licence).made_at is None


def test_every_owner_is_told_and_no_agent(owner):
    other = MembershipFactory(enterprise=owner.enterprise)
    MembershipFactory(enterprise=owner.enterprise, role=MemberRole.AGENT)
    again(owner)
    assert set(Message.objects.values_list("user", flat=True)) == {owner.user.pk, other.user.pk}


def test_owners_read_who_did_it_and_agents_do_not(client, owner):
    agent = MembershipFactory(enterprise=owner.enterprise, role=MemberRole.AGENT).user
    again(owner)
    page = reverse("licensing:enterprise", args=[owner.enterprise.public_id])
    client.force_login(owner.user)
    assert f"{owner.user}：换发企业码" in client.get(page).content.decode()
    client.force_login(agent)
    assert "换发企业码" not in client.get(page).content.decode()


def test_a_clerk_s_name_is_nothing_for_the_history(client, owner):
    clerk = MembershipFactory().user
    EnterpriseEvent.objects.create(enterprise=owner.enterprise, kind=EnterpriseEvent.Kind.CONFIRMED, actor=clerk)
    client.force_login(owner.user)
    page = client.get(reverse("licensing:enterprise", args=[owner.enterprise.public_id])).content.decode()
    assert "窗口人员：确认" in page
    assert clerk.name not in page
