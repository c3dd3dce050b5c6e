"""An owner gives the enterprise another code (换发企业码): from then on the old one is as unknown as any other."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from exchange import messages, outbox
from licensing.members import NotAllowed, check_owner
from licensing.models import Enterprise, EnterpriseEvent, MemberRole
from licensing.models.enterprise import new_public_token

# Whoever has to print signs anew does not do it more often; a stolen account cannot keep a shop without its code.
MOST_A_DAY = 3
_STALE = "企业码刚刚已经换过了，现在显示的就是新码，不用再换。"


def mark_of(enterprise):
    """What a form says to name the code it was shown with, without telling the code."""
    return salted_hmac("licensing.recoding", enterprise.public_token, algorithm="sha256").hexdigest()[:20]


@transaction.atomic
def recode(enterprise, owner, mark):
    """Give it a new public_token. mark: mark_of() of the code that the owner saw. Raises NotAllowed, changing nothing.

    The mark lets a second click, or an old page, change nothing: it would make the sign just printed worthless.
    """
    # The row first, as a clerk's confirming does, which goes on to the memberships.
    now = Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    check_owner(owner, now)
    if not constant_time_compare(mark, mark_of(now)):
        raise NotAllowed(_STALE)
    lately = now.events.filter(kind=EnterpriseEvent.Kind.RECODED, at__gt=timezone.now() - timedelta(days=1))
    if lately.count() >= MOST_A_DAY:
        raise NotAllowed(f"一天里最多换 {MOST_A_DAY} 次，请明天再换。")
    now.public_token = new_public_token()
    now.save(update_fields=["public_token"])
    event = EnterpriseEvent.objects.create(enterprise=now, kind=EnterpriseEvent.Kind.RECODED, actor=owner)
    outbox.emit("enterprise.recoded", enterprise_event_id=event.pk)
    _tell(now, event)
    return now


def _tell(enterprise, event):
    """Every owner learns of it, so that one whose account somebody else uses does too."""
    owners = enterprise.memberships.current().filter(role=MemberRole.OWNER).select_related("user")
    text = (
        "您的企业码刚刚换成了新的，旧的码已经失效，请重新打印门牌。如果不是您本人或者其他负责人换的，请马上修改密码。"
    )
    path = reverse("licensing:enterprise", args=[enterprise.public_id])
    messages.tell([owner.user for owner in owners], f"recoded:{event.pk}", "企业码已经换发", text, path=path)
