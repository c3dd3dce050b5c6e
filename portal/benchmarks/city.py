"""A city's worth of applications in all states, as the portal's own moves would have left them, written by COPY.

The logs are chained and the due dates counted by the real functions, so that a check of them has everything to check.
"""

import heapq
import random
from collections import namedtuple
from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from certificates.models import Licence, LicenceEvent
from exchange.models import Delivery, Event
from guidance import releases
from guidance.codes import CODE_ALPHABET, LENGTH
from guidance.models import Item, Office, Post
from guidance.offices import offices_for
from licensing import chain
from licensing.models import Application, Enterprise, LogEntry, Membership, Premises
from licensing.snapshots import snapshot_hash
from portal.benchmarks.copying import Table, without_checks
from portal.benchmarks.filing import open_offices
from portal.benchmarks.task_lives import Lives
from routing.models import ApprovalTask, ClockStop, Correction, CorrectionPoint, Document

# The referred to first.
MODELS = [Enterprise, Membership, Premises, Application, ApprovalTask, LogEntry, Document, Correction, CorrectionPoint]
MODELS += [ClockStop, Event, Delivery, Licence, LicenceEvent]
# How tasks end, out of a hundred; and how those of a fresh application stand.
_ENDS = ["granted"] * 85 + ["refused"] * 8 + ["withdrawn"] * 3 + ["declined"] * 2 + ["returned"] * 2
_FRESH = ["received", "correction", "accepted", "accepted", "stopped", "granted"]
_SHARE_FRESH = 0.15
_BATCH = 1000

Filing = namedtuple("Filing", "application number codes enterprise premises at")


