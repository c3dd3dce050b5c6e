"""How the tasks of a benchmark's city live: step by step in time, each leaving what the real move leaves."""

import functools
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from certificates.models import Licence, LicenceEvent
from licensing import chain
from routing import counting
from routing.clock import WORKING_DAYS, Pause, warns_on
from routing.counting import Clock
from routing.models import ApprovalTask, ClockStop, Correction, CorrectionPoint, Document

_DAY = timedelta(days=1)
_PAPERS = {
    "granted": "grant",
    "refused": "refusal",
    "declined": "non_acceptance",
    "withdrawn": "withdrawal",
    "returned": "return",
}
# Of those that need not: so many are asked for a correction, and stopped for a survey.
_CORRECTED, _STOPPED = 0.25, 0.2


class Lives:
    """What all tasks of a city share: counted dates are kept, for many begin on one day."""

    def __init__(self, city):
        self.city, self.by = city, counting.rules()
        self.due = functools.cache(lambda clock: clock and clock.due(self.by.calendar))
        self.warns_on = functools.cache(self._warns_on)

    def begin(self, filing, code, state):
        return Life(self, filing, code, state)

    def _warns_on(self, clock):
        days_left, percent = self.by.terms["warn_days_left"] or 0, self.by.terms["warn_percent"] or 0
        return warns_on(clock.start, self.due(clock).day, self.by.calendar, days_left, percent, clock.pauses)


