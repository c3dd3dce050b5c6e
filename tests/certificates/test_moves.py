"""The life of a licence: which state may follow which, by whom, on what document; all else is refused."""

import itertools
from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from certificates import ending, measures
from certificates.models import Licence, LicenceEvent, LicenceStatus
from certificates.moves import MOVES, why_not
from certificates.telling import tell_of_move
from exchange.models import Event, Message
from guidance.models import Role
from licensing import chain
from portal.invariants import register
from portal.invariants.invariant import Moment, ask
from routing.refusals import InvalidInput, NotAllowed
from tests.factories import LicenceFactory, MembershipFactory, OfficeFactory, UserFactory
from tests.threads import refusals_at_once

TODAY = timezone.localdate()
DOCUMENT = {
    "document_number": "江市监罚字〔2026〕12号",
    "document_date": (TODAY - timedelta(days=3)).isoformat(),
    "authority": "江城区市场监督管理局",
    "reason": "后厨没有冷藏设备",
}
HEARD = {"heard": "2026年已告知，当事人没有意见"}
DATA = {
    "suspend": DOCUMENT | HEARD | {"until": (TODAY + timedelta(days=30)).isoformat()},
    "give_back": DOCUMENT | {"ground": "term_over"},
    "revoke": DOCUMENT | HEARD,
    "lapse": DOCUMENT | {"ground": "by_law"},
    "transfer": DOCUMENT | {"receiver": "广州市天河区市场监督管理局"},
}
# Every lawful change of status; what is not here does not exist.
LAWFUL = {
    ("valid", "suspended"),
    ("suspended", "valid"),
    *itertools.product(("valid", "suspended"), ("annulled", "withdrawn", "cancelled", "revoked", "lapsed")),
    ("valid", "transferred"),
    *itertools.product(("annulled", "withdrawn", "revoked", "lapsed"), ("cancelled",)),
}


def status_now(licence):
    return Licence.objects.get(pk=licence.pk).status


@pytest.fixture
def licence(db):
    return LicenceFactory(office=OfficeFactory())


@pytest.fixture
def people(licence, staff):
    return dict(zip(("officer", "head"), staff(licence.office), strict=False))


def test_the_table_allows_what_the_law_knows_and_nothing_else():
    assert {(source.value, move.target.value) for move in MOVES.values() for source in move.sources} == LAWFUL
    assert MOVES.keys() - DATA.keys() == {"annul", "withdraw", "cancel"}


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("status", LicenceStatus)
def test_each_measure_is_written_where_the_law_allows_it_and_refused_elsewhere(licence, people, name, status):
    Licence.objects.filter(pk=licence.pk).update(status=status)
    user = people["head" if MOVES[name].by == Role.HEAD else "officer"]
    if status in MOVES[name].sources:
        measures.take(licence, user, name, DATA[name])
        assert status_now(licence) == MOVES[name].target
    else:
        with pytest.raises(NotAllowed, match=f"现在是“{status.label}”，不能再{MOVES[name].label}：依法可以"):
            measures.take(licence, user, name, DATA[name])
        assert status_now(licence) == status
        assert not licence.events.exists()


def test_a_suspension_names_its_document_its_last_day_and_who_wrote_it(licence, people):
    event = measures.take(licence, people["head"], "suspend", DATA["suspend"])
    assert (event.event, event.from_status, event.to_status) == ("suspended", "valid", "suspended")
    assert event.actor == people["head"]
    assert DATA["suspend"].items() <= event.detail.items()
    assert measures.suspended_until(Licence.objects.get(pk=licence.pk)) == TODAY + timedelta(days=30)


def test_a_suspended_licence_comes_back_and_an_ended_one_does_not(licence, people):
    measures.take(licence, people["head"], "suspend", DATA["suspend"])
    measures.take(licence, people["officer"], "give_back", DATA["give_back"])
    now = Licence.objects.get(pk=licence.pk)
    assert (now.status, measures.suspended_until(now)) == ("valid", None)
    measures.take(licence, people["head"], "revoke", DATA["revoke"])
    with pytest.raises(NotAllowed, match="现在是“吊销”"):
        measures.take(licence, people["officer"], "give_back", DATA["give_back"])
    with pytest.raises(DatabaseError), transaction.atomic():
        Licence.objects.filter(pk=licence.pk).update(status="valid")
    assert [row.event for row in licence.events.all()] == ["suspended", "given_back", "revoked"]
    assert chain.verify(licence.events) is None


