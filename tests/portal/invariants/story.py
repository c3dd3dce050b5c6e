"""A lawful story through every kind of move, told by the real functions; the checker must find nothing in it."""

import tempfile
from datetime import UTC, date, datetime, timedelta
from itertools import count

import time_machine
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from certificates import annulling, clients, deeming, ending, keys, official, sharing
from certificates.elicences import making
from certificates.models import CertificateType, LicenceFile, Reissue
from exchange import outbox
from exchange.models import Delivery
from guidance.models import Office, Role
from licensing import log
from licensing.models import (
    Application,
    AssistedFiling,
    Authority,
    Channel,
    Method,
    Signature,
    Status,
    SubmittedMaterial,
)
from licensing.prior import Prior
from licensing.snapshots import snapshot_hash
from routing import (
    assigning,
    checking,
    correcting,
    decisions,
    deferring,
    extending,
    proposing,
    stopping,
    tasks,
    withdrawing,
)
from routing.models import ApprovalTask, TaskStatus
from tests.certificates import importing
from tests.factories import (
    ApplicationFactory,
    ClerkFactory,
    EnterpriseFactory,
    MembershipFactory,
    PostFactory,
    PremisesFactory,
    StoredFileFactory,
    UserFactory,
    offices_everywhere,
    snapshot_of,
    uscc_of,
)
from tests.licensing.samples import PDF, upload
from window import intake, shelf
from window.people import Person

BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
_NUMBERS = count(1)


class Story:
    """Its people hold posts in every office; `clock` moves the time."""

    def __init__(self, catalogue, clock):
        self.catalogue, self.clock = catalogue, clock
        call_command("load_calendar", verbosity=0)
        self.district = offices_everywhere(catalogue)
        Office.objects.filter(department__code="tobacco").update(second_review=True)
        self.applicant, self.officer, self.second, self.head = (
            UserFactory(name=name) for name in ("王五", "李主办", "赵复核", "钱局长")
        )
        for office in Office.objects.all():
            for user in (self.officer, self.second):
                PostFactory(user=user, office=office)
            PostFactory(user=self.head, office=office, role=Role.HEAD)
        self.clerk = ClerkFactory(user=UserFactory(name="何小台"))
        self.person = Person("王五", "441702199001010003", Authority.SELF)

    def later(self, **span):
        """Time passes; then workers deliver and sweep."""
        self.clock.shift(timedelta(**span) or timedelta(minutes=1))
        for _ in range(3):
            for pk in Delivery.objects.waiting().values_list("pk", flat=True):
                outbox.attempt(pk)
            tasks.run_out(timezone.localdate())

    def submit(
        self, *codes, promised=(), deferred=(), on_refusal="go_on", enterprise=None, at_window=False, renews=None
    ):
        """Submit as the portal does, at home or with the clerk's help; returns the application.

        renews: the licence that is to be carried on.
        """
        if renews:
            premises = renews.premises
        else:
            premises = PremisesFactory(division=self.district, enterprise=enterprise or EnterpriseFactory())
            MembershipFactory(user=self.applicant, enterprise=premises.enterprise)
        people = {"enterprise": premises.enterprise, "premises": premises, "filer": self.applicant}
        facts = {"chosen": list(codes), "committed": list(promised), "on_refusal": on_refusal, "number": self.number()}
        signed = {"purpose": "renew", "prior": Prior.of(renews).as_json()} if renews else {}
        facts |= signed | ({"mode": "traditional"} if renews else {})
        draft = ApplicationFactory.build(**people, **facts, submitted=True, values=VALUES)
        draft.snapshot = snapshot_of(draft) | {"on_refusal": on_refusal, "deferral_promise": "我承诺按期补交。"}
        draft.snapshot |= signed
        draft.snapshot["commitments"] = {code: {"version": "1", "text": ["我承诺。"]} for code in promised}
        for code in codes:
            draft.snapshot["items"][code]["committed"] = code in promised
        scan = StoredFileFactory(uploaded_by=self.applicant)
        for code, paper in draft.snapshot["materials"].items():
            paper |= (
                {"how": "deferred", "defer_days": 5}
                if code in deferred
                else {"how": "upload", "files": [str(scan.public_id)]}
            )
        draft.channel = Channel.WINDOW if at_window else Channel.ONLINE
        draft.clerk = self.clerk.user if at_window else None
        draft.snapshot["channel"] = str(draft.channel)
        if at_window:
            draft.snapshot["assisted"] = {"person_id_number": self.person.id_number}
        draft.snapshot_sha256 = snapshot_hash(draft.snapshot)
        with transaction.atomic():
            draft.save()
            if renews:
                Reissue.objects.create(application=draft, licence=renews)
            Signature.objects.create(
                application=draft,
                signer=None if at_window else self.applicant,
                signer_name="王五",
                method=Method.PAPER if at_window else Method.PASSWORD,
                witness=draft.clerk,
                sha256=draft.snapshot_sha256,
                signed_at=draft.submitted_at,
            )
            if at_window:
                AssistedFiling.objects.create(
                    application=draft,
                    hall=self.clerk.hall,
                    clerk=self.clerk.user,
                    ended_at=draft.submitted_at,
                    **self.person.facts(),
                )
            papers = draft.snapshot["materials"].items()
            rows = SubmittedMaterial.objects.bulk_create(
                SubmittedMaterial(application=draft, code=code, name=paper["name"], how=paper["how"])
                for code, paper in papers
            )
            scan.materials.add(*(row for row in rows if row.how == "upload"))
            states = {"from_status": Status.DRAFT, "to_status": Status.SUBMITTED}
            log.record(draft, "application.submitted", actor=self.applicant, **states)
            outbox.emit("application.submitted", application_id=draft.pk)
        return draft

    def file(self, *codes, **options):
        application = self.submit(*codes, **options)
        self.later()
        return Application.objects.get(pk=application.pk)

    def accept(self, application, *codes):
        for code in codes:
            decisions.accept(self.task(application, code), self.officer)

    def grant(self, application, code, **more):
        task = self.task(application, code)
        face = {"number": self.number(), "issued_on": timezone.localdate().isoformat(), "scope": "零售", "note": ""}
        decisions.grant(task, self.officer, face | {"valid_until": None} | more)
        self.later()

    def task(self, application, code):
        return ApprovalTask.objects.get(application=application, item_code=code)

    def number(self):
        return f"YZ20260302{next(_NUMBERS):06d}"


