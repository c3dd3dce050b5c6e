"""Owners let agents act for an enterprise (经办人); each right ends when it is taken back, and is never passed on."""

import threading
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from exchange.models import Event, Message
from licensing import invitation_letters, members
from licensing.members import NotAllowed
from licensing.models import Application, Invitation, MemberRole, Membership, Scope
from licensing.submission import NotSubmittable, submit
from routing import refusals as routing_refusals
from routing import withdrawing
from tests.factories import ApplicationFactory, EnterpriseFactory, MembershipFactory, PremisesFactory, UserFactory
from tests.licensing.drafting import RESTAURANT, ready
from tests.licensing.reading import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("storage_folder")]
ADDRESS = "agent@example.com"


@pytest.fixture
def owner():
    return MembershipFactory()


def invite(owner, **terms):
    return members.invite(owner.enterprise, owner.user, **{"email": ADDRESS, "scope": Scope.FILE} | terms)


def invited(**more):
    return UserFactory(email=ADDRESS, **more)


def agent_of(owner, **terms):
    return MembershipFactory(enterprise=owner.enterprise, role=MemberRole.AGENT, **terms)


def kinds(owner):
    return [event.kind for event in owner.enterprise.events.all()]


def test_the_letter_opens_the_invitation_and_accepting_it_makes_an_agent(owner, client, settings):
    shop, until = PremisesFactory(enterprise=owner.enterprise), timezone.localdate() + timedelta(days=30)
    invitation_letters.send(invite(owner, scope=Scope.PREPARE, premises=shop, until=until).pk)
    [letter] = mail.outbox
    assert letter.to == [ADDRESS]
    assert owner.enterprise.name not in letter.body
    link = next(word for word in letter.body.split() if word.startswith(settings.PUBLIC_URL))
    person = Person(client, invited())
    page = person.open(link.removeprefix(settings.PUBLIC_URL))
    assert owner.enterprise.name in page.text
    person.send(page)
    joined = Membership.objects.get(user__email=ADDRESS)
    terms = (MemberRole.AGENT, Scope.PREPARE, shop, until)
    assert (joined.role, joined.scope, joined.premises, joined.until) == terms
    assert kinds(owner) == ["invited", "joined"]
    assert Message.objects.get().user == owner.user


def test_what_opens_an_invitation_stands_neither_in_the_database_nor_in_the_queue(owner):
    invitation = invite(owner)
    token = members.token_of(invitation)
    row = Invitation.objects.values().get()
    assert token not in map(str, row.values())
    assert token not in str(list(Event.objects.values()))


def test_only_the_address_invited_may_use_the_link_and_nobody_else_learns_it(owner, client):
    address = reverse("licensing:invitation", args=[members.token_of(invite(owner))])
    client.force_login(UserFactory())
    answers = [client.get(address), client.post(address), client.get(address[:-5] + "0000/")]
    assert {answer.status_code for answer in answers} == {404}
    assert ADDRESS not in answers[0].content.decode()
    assert owner.enterprise.name not in answers[0].content.decode()
    assert not Membership.objects.filter(role=MemberRole.AGENT).exists()


