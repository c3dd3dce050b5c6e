"""The state machine: applicants, officials, days and messages in any order, and what must hold after each step."""

import logging
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta

import time_machine
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from certificates import tasks as certificates_tasks
from exchange import outbox
from exchange.models import Delivery
from guidance.models import Office, Post
from licensing.models import Application, OnRefusal, UntrustworthyEntry
from routing import (
    assigning,
    checking,
    correcting,
    decisions,
    deferring,
    extending,
    proposing,
    stopping,
    withdrawing,
)
from routing import tasks as routing_tasks
from routing.models import AfterCheck, ApprovalTask, CalendarDay, CalendarYear, Deferral, StopKind, Term
from routing.refusals import NotAllowed
from tests.licensing.samples import PDF, upload
from tests.machine import checks, world
from tests.machine.oracle import acts_for, forbidden

# Alone, behind barriers and gates, in three kinds, by promise, with natural days and months.
SHOPS = [
    ["food-operation"],
    ["hotel-special-trade", "fire-safety-check"],
    ["radiology", "radiation-safety", "clinic-filing", "drainage"],
    ["internet-cafe", "internet-cafe-security", "fire-safety-check"],
    ["entertainment-venue", "entertainment-security", "fire-safety-check", "outdoor-ad"],
    ["public-place-hygiene", "food-operation", "seal-engraving"],
    ["refined-oil", "hazchem"],
    ["private-school", "social-insurance"],
    ["hr-service", "labor-dispatch", "childcare-filing"],
    ["drug-retail", "device-class2", "device-class3"],
]
PLACES = st.integers(0, 3)
# Mostly those who may, so that a run gets somewhere.
OFFICIALS = st.sampled_from(["second", "officer", "second", "officer", "head", *world.OFFICIALS])
CITIZENS = st.sampled_from(["applicant", "applicant", *world.CITIZENS])
# Days before holidays, make-up days, the end of the last year with a notice.
# What a worker still has to do is no breach yet.
_LONG = 10_000 * 86_400
MESSAGES = st.integers(0, 7)
STARTS = ["2026-02-10", "2026-04-28", "2026-06-16", "2026-09-22", "2026-11-20", "2026-12-24"]


split = precondition(lambda self: self.seen.tasks)
message_waits = precondition(lambda self: self.waiting)


class Errors(logging.Handler):
    """What sweepers and deliveries caught: nothing of it may happen here."""

    WATCHED = ("routing.tasks", "certificates.tasks", "exchange.outbox")

    def __init__(self):
        super().__init__(logging.ERROR)
        self.caught = []

    def emit(self, record):
        # Given up because its workers died each time: played on purpose.
        if "parked" not in record.getMessage():
            self.caught.append(record.exc_info[1] if record.exc_info else record.getMessage())