VALUES = {
    "legal_rep_name": "王五",
    "registered_address": "江城区一号",
    "business_scope": "零售",
    "entity_type": "company",
    "registered_capital": "50",
}


def tell(catalogue):
    """Play all chapters; returns the time at the end, when everybody has done what they have to."""
    with time_machine.travel(BEGIN, tick=True) as clock:
        story = Story(catalogue, clock)
        for chapter in CHAPTERS:
            chapter(story)
        ApplicationFactory(chosen=["food-operation"])  # a draft
        story.later(minutes=5)
        return timezone.now()


def a_restaurant(story):
    """Correction, stops, extension, a paper supplied late, a gate, a promise found false and annulled."""
    codes = ["food-operation", "public-place-hygiene", "fire-safety-check", "hotel-special-trade", "prepackaged-food"]
    application = story.file(*codes, promised=["public-place-hygiene"], deferred=["mat-fire-rules"])
    food = story.task(application, "food-operation")
    first = correcting.ask(food, story.officer, [_point()]).points.get()
    story.later(days=1)
    correcting.answer(food, story.applicant, {1: {"answer": "已经补正"}})
    again = correcting.ask(food, story.officer, [_point() | {"arises_from": first.pk}])
    correcting.answer(food, story.applicant, {again.points.get().number: {"answer": "又补正了"}})
    story.accept(application, *codes)
    today = timezone.localdate()
    stopping.stop(food, story.officer, {"kind": "survey", "started_on": today, "reason": "现场核查"})
    hotel = story.task(application, "hotel-special-trade")
    stopping.stop(hotel, story.officer, {"kind": "waiting", "started_on": today, "reason": "等消防"})
    story.grant(application, "public-place-hygiene")
    story.later(days=2)
    stopping.resume(food, story.officer, {"ended_on": timezone.localdate(), "result": "合格"})
    extending.extend(food, story.head, "案情复杂")
    hearing = {"kind": "hearing", "started_on": timezone.localdate(), "expected_on": date(2026, 4, 1), "reason": "听证"}
    story.later(days=1)
    stopping.stop(food, story.officer, hearing | {"started_on": timezone.localdate()})
    assigning.reassign(food, story.head, story.second)
    paper = application.materials.get(code="mat-fire-rules")
    deferring.supply(application, paper, [upload(PDF, "制度.pdf")], story.applicant)
    story.grant(application, "fire-safety-check")
    story.grant(application, "hotel-special-trade")
    story.later(days=3)
    stopping.resume(food, story.officer, {"ended_on": timezone.localdate(), "result": "听证结束"})
    story.grant(application, "food-operation")
    decisions.refuse(story.task(application, "prepackaged-food"), story.officer, "不符合条件")
    story.later()
    hygiene = story.task(application, "public-place-hygiene")
    checking.order_rectification(hygiene.after_check, story.officer, "布局不符")
    story.later(days=40)
    checking.find_unrectified(hygiene.after_check, story.officer, "没有整改")
    false = {"reason": "承诺不实", "heard": "当事人没有陈述"}
    proposal = annulling.propose_for(hygiene.after_check, story.officer, false)
    annulling.approve(proposal, story.head)
    licence = story.task(application, "hotel-special-trade").licence
    ending.cancel(licence, story.officer, {"ground": "on_request", "reason": "持证人申请"})


