"""Letters to the applicant about what they must do in time. They name no person, enterprise or paper: mail is open."""

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from licensing.models import Application, Membership
from licensing.wording import day_text
from routing.correcting import open_correction
from routing.models import ApprovalTask, Deferral, TaskStatus


class NotSent(Exception):
    """The mail server did not take a letter; the outbox tries again."""


def remind_of_paper(task_id, application_id):
    """Send the letter for the task's paper that is due next, if one is still missing. May come twice, never not."""
    waiting = Deferral.objects.filter(task=task_id, task__status=TaskStatus.ACCEPTED, supplied_at=None)
    deferral = waiting.filter(reminded_at__isnull=False).select_related("task__application__filer", "material").first()
    if deferral is None:
        return
    application = deferral.task.application
    address = reverse("routing:supply", args=[application.public_id, deferral.material.code])
    _send(application, "有一份材料要补交", "paper_due", address, day_text(deferral.due_on))


def tell_of_correction(task_id, application_id):
    """Send the letter for the task's correction notice, if it still waits for its answer."""
    task = ApprovalTask.objects.select_related("application__filer").get(pk=task_id)
    correction = open_correction(task)
    if correction is None:
        return
    address = reverse("routing:correction", args=[task.public_id])
    until = day_text(correction.answer_due_on) if correction.answer_due_on else ""
    _send(task.application, "有内容需要补正", "correction_asked", address, until)


def _send(application, subject, letter, address, until):
    context = {"address": settings.PUBLIC_URL + address, "until": until}
    text = render_to_string(f"routing/applicant/letters/{letter}.txt", context)
    for recipient in _recipients(application):
        try:
            send_mail(f"【一照通行】{subject}", text, None, [recipient])
        except (SMTPException, OSError) as error:
            # Its message names the recipient, and would stand in the log of the outbox.
            raise NotSent(type(error).__name__) from None


def _recipients(application):
    """The filer's address; of one who no longer acts for the enterprise, those of the people who do."""
    filer = application.filer
    if Application.objects.for_applicant(filer).filter(pk=application.pk).exists():
        return [filer.email] if filer.is_active and filer.email else []
    members = Membership.objects.current().filter(enterprise=application.enterprise_id, user__is_active=True)
    return list(members.exclude(user__email="").values_list("user__email", flat=True).distinct())