@pytest.mark.parametrize("name", ["suspend", "revoke", "lapse", "transfer"])
def test_a_measure_as_it_is_written_breaks_no_invariant_of_the_register(licence, people, name):
    measures.take(licence, people["head"], name, DATA[name])
    for invariant in register.INVARIANTS:
        assert ask(invariant, Moment.at()).holds


@pytest.mark.parametrize("name", ["suspend", "revoke"])
def test_an_officer_does_not_write_a_penalty(licence, people, name):
    with pytest.raises(NotAllowed, match="由本机关负责人办理"):
        measures.take(licence, people["officer"], name, DATA[name])


def test_after_a_revocation_the_formal_close_follows(licence, people):
    measures.take(licence, people["head"], "revoke", DATA["revoke"])
    ending.cancel(licence, people["officer"], {"ground": "ended_before", "reason": "已经吊销"})
    assert status_now(licence) == LicenceStatus.CANCELLED


@pytest.mark.parametrize("name", ["suspend", "revoke", "lapse", "transfer"])
def test_an_expired_licence_is_left_to_its_formal_close(licence, people, name):
    Licence.objects.filter(pk=licence.pk).update(valid_until=TODAY - timedelta(days=1))
    with pytest.raises(NotAllowed, match=r"已经过期.*请办理注销"):
        measures.take(licence, people["head"], name, DATA[name])


def test_a_suspension_over_after_the_last_day_gives_back_an_expired_licence(licence, people):
    measures.take(licence, people["head"], "suspend", DATA["suspend"])
    Licence.objects.filter(pk=licence.pk).update(valid_until=TODAY - timedelta(days=1))
    measures.take(licence, people["officer"], "give_back", DATA["give_back"])
    assert Licence.objects.get(pk=licence.pk).status_text == "已过期"


@pytest.mark.parametrize("name", [*DATA, "cancel"])
def test_an_old_version_is_moved_no_more(licence, people, name):
    LicenceFactory(office=licence.office, holder=licence.holder, premises=licence.premises, version=2, previous=licence)
    Licence.objects.filter(pk=licence.pk).update(status=LicenceStatus.LAPSED)
    act = ending.cancel if name == "cancel" else lambda *given: measures.take(*given[:2], name, given[2])
    data = DATA.get(name) or {"ground": "on_request", "reason": "停业"}
    with pytest.raises(NotAllowed, match="已经换成第 2 版，请对新的一版办理"):
        act(licence, people["head"], data)