def a_founder(story):
    """Two barriers in a row; then what waited behind them is still being worked on."""
    founder = EnterpriseFactory(founder=True)
    application = story.file("hazchem", "business-registration", "seal-engraving", enterprise=founder)
    story.accept(application, "hazchem")
    story.grant(application, "hazchem")
    story.accept(application, "business-registration")
    story.grant(application, "business-registration", uscc=uscc_of(40_000_001), name="阳江市新开张有限公司")
    story.accept(application, "seal-engraving")


def a_shop_refused(story):
    """Two people refuse; the rest is held, goes on, and is stopped and corrected when the story ends."""
    application = story.file("tobacco-retail", "drainage", "outdoor-ad", on_refusal="hold")
    story.accept(application, "tobacco-retail", "drainage")
    tobacco = story.task(application, "tobacco-retail")
    proposing.propose(tobacco, story.officer, TaskStatus.REFUSED, reason="间距不足")
    proposing.send_back(tobacco, story.second, "请写明依据")
    proposing.propose(tobacco, story.officer, TaskStatus.REFUSED, reason="间距不足，不符合布局规划")
    proposing.approve(tobacco, story.second)
    story.later(days=1)
    withdrawing.go_on(application, story.applicant)
    today = timezone.localdate()
    drainage = story.task(application, "drainage")
    stopping.stop(drainage, story.officer, {"kind": "survey", "started_on": today, "reason": "现场核查"})
    correcting.ask(story.task(application, "outdoor-ad"), story.officer, [_point()])


def a_shop_that_gives_up(story):
    application = story.file("food-operation", "drainage")
    story.accept(application, "food-operation")
    withdrawing.withdraw(application, story.applicant, ["food-operation"])
    withdrawing.withdraw(application, story.applicant)
    story.later()
    application = story.file("outdoor-ad", "animal-clinic")
    reason = {"reason": "不属于本机关职权范围", "right_authority": "市农业农村局"}
    decisions.decline(story.task(application, "animal-clinic"), story.officer, reason)
    promised = story.file("labor-dispatch", promised=["labor-dispatch"])
    story.accept(promised, "labor-dispatch")
    checking.end_false_promise(story.task(promised, "labor-dispatch"), story.head, "没有办公场所")