@pytest.mark.parametrize("end", ["expired", "called back", "owner left", "over"])
def test_an_invitation_that_ended_is_refused(end, owner):
    invitation, user = invite(owner), invited()
    if end == "expired":
        Invitation.objects.update(expires_at=timezone.now())
    elif end == "called back":
        members.call_back(invitation, owner.user)
    elif end == "owner left":
        owner.delete()
    else:
        Invitation.objects.update(until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(NotAllowed, match="已经用过、过期或者被收回"):
        members.accept(invitation, user)


def test_a_letter_of_an_invitation_called_back_is_not_sent(owner):
    invitation = invite(owner)
    members.call_back(invitation, owner.user)
    invitation_letters.send(invitation.pk)
    assert not mail.outbox


def test_inviting_again_calls_the_earlier_one_back(owner):
    first, second = invite(owner), invite(owner, email=ADDRESS.upper())
    assert list(Invitation.objects.open()) == [second]
    assert members.token_of(first) != members.token_of(second)


def test_an_owner_invites_neither_himself_nor_who_is_there_nor_the_whole_world(owner):
    for email in (owner.user.email.upper(), agent_of(owner).user.email):
        with pytest.raises(NotAllowed):
            invite(owner, email=email)
    for number in range(members.MOST_OPEN):
        invite(owner, email=f"{number}@example.com")
    with pytest.raises(NotAllowed, match="20 个"):
        invite(owner)


def test_calling_back_and_inviting_again_writes_no_letters_without_end(owner):
    for _ in range(members.MOST_A_DAY):
        members.call_back(invite(owner), owner.user)
    with pytest.raises(NotAllowed, match="明天再邀请"):
        invite(owner)


def test_accepting_twice_is_accepting_once(owner):
    invitation, user = invite(owner), invited()
    assert members.accept(invitation, user) == members.accept(invitation, user)
    assert kinds(owner).count("joined") == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_accept_once(owner):
    invitation, user, joined = invite(owner), invited(), []
    gate = threading.Barrier(4)

    def click():
        gate.wait()
        joined.append(members.accept(invitation, user).pk)
        connections.close_all()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    [one.start() for one in clicks]
    [one.join() for one in clicks]
    assert len(joined) == 4
    assert len(set(joined)) == 1


def test_whose_earlier_right_ran_out_gets_the_new_one(owner):
    user = invited()
    agent_of(owner, user=user, until="2020-01-01", scope=Scope.PREPARE)
    members.accept(invite(owner), user)
    joined = Membership.objects.get(user=user)
    assert (joined.scope, joined.until) == (Scope.FILE, None)


@pytest.mark.parametrize("who", ["agent", "former owner", "stranger", "owner of an unconfirmed one"])
def test_only_a_current_owner_of_a_confirmed_enterprise_manages(who, owner, client):
    if who == "agent":
        user = agent_of(owner).user
    elif who == "former owner":
        user = MembershipFactory(enterprise=owner.enterprise, until="2020-01-01").user
    elif who == "stranger":
        user = UserFactory()
    else:
        owner = MembershipFactory(enterprise=EnterpriseFactory(unverified=True))
        user = owner.user
    agent, invitation = agent_of(owner), Invitation(enterprise=owner.enterprise)
    for act in (
        lambda: members.invite(owner.enterprise, user, email=ADDRESS, scope=Scope.FILE),
        lambda: members.revoke(agent, user),
        lambda: members.change(agent, user, scope=Scope.PREPARE),
        lambda: members.call_back(invitation, user),
    ):
        with pytest.raises(NotAllowed, match="只有经营主体的法定代表人"):
            act()
    client.force_login(user)
    assert client.get(reverse("licensing:members", args=[owner.enterprise.public_id])).status_code == 404


def test_an_owner_is_not_revoked_like_an_agent(owner):
    other = MembershipFactory(enterprise=owner.enterprise)
    with pytest.raises(NotAllowed):
        members.revoke(other, owner.user)


def test_what_a_revoked_agent_filled_in_stays_the_enterprises(owner):
    agent = agent_of(owner)
    draft = ApplicationFactory(enterprise=owner.enterprise, filer=agent.user)
    members.revoke(agent, owner.user)
    assert not Application.objects.for_applicant(agent.user).exists()
    assert list(Application.objects.for_applicant(owner.user)) == [draft]
    assert kinds(owner) == ["revoked"]
    assert Message.objects.get().user == agent.user


@pytest.mark.django_db(transaction=True)
def test_who_submits_while_being_revoked_submits_nothing(city, catalogue):
    draft = ready(catalogue, RESTAURANT, division=city)
    owner = draft.enterprise.memberships.get()
    agent, refused, begun = agent_of(owner), [], threading.Event()

    def hand_in():
        begun.set()
        try:
            submit(draft, agent.user)
        except NotSubmittable as why:
            refused.append(str(why))
        connections.close_all()

    with transaction.atomic():
        members.revoke(agent, owner.user)
        thread = threading.Thread(target=hand_in)
        thread.start()
        begun.wait()
        thread.join(0.5)
        assert not refused
        assert thread.is_alive()
    thread.join()
    assert refused == ["您现在不能代表这个主体提交申请"]
    assert Application.objects.get().status == "draft"


# The pages


def page_of(owner, client):
    person = Person(client, owner.user)
    return person, person.open(reverse("licensing:members", args=[owner.enterprise.public_id]))


def post(client, owner, **data):
    return client.post(reverse("licensing:members", args=[owner.enterprise.public_id]), data, follow=True)


def in_days(days):
    return str(timezone.localdate() + timedelta(days=days))


GOOD = {"action": "invite", "email": ADDRESS, "scope": "prepare", "place": "all"}


def test_an_owner_invites_changes_calls_back_and_revokes_on_one_page(owner, client):
    client.force_login(owner.user)
    post(client, owner, **GOOD, until=in_days(10))
    assert "收回邀请" in post(client, owner).content.decode()
    post(client, owner, action="call-back", which=str(Invitation.objects.get().public_id))
    assert not Invitation.objects.open().exists()
    agent = agent_of(owner)
    terms = {"scope": "prepare", "place": "all", "until": in_days(5)}
    post(client, owner, action="change", which=agent.pk, **{f"m{agent.pk}-{name}": one for name, one in terms.items()})
    agent.refresh_from_db()
    assert (agent.scope, str(agent.until)) == ("prepare", in_days(5))
    post(client, owner, action="revoke", which=agent.pk)
    assert not Membership.objects.filter(pk=agent.pk).exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "agent"}, "邮箱不完整"),
        ({"email": "a\0@example.com"}, ""),
        ({"email": "x" * 100_000}, ""),
        ({"scope": "owner"}, "请从列出的选项里选一项"),
        ({"place": "00000000-0000-0000-0000-000000000001"}, "请从列出的选项里选一项"),
        ({"until": ""}, "请填写授权到哪一天为止"),
        ({"until": "2020-01-01"}, "到期日已经过了"),
        ({"until": in_days(4000)}, "最长三年"),
        ({"until": "99999-99-99"}, "请填写完整的日期"),
    ],
)
def test_an_invitation_that_cannot_be_right_is_refused_at_its_field(changes, sentence, owner, client):
    client.force_login(owner.user)
    page = post(client, owner, **GOOD | {"until": in_days(10)} | changes).content.decode()
    assert "field--error" in page
    assert sentence in page
    assert not Invitation.objects.exists()


