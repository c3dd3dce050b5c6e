"""Who is in charge of a task (承办人): the head of the office may name another of its officers."""

from django.db import transaction

from routing.moves import is_party
from routing.moving import Step, claim, perform
from routing.refusals import NotAllowed


@transaction.atomic
def reassign(task, head, officer):
    """Put another officer of the same office in charge. Raises NotAllowed."""
    task = claim(task, head, "reassign")
    if not officer.is_active or not task.office.posts.filter(user=officer).exists():
        raise NotAllowed("这位同事没有本机关的岗位，不能改派。")
    if is_party(officer, task.application):
        raise NotAllowed("这位同事是这件申请的申请人一方，应当回避，不能改派。")
    if task.assignee == officer:
        raise NotAllowed(f"这件已经由{officer}承办。")
    task.assignee = officer
    perform("reassign", Step(task, {"assignee": officer.pk}), head)
    return task