def silence_and_missed_terms(story):
    """Accepted by silence; ended for want of a paper; one left open with its clock standing; one returned."""
    silent = story.file("pesticide")
    missed = story.file("vet-drug", "vehicle-repair", deferred=["mat-vetdrug-gsp"])
    story.accept(missed, "vet-drug", "vehicle-repair")
    returned = story.task(story.file("road-freight"), "road-freight")
    correcting.ask(returned, story.officer, [_point()])
    correcting.close(returned, story.officer)
    story.later(days=12)
    assert story.task(silent, "pesticide").status == TaskStatus.ACCEPTED
    assert story.task(missed, "vet-drug").status == TaskStatus.TERMINATED
    waiting = story.file("film-exhibition", "clinic-filing", "radiology", deferred=["mat-cinema-devices"])
    story.accept(waiting, "film-exhibition")


def _point():
    return {"about": "other", "code": "", "label": "平面图", "text": "请标明面积。"}


def at_the_window(story):
    """Papers taken in, twice; filed with the clerk's help and signed on paper; the result given out."""
    hall, clerk = story.clerk.hall, story.clerk.user
    draft = ApplicationFactory(chosen=["food-operation"])
    line = intake.Line("mat-1", "租赁合同", original=True, files=0, words="", wanted=True)
    intake.give_receipt(draft, hall, clerk, "王五", [line])
    intake.give_receipt(draft, hall, clerk, "王五", [line])
    application = story.file("drainage", at_window=True)
    story.accept(application, "drainage")
    story.grant(application, "drainage")
    story.later()
    waiting = shelf.things_of([application])[application.pk]
    keys = [thing.key for thing in waiting]
    shelf.hand_over(application, keys, hall, clerk, story.person, signed_on_paper=True)


def a_renewal(story):
    """A licence with an identifier is carried on twice, with its number; the second time is still under way."""
    application = story.file("fireworks-retail")
    CertificateType.objects.create(item_code="fireworks-retail", name="许可证", code="114417000000EX0G8Y002")
    Office.objects.filter(tasks__application=application).update(uscc="114417000000EX0G8Y")
    story.accept(application, "fireworks-retail")
    story.grant(application, "fireworks-retail")
    licence = story.task(application, "fireworks-retail").licence
    renewal = story.file("fireworks-retail", renews=licence)
    story.accept(renewal, "fireworks-retail")
    story.grant(renewal, "fireworks-retail", number=licence.number)
    story.file("fireworks-retail", renews=story.task(renewal, "fireworks-retail").licence)


def a_worker_with_a_key(story):
    """The e-licences of what has an identifier are made."""
    story.later()
    with tempfile.TemporaryDirectory() as folder, override_settings(LICENCE_KEY_FILE=f"{folder}/key.pem"):
        keys.make_development_key(f"{folder}/key.pem")
        for file in LicenceFile.objects.waiting().filter(licence__identifier__isnull=False):
            making.make(file.pk)


def what_an_office_held(story):
    """An office brings in what it issued before, one row of it wrong; then officers and a department look it up."""
    office = Office.objects.filter(tasks__item__code="food-operation").first()
    rows = [importing.row(1, division=office.division.name), importing.row(2, uscc="1")]
    batch = importing.read(story.officer, office, importing.csv_of(*rows))
    licence = importing.imported(story.officer, batch).licences.get()
    official.look(licence.holder, story.officer, office, reason="日常检查")
    system, _token = clients.add(office.department, "部门业务系统", story.second)
    sharing.all_of(system, licence.holder.uscc, of_type=None, page=1, reason="办理备案")


def a_renewal_nobody_decides(story):
    """A renewal filed in time is not decided by the last day of its licence: the law deems it granted."""
    until = timezone.localdate() + timedelta(days=40)
    application = story.file("printing")
    story.accept(application, "printing")
    story.grant(application, "printing", valid_until=until.isoformat())
    renewal = story.file("printing", renews=story.task(application, "printing").licence)
    story.accept(renewal, "printing")
    story.later(days=41)
    deeming.sweep()


CHAPTERS = (
    a_restaurant,
    a_founder,
    a_shop_refused,
    a_shop_that_gives_up,
    silence_and_missed_terms,
    at_the_window,
    a_renewal,
    a_worker_with_a_key,
    what_an_office_held,
    a_renewal_nobody_decides,
)