class Life:
    """One task from its creation to the state it is wanted in."""

    def __init__(self, lives, filing, code, state):
        self.lives, self.city, self.filing, self.code, self.wanted = lives, lives.city, filing, code, state
        self.item = self.city.items[code]
        self.office = self.city.offices[code]
        self.officer = self.city.officers[self.office.pk]
        self.pk = self.city.tables[ApprovalTask].last + 1 + filing.codes.index(code)
        self.public_id, self.row, self.pauses, self.status = uuid4(), {}, (), "received"
        self.row |= {"received_at": filing.at, "complete_at": filing.at}
        self.stopped = False
        detail = _as_text(self._clocks()) | {"office": self.office.name}
        self.city.record(filing.at + timedelta(seconds=1), "task.created", code, "", "received", detail)

    def steps(self):
        """Yield (when, what to do) in the order of time."""
        chance, at = self.city.random.random, self.filing.at
        if self.wanted == "received":
            return
        if self.wanted in ("correction", "returned") or (self.wanted != "declined" and chance() < _CORRECTED):
            at += _DAY / 8
            yield at, functools.partial(self._ask, at)
            if self.wanted == "correction":
                return
            at += _DAY
            if self.wanted == "returned":
                yield at, functools.partial(self._end, at)
                return
            yield at, functools.partial(self._answer, at)
        at += _DAY / 2
        if self.wanted == "declined":
            yield at, functools.partial(self._end, at)
            return
        yield at, functools.partial(self._accept, at)
        if self.wanted == "accepted":
            return
        if self.wanted == "stopped" or chance() < _STOPPED:
            at += _DAY / 8
            yield at, functools.partial(self._stop, at)
            if self.wanted == "stopped":
                return
            at += _DAY
            yield at, functools.partial(self._resume, at)
        at += _DAY / 4
        yield at, functools.partial(self._end, at)

    def write(self):
        open_stop = self.status == "accepted" and self.stopped
        if open_stop:
            self._add_stop(None)
        self.city.add(
            ApprovalTask,
            public_id=self.public_id,
            application_id=self.filing.application,
            item_id=self.city.rows[self.code],
            item_code=self.code,
            office_id=self.office.pk,
            status=self.status,
            created_at=self.filing.at,
            **self.row | self._clocks() | {"warns_on": self.lives.warns_on(self._committed())},
        )
        if self.status == "granted" and self.item.certificate_name:
            self._license()

    def _ask(self, at):
        number = self._log(at, "task.correction_asked", "correction", self.officer, stopped=True)
        self._document(number, at, "correction")
        self.correction = {"task_id": self.pk, "round": 1, "issued_by_id": self.officer, "issued_at": at}
        if self.wanted == "correction":
            self._add_correction()

    def _answer(self, at):
        self.row["complete_at"] = at
        self.correction |= {"answered_at": at, "answered_by_id": self.city.applicant}
        self._add_correction()
        self._log(at, "task.correction_answered", "received", self.city.applicant)

    def _accept(self, at):
        self.row |= {"accepted_at": at, "assignee_id": self.officer}
        self._document(self._log(at, "task.accepted", "accepted", self.officer), at, "acceptance")

    def _stop(self, at):
        self.stop = {"task_id": self.pk, "kind": "survey", "started_on": timezone.localdate(at), "reason": "现场核查"}
        self.stop |= {"opened_by_id": self.officer, "opened_at": at}
        self._log(at, "task.stopped", "accepted", self.officer, stopped=True)

    def _resume(self, at):
        self._add_stop(timezone.localdate(at))
        self._log(at, "task.resumed", "accepted", self.officer)

    def _add_stop(self, ended_on):
        self.city.add(ClockStop, **self.stop, ended_on=ended_on)
        if ended_on:
            self.pauses = (Pause(self.stop["started_on"], ended_on),)

    def _add_correction(self):
        pk = self.city.add(Correction, **self.correction)
        point = {"number": 1, "round": 1, "about": "other", "label": "平面图", "text": "请标明面积。"}
        self.city.add(CorrectionPoint, correction_id=pk, **point)

    def _end(self, at):
        by_officer = self.wanted != "withdrawn"
        actor = self.officer if by_officer else self.city.applicant
        self.row |= {"decided_at": at, "decided_by_id": self.officer if by_officer else None}
        if self.wanted == "granted":
            self.row["face"] = {"number": f"B{self.pk}", "issued_on": timezone.localdate(at).isoformat()}
        else:
            self.row["reason"] = "不符合条件"
        if self.wanted == "returned":
            self.correction["closed_at"] = at
            self._add_correction()
        number = self._log(at, f"task.{self.wanted}", self.wanted, actor)
        self._document(number, at, _PAPERS[self.wanted])
        self.city.tell("task.decided", at, task_id=self.pk, application_id=self.filing.application)

    def _log(self, at, event, after, actor, *, stopped=False):
        before, self.status, self.stopped = self.status, after, stopped
        return self.city.record(at, event, self.code, before, after, _as_text(self._clocks()), actor)

    def _document(self, sequence, at, kind):
        words = {"title": "通知书", "addressee": "测试商行", "paragraphs": ["测试。"]}
        number = f"{self.filing.number}-{sequence}"
        issued = {"issued_by_id": self.officer, "issued_at": at}
        self.city.add(Document, task_id=self.pk, kind=kind, number=number, **words, **issued)

    def _license(self):
        face, at = self.row["face"], self.row["decided_at"] + timedelta(seconds=1)
        pk = self.city.add(
            Licence,
            holder_id=self.filing.enterprise,
            premises_id=self.filing.premises,
            item_code=self.code,
            name=self.item.certificate_name,
            number=face["number"],
            office_id=self.office.pk,
            authority=self.office.name,
            issued_on=face["issued_on"],
            source_task_id=self.pk,
            created_at=at,
        )
        row = {"licence_id": pk, "sequence": 1, "event": "issued", "actor_id": self.officer, "from_status": ""}
        row |= {"to_status": "valid", "detail": {"number": face["number"]}, "at": at}
        self.city.add(LicenceEvent, **row, previous_hash=chain.FIRST, hash=chain.link(chain.FIRST, row))

    def _committed(self):
        start = timezone.localdate(self.row["complete_at"])
        return Clock(start, self.item.committed_days, WORKING_DAYS, self.pauses, 0)

    def _statutory(self):
        begins = self.row["complete_at"] if self.item.statutory_from == "receipt" else self.row.get("accepted_at")
        if self.item.statutory_days is None or begins is None:
            return None
        return Clock(timezone.localdate(begins), self.item.statutory_days, self.item.statutory_unit, (), 0)

    def _clocks(self):
        ends = [self.lives.due(self._committed()), self.lives.due(self._statutory())]
        return {
            "committed_due_on": ends[0].day,
            "statutory_due_on": ends[1] and ends[1].day,
            "due_is_provisional": any(end.provisional for end in ends if end),
            "clock_stopped": self.stopped,
            "statutory_stopped": False,
        }


def _as_text(clocks):
    days = ("committed_due_on", "statutory_due_on")
    return clocks | {name: clocks[name] and clocks[name].isoformat() for name in days}
