"""Which moves the law forbids, written down a second time and apart from routing.moves: state, kind and person."""

from guidance.models import Post, Role
from licensing.models import Membership
from tests.machine.checks import OPEN

LICENCE = "行政许可"
# move: (states it may be made in, who may make it)
LAW = {
    "accept": ({"received"}, "officer"),
    "decline": ({"received"}, "officer"),
    "ask": ({"received"}, "officer"),
    "close": ({"correction"}, "officer"),
    "grant": ({"accepted"}, "officer"),
    "refuse": ({"accepted"}, "officer"),
    "stop": ({"accepted"}, "officer"),
    "resume": ({"accepted"}, "officer"),
    "extend": ({"accepted"}, "head"),
    "propose": ({"accepted"}, "officer"),
    "approve": ({"accepted"}, "officer"),
    "send_back": ({"accepted"}, "officer"),
    "reassign": (OPEN, "head"),
    "end_false_promise": ({"received", "accepted"}, "head"),
    "answer": ({"correction"}, "applicant"),
}


def forbidden(move, task, item, user):
    """Whether this user may certainly not make the move on the task as it is now; item: the catalogue's."""
    states, who = LAW[move]
    return (
        task.status not in states
        or not _may(who, task, user)
        or (move == "extend" and (item.kind != LICENCE or not item.extension_days))
        or (move == "end_false_promise" and not task.by_commitment)
        or (move in ("grant", "refuse") and task.office.second_review)
        or (move == "approve" and task.proposals.filter(settled_at=None, proposed_by=user).exists())
        or (move in ("grant", "refuse", "approve") and _procedure_runs(task))
        or (move in ("grant", "approve") and _would_grant(move, task) and _waits(task))
    )


def acts_for(user, application):
    own = Membership.objects.current().filter(user=user, enterprise=application.enterprise_id)
    return own.exists()


def _may(who, task, user):
    application = task.application
    if who == "applicant":
        return acts_for(user, application)
    posts = Post.objects.filter(user=user, office=task.office_id)
    if who == "head":
        posts = posts.filter(role=Role.HEAD)
    party = application.filer_id == user.pk or acts_for(user, application)
    return posts.exists() and not party


def _procedure_runs(task):
    return task.stops.filter(ended_on=None).exclude(kind__in=["waiting", "deferral"]).exists()


def _would_grant(move, task):
    return move == "grant" or task.proposals.filter(settled_at=None, outcome="granted").exists()


def _waits(task):
    """A paper that was left for later, or an item that must be granted before."""
    siblings = {other.item_code: other.status for other in task.application.tasks.all()}
    before = [one.item for one in task.as_catalogued.prerequisites if one.item in siblings]
    return task.deferrals.filter(supplied_at=None).exists() or any(siblings[code] != "granted" for code in before)
