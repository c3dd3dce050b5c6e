"""Moving a licence: who may, as it stands now under its lock; one guarded UPDATE. What is written of it differs."""

from certificates.models import Licence
from certificates.moves import MOVES, why_not
from certificates.reissuing import superseded
from guidance.models import Role
from routing.moving import hold_post, lock
from routing.refusals import AlreadyDecided, NotAllowed


def objection(licence, user, name, by):
    """Return why the user may not move the licence so, a sentence for them, or "". by: the Role it needs."""
    return objections(licence, user, {name: by})[name]


def objections(licence, user, steps):
    """The same for several moves at the price of one: {name: sentence or ""}. steps: {name: Role}."""
    not_theirs = {by: not_entitled(licence.office, licence.holder, user, by) for by in set(steps.values())}
    old, proposed = superseded(licence), licence.proposals.open().exists()
    return {name: not_theirs[by] or old or _does_not_fit(licence, name, proposed) for name, by in steps.items()}


def not_entitled(office, holder, user, by):
    """Return why the user may not act for the office on what concerns the holder, or ""."""
    posts = office.posts.filter(user=user) if office else None
    if posts is None or not posts.exists():
        return "您现在没有发证机关的岗位，不能办理。"
    if by == Role.HEAD and not posts.filter(role=Role.HEAD).exists():
        return "这一步由本机关负责人办理。"
    if holder.memberships.filter(user=user).exists():
        return "您是持证人一方，应当回避，请交给同事办理。"
    return ""


def as_it_stands(licence, name):
    """Return why the licence, in the state it is in, cannot be moved so, or ""."""
    return why_not(name, licence.status, licence.has_expired)


def claim(licence, user, name, by):
    """Lock the licence, then return it as it is now if the user may move it so. Raises NotAllowed."""
    now = lock_licence(licence)
    hold_post(now.office_id, user)
    if why := objection(now, user, name, by):
        raise (AlreadyDecided if now.status not in MOVES[name].sources else NotAllowed)(why)
    return now


def lock_licence(licence):
    """Lock and return the licence as it is now; its application first, as gathering does, so no two lock crosswise."""
    if licence.source_task_id:
        lock(licence.source_task.application_id)
    Licence.objects.select_for_update(no_key=True).only("pk").get(pk=licence.pk)
    related = ("office", "holder", "source_task__application__enterprise", "source_task__item", "source_task__office")
    return Licence.objects.select_related(*related).get(pk=licence.pk)


def change_status(licence, name):
    """Move a claimed licence to its new status; returns the one before. The caller writes the log row."""
    move, before = MOVES[name], licence.status
    if not Licence.objects.filter(pk=licence.pk, status__in=move.sources).update(status=move.target):
        raise AlreadyDecided("这份证照刚刚被别人办理，您的操作没有生效。")
    licence.status = move.target
    return before


def _does_not_fit(licence, name, proposed):
    if why := as_it_stands(licence, name):
        return why
    # What was taken for a time comes back when that is over, whatever else is being considered.
    if proposed and name != "give_back":
        return "已经提出撤销这份证照，要等另一位负责人决定。"
    return ""