class City:
    """write() fills the database; every application has so many tasks at offices of one district and its city."""

    def __init__(self, tasks_each):
        # The same city each time.
        self.random, self.tasks_each, self.now = random.Random(1), tasks_each, timezone.now()  # noqa: S311
        self.district, self.release = open_offices(), releases.current()
        catalogue = releases.load(self.release.pk)
        self.items = catalogue.items
        # What waits for nothing but the registration of the enterprise, which is done.
        self.pool = [code for code, item in self.items.items() if _needs_at_most(item, "business-registration")]
        self.rows = {row.code: row.pk for row in Item.objects.filter(release=self.release)}
        self.offices = offices_for(self.items.values(), self.district)
        self.officers = {office.pk: _officer(office) for office in Office.objects.all()}
        self.applicant = get_user_model().objects.get_or_create(username="bench-city")[0].pk
        self.tables = {model: Table(model, self.now) for model in MODELS}
        self.lives = Lives(self)

    def write(self, applications):
        without_checks()
        for first in range(0, applications, _BATCH):
            for number in range(first + 1, min(first + _BATCH, applications) + 1):
                self._application(number)
            with transaction.atomic():
                for table in self.tables.values():
                    table.flush()

    def add(self, model, **values):
        return self.tables[model].add(**values)

    def _application(self, number):
        fresh = self.random.random() < _SHARE_FRESH
        states = [self.random.choice(_FRESH if fresh else _ENDS) for _ in range(self.tasks_each)]
        filing = self._filing(number, self.random.randint(4, 8) if fresh else self.random.randint(30, 300))
        self.log, self.previous_hash, self.sequence = filing, chain.FIRST, 0
        self.record(filing.at, "application.submitted", "", "draft", "submitted", actor=self.applicant)
        self.tell("application.submitted", filing.at, application_id=filing.application)
        lives = [self.lives.begin(filing, code, state) for code, state in zip(filing.codes, states, strict=True)]
        self.record(filing.at + timedelta(seconds=1), "application.split", "", "submitted", "in_progress")
        last = filing.at
        for at, step in heapq.merge(*(life.steps() for life in lives), key=lambda pair: pair[0]):
            step()
            last = at
        status = _status_of(states)
        if status != "in_progress":
            last += timedelta(seconds=2)
            self.record(last, f"application.{status}", "", "in_progress", status)
        self._freeze(filing, status, last)
        for life in lives:
            life.write()

    def _filing(self, number, age):
        day = timezone.localdate(self.now) - timedelta(days=age)
        at = timezone.make_aware(datetime.combine(day, time(9)) + timedelta(seconds=number % 7200))
        name = f"阳江市测试商行{number}"
        enterprise = self.add(
            Enterprise, name=name, uscc=f"9144170{number:011d}", entity_type="company", verified_at=at
        )
        self.add(Membership, user_id=self.applicant, enterprise_id=enterprise, role="owner")
        place = {"enterprise_id": enterprise, "division_id": self.district.pk}
        premises = self.add(Premises, name="总店", address=f"漠江路{number}号", **place)
        codes = self.random.sample(self.pool, self.tasks_each)
        pk = self.tables[Application].next_id
        return Filing(pk, f"YZ{day:%Y%m%d}{number:06d}", codes, enterprise, premises, at)

    def _freeze(self, filing, status, last):
        snapshot = {
            "number": filing.number,
            "enterprise": {"name": "测试", "uscc": "", "address": "漠江路"},
            "values": (
                values := dict.fromkeys((e for c in filing.codes for e in self.items[c].form_fields), "测试填写")
            ),
            "chosen": filing.codes,
            "items": {code: self._signed_item(code) for code in filing.codes},
            "materials": {
                material.code: {"name": material.name, "how": "department", "note": "", "files": []}
                for code in filing.codes
                for material in self.items[code].materials
            },
        }
        self.add(
            Application,
            number=filing.number,
            # Of a hundred thousand that are drawn two are the same once in a hundred cities.
            draft_code=_code_of(filing.application),
            enterprise_id=filing.enterprise,
            premises_id=filing.premises,
            filer_id=self.applicant,
            release_id=self.release.pk,
            status=status,
            values=values,
            chosen=filing.codes,
            snapshot=snapshot,
            snapshot_sha256=snapshot_hash(snapshot),
            created_at=filing.at,
            submitted_at=filing.at,
            completed_at=None if status == "in_progress" else last,
        )

    def _signed_item(self, code):
        item = self.items[code]
        papers = [material.code for material in item.materials]
        return {"name": item.name, "elements": list(item.form_fields), "materials": papers, "committed": False}

    def record(self, at, event, code, before, after, detail=None, actor=None):
        """Append a row to the log of the application that is being written; return its sequence."""
        self.sequence += 1
        values = {"application_id": self.log.application, "item_code": code, "sequence": self.sequence, "event": event}
        values |= {"actor_id": actor, "from_status": before, "to_status": after, "detail": detail or {}, "at": at}
        previous_hash, self.previous_hash = self.previous_hash, chain.link(self.previous_hash, values)
        self.add(LogEntry, **values, previous_hash=previous_hash, hash=self.previous_hash)
        return self.sequence

    def tell(self, kind, at, **ids):
        event = self.add(Event, kind=kind, payload=ids, created_at=at)
        for handler in settings.EVENT_HANDLERS[kind]:
            done = {"attempts": 1, "next_attempt_at": at, "done_at": at}
            self.add(Delivery, event_id=event, handler=handler, **done)


def _code_of(number):
    digits = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(CODE_ALPHABET))
        digits.append(CODE_ALPHABET[digit])
    return "".join(digits)


def _needs_at_most(item, code):
    return all(each.item == code for each in item.prerequisites) and item.code != code


def _officer(office):
    """The id of the office's officer."""
    given = {"name": "测试", "is_staff": True}
    user, _ = get_user_model().objects.get_or_create(username=f"bench-officer-{office.pk}", defaults=given)
    Post.objects.get_or_create(user=user, office=office)
    return user.pk


def _status_of(states):
    if {"received", "correction", "accepted", "stopped"}.intersection(states):
        return "in_progress"
    return "withdrawn" if set(states) == {"withdrawn"} else "completed"