class Machine(RuleBasedStateMachine):
    """One application from submission to its end. `world` is set by the test; each run is rolled back."""

    world = None
    # What all runs together have come to: "runs", "steps", and each event of the logs. tell: called after each run.
    played = Counter()
    tell = staticmethod(lambda played: None)

    @initialize(
        codes=st.sampled_from(SHOPS),
        start=st.sampled_from(STARTS),
        promised=st.booleans(),
        deferred=st.integers(0, 2),
        on_refusal=st.sampled_from(OnRefusal.values),
        answer_days=st.sampled_from([None, 3]),
        second_review=st.booleans(),
        lost=st.sampled_from([False, False, True]),
    )
    def submit(self, codes, start, promised, deferred, on_refusal, answer_days, second_review, lost):
        self._begin(f"{start}T10:00:00+08:00")
        items = self.world.catalogue.items
        committed = [code for code in codes if promised and items[code].commitment_allowed]
        Term.objects.update_or_create(
            code="correction_days",
            defaults={"value": answer_days, "name": "补正", "unit": "工作日", "basis": "本市规定"},
        )
        if second_review:
            first = self.world.catalogue.items[codes[0]].department
            Office.objects.filter(department__name=first).update(second_review=True)
        papers = world.deferrable(self.world, codes)[:deferred]
        self.application = world.submit(self.world, codes, committed=committed, deferred=papers, on_refusal=on_refusal)
        if not lost:
            for pk in Delivery.objects.values_list("pk", flat=True):
                outbox.attempt(pk)

    def _begin(self, start):
        self.traveller = time_machine.travel(datetime.fromisoformat(start).astimezone(UTC), tick=False)
        self.clock = self.traveller.start()
        # Rolled back at the end: thousands of runs leave no row. As in a test case, so that durable blocks may nest.
        self.outer = transaction.atomic()
        self.outer._from_testcase = True
        self.outer.__enter__()
        self.errors = Errors()
        for name in Errors.WATCHED:
            logging.getLogger(name).addHandler(self.errors)
        self.publish, outbox.hints.publish = outbox.hints.publish, lambda ids: None
        self.number, self.calendar_is_new, self.noticed, self.application = 0, False, False, None
        self.mark = self.seen = None

    # Officials

    @split
    @rule(place=PLACES, who=OFFICIALS)
    def accept(self, place, who):
        self._move("accept", place, who, decisions.accept)

    @split
    @rule(place=PLACES, who=OFFICIALS, why=st.sampled_from(["依法不需要许可", ""]))
    def decline(self, place, who, why):
        self._move("decline", place, who, decisions.decline, {"reason": why, "right_authority": "省市场监督管理局"})

    @split
    @rule(place=PLACES, who=OFFICIALS, points=st.integers(0, 2), arising=st.booleans())
    def ask(self, place, who, points, arising):
        task = self._task(place)
        earlier = list(correcting.answered_points(task))
        source = earlier[-1].pk if arising and earlier else None
        asked = [
            {"about": "other", "label": f"第{n}点", "text": "请写清楚", "arises_from": source} for n in range(points)
        ]
        made = self._move("ask", place, who, correcting.ask, asked)
        assert not (made and (not asked or (earlier and not source))), "a second notice arises from the first answer"

    @split
    @rule(place=PLACES, who=OFFICIALS)
    def close(self, place, who):
        self._move("close", place, who, correcting.close)

    @split
    @rule(place=PLACES, who=OFFICIALS, valid=st.integers(-1, 2))
    def grant(self, place, who, valid):
        self._move("grant", place, who, decisions.grant, self._face(valid))

    @split
    @rule(place=PLACES, who=OFFICIALS)
    def refuse(self, place, who):
        self._move("refuse", place, who, decisions.refuse, "现场不符合条件")

    @split
    @rule(place=PLACES, who=OFFICIALS, kind=st.sampled_from(StopKind.values), ago=st.integers(-1, 4))
    def stop(self, place, who, kind, ago):
        today = timezone.localdate()
        data = {"kind": kind, "started_on": today - timedelta(days=ago), "reason": "需要时间"}
        self._move("stop", place, who, stopping.stop, data | {"expected_on": today + timedelta(days=9)})

    @split
    @rule(place=PLACES, who=OFFICIALS, ago=st.integers(-1, 4))
    def resume(self, place, who, ago):
        day = timezone.localdate() - timedelta(days=ago)
        self._move("resume", place, who, stopping.resume, {"ended_on": day, "result": "合格"})

    @split
    @rule(place=PLACES, who=OFFICIALS)
    def extend(self, place, who):
        self._move("extend", place, who, extending.extend, "案情复杂")

    @split
    @rule(place=PLACES, who=OFFICIALS, grants=st.booleans())
    def propose(self, place, who, grants):
        words = {"face": self._face(1)} if grants else {"reason": "不符合条件"}
        self._move("propose", place, who, proposing.propose, "granted" if grants else "refused", **words)

    @split
    @rule(place=PLACES, who=OFFICIALS)
    def approve(self, place, who):
        self._move("approve", place, who, proposing.approve)

    @split
    @rule(place=PLACES, who=OFFICIALS)
    def send_back(self, place, who):
        self._move("send_back", place, who, proposing.send_back, "请再核对")

    @split
    @rule(place=PLACES, who=OFFICIALS, to=OFFICIALS)
    def reassign(self, place, who, to):
        self._move("reassign", place, who, assigning.reassign, self.world.persons[to])

    @split
    @rule(place=PLACES, who=OFFICIALS)
    def end_false_promise(self, place, who):
        self._move("end_false_promise", place, who, checking.end_false_promise, "没有场地")

    @precondition(lambda self: any(self.seen.checks.values()))
    @rule(
        who=OFFICIALS,
        act=st.sampled_from(["pass_check", "order_rectification", "confirm_rectified", "find_unrectified"]),
    )
    def check_a_promise(self, who, act):
        after = AfterCheck.objects.first()
        self._attempt(getattr(checking, act), after, self.world.persons[who], "现场看过")

    @split
    @rule(place=PLACES)
    def an_honest_official_accepts(self, place):
        self._attempt(decisions.accept, self._task(place), self.world.persons["second"])

    @split
    @rule(place=PLACES)
    def an_honest_official_asks(self, place):
        asked = [{"about": "other", "label": "面积", "text": "请写清楚"}]
        self._attempt(correcting.ask, self._task(place), self.world.persons["second"], asked)

    @split
    @rule(place=PLACES)
    def an_honest_official_goes_on(self, place):
        self._work_on(self._task(place))

    # Applicants

    @split
    @rule(place=PLACES, who=CITIZENS, complete=st.booleans())
    def answer(self, place, who, complete):
        task = self._task(place)
        correction = correcting.open_correction(task)
        points = correction.points.all() if correction else []
        answers = {point.number: {"answer": "已改" if complete else ""} for point in points}
        late = correction and correction.answer_due_on and timezone.localdate() > correction.answer_due_on
        made = self._move("answer", place, who, correcting.answer, answers)
        assert not (made and (late or not complete)), "an answer is complete and in time"

    @precondition(lambda self: any(self.seen.deferrals.values()))
    @rule(place=PLACES, who=CITIZENS)
    def supply(self, place, who):
        self._supply(place, self.world.persons[who])

    def _supply(self, place, user):
        papers = list(self.application.materials.filter(how="deferred").order_by("pk"))
        paper, today = papers[place % len(papers)], timezone.localdate()
        missed = Deferral.objects.filter(material=paper, supplied_at=None, due_on__lt=today).values("task")
        asked = [code for code, item in self.application.snapshot["items"].items() if paper.code in item["materials"]]
        in_time = self.application.tasks.open().filter(item_code__in=asked).exclude(pk__in=missed).exists()
        made = self._attempt(deferring.supply, self.application, paper, [upload(PDF, "补.pdf")], user)
        assert not (made and (paper.supplied_at or not acts_for(user, self.application))), "its own applicant, once"
        assert in_time or not made, "in its term"

    @rule(who=CITIZENS, places=st.none() | st.lists(PLACES, max_size=2))
    def withdraw(self, who, places):
        codes = None if places is None else sorted({self._code(place) for place in places})
        user = self.world.persons[who]
        before = {task.item_code: task.status for task in self.application.tasks.all()}
        made = self._attempt(withdrawing.withdraw, self.application, user, codes)
        assert not (made and not acts_for(user, self.application)), "only the applicant withdraws"
        ended = [code for code in codes or [] if before.get(code, "received") not in checks.OPEN]
        assert not (made and ended), "what has ended is not withdrawn"

    @rule(who=CITIZENS)
    def go_on(self, who):
        held = bool(withdrawing.held_tasks(self.application))
        user = self.world.persons[who]
        made = self._attempt(withdrawing.go_on, self.application, user)
        assert not (made and not (held and acts_for(user, self.application)))

    # The world around

    @rule(days=st.sampled_from([0, 0, 1, 1, 2, 3, 12]), hours=st.integers(0, 14))
    def time_passes(self, days, hours):
        self.clock.shift(timedelta(days=days, hours=hours))

    @rule()
    def terms_run_out(self):
        routing_tasks.run_out(timezone.localdate())
        self.calendar_is_new = False

    @rule()
    def sweepers_run(self):
        self._sweep()

    @message_waits
    @rule(place=MESSAGES)
    def a_message_comes(self, place):
        outbox.attempt(self._message(self.waiting, place).pk)

    @message_waits
    @rule()
    def all_messages_come(self):
        for pk in self.waiting:
            outbox.attempt(pk)

    @message_waits
    @rule(place=MESSAGES)
    def a_message_comes_twice(self, place):
        delivery = self._message(self.waiting, place)
        outbox.attempt(delivery.pk)
        before = checks.fingerprint()
        outbox.attempt(delivery.pk)
        if Delivery.objects.filter(pk=delivery.pk, done_at=None).exists():
            return
        import_string(delivery.handler)(**delivery.event.payload)
        assert checks.fingerprint() == before, "a second delivery changes nothing"

    @precondition(lambda self: self.done)
    @rule(place=MESSAGES)
    def an_old_message_comes_again(self, place):
        delivery = self._message(self.done, place)
        import_string(delivery.handler)(**delivery.event.payload)

    @message_waits
    @rule(place=MESSAGES)
    def a_worker_dies_with_a_message(self, place):
        outbox._claim(self._message(self.waiting, place).pk)

    @rule()
    def an_official_loses_the_post(self):
        Post.objects.filter(user=self.world.persons["officer"]).delete()

    @rule()
    def the_enterprise_is_listed(self):
        today, enterprise = timezone.localdate(), self.world.premises.enterprise
        entry = {"uscc": enterprise.uscc, "name": enterprise.name, "reason": "失信", "source": "（示例）1号"}
        UntrustworthyEntry.objects.create(listed_on=today, until=today + timedelta(days=20), **entry)

    @precondition(lambda self: not self.noticed)
    @rule()
    def next_years_notice_comes(self):
        year, self.noticed = CalendarYear.objects.get_or_create(
            year=2027, defaults={"source": "国务院办公厅（示例）", "confirmed_at": timezone.now()}
        )
        first = datetime(2027, 1, 1).date()
        CalendarDay.objects.create(year=year, day=first, is_working=False, name="元旦")
        CalendarDay.objects.create(year=year, day=first + timedelta(days=1), is_working=True)
        for later in range(5, 9):
            CalendarDay.objects.create(year=year, day=first + timedelta(days=later), is_working=False, name="节")
        self.calendar_is_new = True

    @rule()
    def the_portals_own_invariants_hold(self):
        checks.ask_the_portal(settle=_LONG)

    @invariant()
    def everything_holds(self):
        if getattr(self, "application", None) is None:
            return
        assert self.errors.caught == [], self.errors.caught
        self.played["steps"] += 1
        mark = checks.fingerprint()
        if mark != self.mark:
            self.seen = checks.check(self.application.pk, calendar_is_new=self.calendar_is_new)
            rows = Delivery.objects.order_by("pk").values_list("pk", "done_at", "parked_at")
            self.done = [pk for pk, done_at, _ in rows if done_at]
            self.waiting = [pk for pk, done_at, parked_at in rows if not done_at and not parked_at]
        self.mark = mark
        self.clock.shift(timedelta(minutes=1))

    # How it is played

    def _move(self, name, place, who, act, *arguments, **options):
        task, user = self._task(place), self.world.persons[who]
        illegal = forbidden(name, task, task.as_catalogued, user)
        status = task.status
        made = self._attempt(act, task, user, *arguments, **options)
        note(f"{name} of {task.item_code} ({status}) by {who}: {'made' if made else 'refused'}")
        assert not (made and illegal), f"{name} of a task {status} by {who} was made"
        return made

    def _attempt(self, act, *arguments, **options):
        """Make the move; whether it was allowed. Refused, it has changed nothing and said why."""
        before = self.mark or checks.fingerprint()
        try:
            act(*arguments, **options)
        except NotAllowed as refusal:
            note(f"refused: {refusal}")
            after = checks.fingerprint()
            assert after == before, [name for name in after if after[name] != before[name]]
            assert refusal.args[0]  # noqa: PT017
            return False
        return True

    def _task(self, place):
        tasks = self.application.tasks.select_related("application", "item", "office").order_by("pk")
        return tasks[place % len(self.seen.tasks)]

    def _message(self, among, place):
        return Delivery.objects.select_related("event").get(pk=among[place % len(among)])

    def _code(self, place):
        return self.application.chosen[place % len(self.application.chosen)]

    def _face(self, years):
        self.number += 1
        today = timezone.localdate()
        until = (today + timedelta(days=365 * years)).isoformat() if years else None
        return {"number": f"许{self.number}", "issued_on": today.isoformat(), "valid_until": until, "scope": ""}

    def _sweep(self):
        outbox.sweep()
        routing_tasks.sweep()
        certificates_tasks.sweep()
        self.calendar_is_new = False

    # The end

    def teardown(self):
        if getattr(self, "outer", None) is None:
            return
        try:
            if sys.exc_info()[0] is None and self.application is not None:
                self._finish()
        finally:
            outbox.hints.publish = self.publish
            for name in Errors.WATCHED:
                logging.getLogger(name).removeHandler(self.errors)
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)
            self.traveller.stop()

    def _finish(self):
        """Honest officials and the days end what is open; then all is quiet, and nothing waits for ever."""
        self.mark = None
        self._settle()
        checks.ask_the_portal(settle=0)
        for _ in range(40):
            self._settle()
            open_tasks = [task for task in self._all() if task.status in checks.OPEN]
            if not open_tasks:
                break
            for task in open_tasks:
                self._work_on(task)
            self.clock.shift(timedelta(days=3))
        else:
            raise AssertionError(f"waits for ever: {[(task.item_code, task.status) for task in open_tasks]}")
        self._settle()
        checks.check(self.application.pk, at_rest=True)
        checks.ask_the_portal(settle=0)
        checks.nothing_is_left_undone()
        assert Application.objects.get(pk=self.application.pk).status in ("completed", "withdrawn")
        quiet = checks.fingerprint()
        self._sweep()
        assert checks.fingerprint() == quiet, "the sweepers find nothing more"
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert self.errors.caught == [], self.errors.caught
        self.played["runs"] += 1
        self.played.update(self.application.log.values_list("event", flat=True))
        self.tell(self.played)

    def _all(self):
        return list(self.application.tasks.select_related("application", "item", "office").order_by("pk"))

    def _settle(self):
        """Let the leases of dead workers run out, deliver what waits, sweep until nothing moves."""
        for _ in range(6):
            self.clock.shift(timedelta(minutes=2))
            for delivery in Delivery.objects.waiting().order_by("pk"):
                outbox.attempt(delivery.pk)
            before = checks.fingerprint()
            self._sweep()
            if checks.fingerprint() == before and not Delivery.objects.waiting().exists():
                break
        checks.check(self.application.pk, at_rest=True)

    def _work_on(self, task):
        """What brings the task on or to its end, tried in turn until its state is another."""
        self.mark = None
        first, second, today = self.world.persons["second"], self.world.persons["head"], timezone.localdate()
        ways = {
            "received": [(decisions.accept, first), (decisions.decline, first, {"reason": "不能适用承诺"})],
            "correction": [(correcting.close, first)],
            "accepted": [
                (stopping.resume, first, {"ended_on": today}),
                (proposing.approve, first),
                (proposing.approve, second),
                (proposing.send_back, first, "请再核对"),
                (decisions.grant, first, self._face(1)),
                (proposing.propose, first, "granted"),
                (decisions.refuse, first, "不符合条件"),
                # What a listed enterprise has promised can only be refused, by two where the office asks for two.
                (_propose_refusal, first),
            ],
        }
        for act, user, *rest in ways.get(task.status, []):
            options = {"face": self._face(1)} if act is proposing.propose else {}
            self._attempt(act, task, user, *rest, **options)
            if ApprovalTask.objects.get(pk=task.pk).status != task.status:
                return


def _propose_refusal(task, user):
    return proposing.propose(task, user, "refused", reason="不符合条件")