def test_another_enterprises_agent_is_not_found_here(owner, client):
    client.force_login(owner.user)
    other = agent_of(MembershipFactory())
    for which in (other.pk, owner.pk, "x", "9" * 30, "\0", ""):
        assert post(client, owner, action="revoke", which=which).status_code == 404
    assert Membership.objects.filter(pk=other.pk).exists()


def test_the_queries_of_the_page_do_not_grow_with_the_agents(owner, client):
    counts = []
    for _ in range(2):
        for _ in range(3):
            agent_of(owner, premises=PremisesFactory(enterprise=owner.enterprise))
        client.force_login(owner.user)
        with CaptureQueriesContext(connections["default"]) as queries:
            post(client, owner)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_agent_for_one_shop_sees_that_shop_only_and_adds_none(owner, client):
    shop, other = PremisesFactory(enterprise=owner.enterprise), PremisesFactory(enterprise=owner.enterprise)
    agent = agent_of(owner, premises=shop)
    hidden = ApplicationFactory(enterprise=owner.enterprise, premises=other)
    person = Person(client, agent.user)
    page = person.open(reverse("licensing:enterprise", args=[owner.enterprise.public_id]))
    assert shop.address in page.text
    assert other.address not in page.text
    assert str(hidden.public_id) not in str(page.soup)
    assert client.get(reverse("licensing:premises-add", args=[owner.enterprise.public_id])).status_code == 404


def test_an_agent_for_one_shop_files_for_no_other(catalogue, owner, client):
    shop, other = PremisesFactory(enterprise=owner.enterprise), PremisesFactory(enterprise=owner.enterprise)
    agent = agent_of(owner, premises=shop)
    draft = ApplicationFactory(enterprise=owner.enterprise, premises=None, filer=agent.user)
    address = reverse("licensing:where", args=[draft.public_id])
    page = Person(client, agent.user).open(address)
    assert shop.address in page.text
    assert other.address not in page.text
    new = {"where": "new", "name": "新店", "division": shop.division_id, "address": "江城区漠江路99号"}
    for where in ({"where": str(other.public_id)}, new):
        client.post(address, where)
        draft.refresh_from_db()
        assert draft.premises is None
    client.post(address, {"where": str(shop.public_id)})
    draft.refresh_from_db()
    assert draft.premises == shop


def test_who_only_prepares_neither_withdraws_nor_decides_on_the_rest(owner):
    agent = agent_of(owner, scope=Scope.PREPARE)
    application = ApplicationFactory(enterprise=owner.enterprise, in_progress=True)
    for act in (withdrawing.withdraw, withdrawing.go_on):
        with pytest.raises(routing_refusals.NotAllowed, match="只包括填写、准备和补正材料"):
            act(application, agent.user)
    agent.scope = Scope.FILE
    agent.save()
    with pytest.raises(routing_refusals.NotAllowed, match="没有暂停的事项"):
        withdrawing.go_on(application, agent.user)


def test_who_only_prepares_is_told_so_before_choosing_what_to_withdraw(owner, client):
    agent = agent_of(owner, scope=Scope.PREPARE)
    application = ApplicationFactory(enterprise=owner.enterprise, in_progress=True)
    client.force_login(agent.user)
    answer = client.get(reverse("routing:withdraw", args=[application.public_id]))
    assert answer.url == reverse("licensing:detail", args=[application.public_id])
    assert "只包括填写、准备和补正材料" in str(next(iter(get_messages(answer.wsgi_request))))
