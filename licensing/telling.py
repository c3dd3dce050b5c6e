"""What the people of an enterprise are told of its applications and of itself: whoever may follow the page it is on."""

from django.db.models import Q
from django.urls import reverse

from exchange.messages import tell
from licensing.models import Application, MemberRole, Membership


def recipients(application):
    """The filer; of one who no longer acts for the enterprise here, or was its clerk at the window, those who do."""
    filer = application.filer
    if Application.objects.for_applicant(filer).filter(pk=application.pk).exists():
        return [filer]
    return people_of(application.enterprise_id, application.premises_id)


def people_of(enterprise_id, premises_id):
    """Who acts for the enterprise today; of agents for single premises, those of these."""
    here = Q(premises=None) | Q(premises=premises_id)
    members = Membership.objects.current().filter(here, enterprise=enterprise_id, user__is_active=True)
    return [member.user for member in members.select_related("user").order_by("pk")]


def tell_of(application, key, subject, text, path=None):
    """Tell the application's people; the text says 您的申请 with its number, the path is its page unless another."""
    page = path or reverse("licensing:detail", args=[application.public_id])
    return tell(recipients(application), key, subject, f"您的申请（编号 {application.number}）{text}", page)


def received(application_id):
    """It was handed in: a receipt (收件) to who did it, and word to the owner for whom another has done it."""
    application = Application.objects.select_related("filer").get(pk=application_id)
    key = f"application.{application_id}.received"
    tell_of(application, key, "申请已经收到", "已经收到，正在分送各部门。现在不用您做什么，有进展会告诉您。")
    others = Membership.objects.current().filter(enterprise=application.enterprise_id, role=MemberRole.OWNER)
    tell(
        [member.user for member in others.exclude(user=application.filer).select_related("user")],
        f"application.{application_id}.filed-for-you",
        "有人为您的企业提交了申请",
        f"经办人或者窗口提交了一份申请（编号 {application.number}）。请核对；不是您要办的，可以在办件里撤回。",
        reverse("licensing:detail", args=[application.public_id]),
    )


def confirmed(event, enterprise):
    """event: the EnterpriseEvent, already written; enterprise: the row that its people now belong to."""
    _tell_of_enterprise(
        event,
        enterprise,
        "企业信息已经确认",
        "您添加的企业，窗口已经核对确认。再填表时，登记过的信息不用重填。",
    )


def rejected(event, enterprise):
    text = "您添加的企业，窗口没有确认。请看退回的原因，改好以后再送一次。"
    _tell_of_enterprise(event, enterprise, "企业信息没有确认", text)


def _tell_of_enterprise(event, enterprise, subject, text):
    path = reverse("licensing:enterprise", args=[enterprise.public_id])
    tell(people_of(enterprise.pk, None), f"enterprise.{event.pk}", subject, text, path)
