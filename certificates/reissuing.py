"""延续 and 变更 of a licence (Licensing Law arts. 49, 50): an application for its one item, begun prefilled."""

from django.db import transaction

from certificates.models import Licence, LicenceStatus, Reissue
from guidance import releases
from guidance.engine import InvalidAnswer, clean_answer
from licensing import members
from licensing.carrying_on import not_in_force
from licensing.models import Application, Mode, Purpose, Status
from licensing.plan import SINGLE
from licensing.prior import Prior
from licensing.registration import REGISTRATION
from routing.models import TaskStatus
from routing.refusals import NotAllowed

OPEN = (Status.DRAFT, Status.SUBMITTED, Status.IN_PROGRESS)


@transaction.atomic
def begin(licence, purpose, user):
    """Return the Application that renews or changes the licence: the open one, for whatever purpose, or a new draft.

    The user may act for its holder there (Licence.objects.for_applicant). Raises NotAllowed with a sentence.
    """
    # Whoever ends the licence, or clicks a second time, waits here.
    Licence.objects.select_for_update(no_key=True).only("pk").get(pk=licence.pk)
    licence = Licence.objects.select_related("holder", "premises", "source_task__application").get(pk=licence.pk)
    if already := open_reissue(licence):
        return already
    release = releases.current()
    if why := objection(licence, purpose, releases.load(release.pk)):
        raise NotAllowed(why)
    if licence.premises is None and not members.acts_everywhere(user, licence.holder):
        raise NotAllowed("这份证照是整个主体的，请能代表整个主体的人来办。")
    draft = Application.objects.create(
        filer=user,
        release=release,
        enterprise=licence.holder,
        premises=licence.premises,
        mode=Mode.TRADITIONAL,
        purpose=purpose,
        prior=Prior.of(licence).as_json(),
        answers=_answers(licence, releases.load(release.pk)),
        chosen=[licence.item_code],
        wizard={SINGLE: licence.item_code},
    )
    Reissue.objects.create(application=draft, licence=licence)
    return draft


def open_reissue(licence):
    """The application under way that carries the licence on or alters it, or None: there is only one at a time."""
    return Application.objects.filter(reissue__licence=licence, status__in=OPEN).first()


def objection(licence, purpose, catalogue):
    """Return why the licence cannot be carried on or altered here, a sentence for its holder, or ""."""
    item = catalogue.items.get(licence.item_code)
    return (
        superseded(licence)
        or not_in_force(licence, purpose)
        or (licence.item_code == REGISTRATION and "营业执照的变更要办变更登记，请到登记机关办理。")
        or (licence.office_id is None and f"这份证照是{licence.authority}发的，不在这里办，请向发证机关申请。")
        or ((item is None or not item.certificate_name) and "现在的事项目录里没有这个事项，请向发证机关咨询。")
        or (purpose == Purpose.RENEW and licence.valid_until is None and "这份证照长期有效，不用延续。")
        or ""
    )


def superseded(licence):
    """Return that the licence has, or is just getting, a later version which is the one to act upon; or ""."""
    if later := Licence.objects.filter(previous=licence.pk).first():
        return f"这一版已经换成第 {later.version} 版，请对新的一版办理。"
    granted = licence.reissues.filter(application__tasks__status=TaskStatus.GRANTED)
    if licence.status in (LicenceStatus.VALID, LicenceStatus.SUSPENDED) and granted.exists():
        # Between the decision and its licence, a second or two; what would be decided now would miss the new version.
        return "刚刚准予了延续或者变更，新的一版马上生成，请稍后对新的一版办理。"
    return ""


def _answers(licence, catalogue):
    """What was answered in the filing that it was granted on, as far as today's questions still take it."""
    task, kept = licence.source_task, {}
    for code, value in (task.application.answers if task else {}).items():
        if code in catalogue.questions:
            try:
                kept[code] = clean_answer(catalogue.questions[code], value)
            except InvalidAnswer:
                continue
    return kept
