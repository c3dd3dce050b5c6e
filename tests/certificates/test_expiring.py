"""Word before a licence ends: 90, 60 and 30 days before, once each, to whoever acts for the holder there."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from certificates import expiring
from certificates.expiring import Place, ending_soon, remind_some, stage_of
from certificates.models import Licence, Reissue
from certificates.reissuing import begin
from certificates.tasks import remind_of_ends
from exchange.models import Message
from licensing.models import MemberRole, Scope
from tests.factories import ApplicationFactory, LicenceFactory, MembershipFactory, PremisesFactory
from tests.licensing.reading import Person

pytestmark = pytest.mark.django_db


def ending_in(days, **of_licence):
    return LicenceFactory(valid_until=timezone.localdate() + timedelta(days=days), **of_licence)


@pytest.fixture
def owned():
    """owned(days) → a licence that ends in so many days, of a holder with an owner."""

    def owned(days, **of_licence):
        licence = ending_in(days, **of_licence)
        MembershipFactory(enterprise=licence.holder)
        return licence

    return owned


def stages(licence):
    return sorted(licence.reminders.values_list("days", flat=True))


@pytest.mark.parametrize(("days", "stage"), [(91, None), (90, 90), (61, 90), (60, 60), (31, 60), (30, 30), (0, 30)])
def test_the_nearest_stage_that_has_begun_is_told(days, stage, owned):
    licence = owned(days)
    remind_some()
    assert stage_of(days) == stage
    assert stages(licence) == ([stage] if stage else [])
    assert Message.objects.count() == (1 if stage else 0)


def test_each_stage_is_told_once_and_missed_ones_are_not_made_up_for(owned, time_machine):
    licence, today = owned(90), timezone.now()
    for passed in (0, 0, 5, 75, 75, 89):
        time_machine.move_to(today + timedelta(days=passed))
        remind_of_ends()
    assert stages(licence) == [30, 90]
    assert Message.objects.count() == 2


def test_what_has_ended_or_was_superseded_is_not_told_of(owned):
    for licence in (owned(-1), owned(20, status="lapsed"), owned(20, status="suspended"), owned(20, status="annulled")):
        remind_some()
        assert stages(licence) == []


def test_who_has_handed_in_a_renewal_is_left_alone_and_who_only_began_one_is_not(granted, city):
    licence = granted({"valid_until": timezone.localdate() + timedelta(days=20)})
    owner = MembershipFactory(enterprise=licence.holder).user
    renewal = begin(licence, "renew", owner)
    filed = ApplicationFactory(in_progress=True, purpose="renew", prior=renewal.prior, mode="traditional")
    Reissue.objects.filter(application=renewal).update(application=filed)
    remind_some()
    assert stages(licence) == []
    Reissue.objects.filter(application=filed).update(application=renewal)
    remind_some()
    assert stages(licence) == [30]


def test_whoever_acts_there_is_told_and_no_agent_of_another_shop(owned):
    licence = owned(20)
    agent = {"enterprise": licence.holder, "role": MemberRole.AGENT, "scope": Scope.FILE}
    here = MembershipFactory(premises=licence.premises, **agent).user
    MembershipFactory(premises=PremisesFactory(enterprise=licence.holder), **agent)
    owner = licence.holder.memberships.get(premises=None).user
    remind_some()
    assert {message.user for message in Message.objects.all()} == {owner, here}


def test_a_holder_whom_nobody_acts_for_is_told_when_somebody_does():
    licence = ending_in(50)
    remind_some()
    assert stages(licence) == []
    MembershipFactory(enterprise=licence.holder)
    remind_some()
    assert stages(licence) == [60]


def test_the_message_names_neither_enterprise_nor_licence_and_leads_on(owned, client):
    licence = owned(80)
    remind_some()
    message = Message.objects.get()
    said = message.subject + message.text
    assert licence.holder.name not in said
    assert licence.number not in said
    assert "最晚" in said
    assert Person(client, message.user).open(message.path).response.status_code == 200


def test_a_long_walk_is_made_in_batches_and_misses_nobody(owned):
    licences = [owned(days) for days in (10, 10, 10, 40, 80)]
    place = None
    for _ in range(3):
        place = remind_some(place, size=2)
    assert place is None
    assert [len(stages(licence)) for licence in licences] == [1] * 5


def test_a_run_that_is_over_its_time_leaves_the_rest_to_the_next(owned, monkeypatch):
    first, second, sent = owned(10), owned(20), []
    monkeypatch.setattr(expiring, "remind_some", partial(remind_some, size=1))
    monkeypatch.setattr(remind_of_ends, "delay", lambda *place: sent.append(place))
    remind_of_ends(seconds=0)
    assert sent == [(first.valid_until.isoformat(), first.pk)]
    assert [len(stages(licence)) for licence in (first, second)] == [1, 0]
    remind_of_ends(*sent[0], seconds=0)
    assert stages(second) == [30]


def test_the_walk_asks_as_many_queries_for_two_licences_as_for_twenty(owned, django_assert_num_queries):
    for number in (2, 18):
        for _ in range(number):
            owned(15)
        remind_some()
        with django_assert_num_queries(3):
            remind_some()


def test_the_walk_reads_by_its_index_what_ends_and_nothing_that_has_ended():
    """Beside 5,000 licences of the past and of years to come."""
    original, today = ending_in(40), timezone.localdate()
    same = {field.attname: getattr(original, field.attname) for field in Licence._meta.fields}
    same = {name: value for name, value in same.items() if name not in {"id", "public_id", "number", "valid_until"}}
    ends = [today + timedelta(days=days) for days in (-300, -1, 400)]
    rows = [Licence(**same, number=f"旧{place}", valid_until=ends[place % 3]) for place in range(5000)]
    Licence.objects.bulk_create(rows, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE certificates_licence")
    for place in (None, Place(today, 1)):
        plan = ending_soon(today, place)[:500].explain(analyze=True)
        assert "licences_that_end" in plan
        assert "Seq Scan" not in plan
        assert "Rows Removed" not in plan