@pytest.mark.parametrize(
    ("name", "change", "field", "said"),
    [
        ("suspend", {"until": ""}, "until", "暂扣到哪一天"),
        ("suspend", {"until": "2026-02-30"}, "until", "存在的日期"),
        ("suspend", {"until": (TODAY - timedelta(days=1)).isoformat()}, "until", "已经过了"),
        ("suspend", {"until": "2020-01-01"}, "until", "不能早于处罚决定书"),
        ("suspend", {"heard": " "}, "heard", "请写明告知"),
        ("revoke", {"document_number": ""}, "document_number", "请填写文书的文号"),
        ("revoke", {"document_number": "号" * 101}, "document_number", "100"),
        ("revoke", {"document_number": "a\x00b"}, "document_number", ""),
        ("revoke", {"document_date": (TODAY + timedelta(days=1)).isoformat()}, "document_date", "不能晚于今天"),
        ("revoke", {"document_date": "2001-01-01"}, "document_date", "早于发证日期"),
        ("revoke", {"authority": ""}, "authority", "作出机关"),
        ("revoke", {"reason": "\u200b"}, "reason", "事实和理由"),
        ("lapse", {"ground": "expired"}, "ground", "从列出的情形"),
        ("transfer", {"receiver": ""}, "receiver", "转入地机关"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_changes(licence, people, name, change, field, said):
    with pytest.raises(InvalidInput) as wrong:
        measures.take(licence, people["head"], name, DATA[name] | change)
    assert any(said in sentence for sentence in wrong.value.errors[field])
    assert status_now(licence) == LicenceStatus.VALID


def test_nobody_of_another_office_or_of_the_holder_writes_a_measure(licence, people, staff):
    _, stranger, _ = staff(OfficeFactory(department__code="health"))
    with pytest.raises(NotAllowed, match="发证机关的岗位"):
        measures.take(licence, stranger, "suspend", DATA["suspend"])
    MembershipFactory(enterprise=licence.holder, user=people["head"])
    with pytest.raises(NotAllowed, match="应当回避"):
        measures.take(licence, people["head"], "suspend", DATA["suspend"])


def test_expiry_is_no_move_and_nothing_ticks_it():
    assert all("过期" not in move.label for move in MOVES.values())
    assert why_not("suspend", "valid", expired=True) == "这份证照已经过期，没有可以暂扣的；请办理注销。"


def test_the_holder_is_told_once_and_the_page_says_why_and_on_what_document(licence, people, client):
    owner = MembershipFactory(enterprise=licence.holder).user
    event = measures.take(licence, people["head"], "suspend", DATA["suspend"])
    assert Event.objects.get(kind="licence.moved").payload == {"licence_event_id": event.pk}
    tell_of_move(event.pk)
    tell_of_move(event.pk)
    message = Message.objects.get(user=owner)
    assert message.subject == "一份证照被暂扣"
    assert DOCUMENT["document_number"] not in message.text
    client.force_login(owner)
    text = client.get(message.path).content.decode()
    for said in ("后厨没有冷藏设备", "江市监罚字〔2026〕12号", "江城区市场监督管理局", "暂扣至"):
        assert said in text
    client.force_login(UserFactory())
    assert client.get(message.path).status_code == 404


@pytest.mark.parametrize("event", [move.event for name, move in MOVES.items() if name in DATA])
def test_each_measure_has_its_words_for_the_holder(licence, event):
    MembershipFactory(enterprise=licence.holder)
    row = LicenceEvent(licence=licence, sequence=1, event=event, at=timezone.now(), previous_hash="", hash="")
    row.save()
    tell_of_move(row.pk)
    assert Message.objects.count() == 1


def test_the_page_offers_what_is_lawful_writes_it_and_says_what_is_not(licence, people, client):
    client.force_login(people["head"])
    page = reverse("admin:certificates_licence_change", args=[licence.public_id])
    text = client.get(page).content.decode()
    assert "登记暂扣" in text
    assert "登记发还" not in text
    assert "现在不能办的" in text
    wrong = client.post(f"{page}moves/suspend/", DATA["suspend"] | {"until": ""})
    assert "请填写暂扣到哪一天" in wrong.content.decode()
    assert DOCUMENT["document_number"] in wrong.content.decode()
    done = client.post(f"{page}moves/suspend/", DATA["suspend"], follow=True).content.decode()
    for said in ("已登记：暂扣", "暂扣至", "江市监罚字〔2026〕12号", "登记发还"):
        assert said in done
    again = client.post(f"{page}moves/suspend/", DATA["suspend"], follow=True).content.decode()
    assert "不能再暂扣" in again
    for unknown in ("annul", "superseded", "valid"):
        assert client.post(f"{page}moves/{unknown}/", {}).status_code == 404


def test_versions_are_linked_both_ways(licence, people, client):
    newer = LicenceFactory(
        office=licence.office, holder=licence.holder, premises=licence.premises, version=2, previous=licence
    )
    client.force_login(people["officer"])
    pages = [reverse("admin:certificates_licence_change", args=[each.public_id]) for each in (licence, newer)]
    assert pages[1] in client.get(pages[0]).content.decode()
    assert "这是旧版本" in client.get(pages[0]).content.decode()
    assert pages[0] in client.get(pages[1]).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_it_at_once_one_is_refused(staff):
    licence = LicenceFactory(office=OfficeFactory())
    _, *heads = staff(licence.office)
    acts = [partial(measures.take, licence, head, "suspend", DATA["suspend"]) for head in heads]
    assert len(refusals_at_once(*acts)) == 1
    assert licence.events.count() == 1
