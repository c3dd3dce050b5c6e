"""Is it the signer who signs? Asked anew at each signature: the password, or the code where a second factor is set up.

Signing in earlier is not enough: the browser may stand open in a shop (Electronic Signature Law art. 13: the signer
alone controls the signature).
"""

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.urls import reverse

from exchange import messages
from licensing.models import AssistedFiling, Channel, MemberRole, Method, Scope

# In settings.ACCOUNT_RATE_LIMITS; kept in PostgreSQL, like that of signing in.
_LIMIT = "signing_failed"
_WRONG = {
    Method.PASSWORD: "登录密码不对，请重新输入。申请还没有提交。",
    Method.SECOND_FACTOR: "动态验证码不对或者已经用过，请等验证器换一个新的再输入。申请还没有提交。",
}
TOO_MANY = "输错次数太多，请过 5 分钟再试。申请还没有提交。"


def method_for(user):
    """How this user confirms a signature: by the code, once an authenticator is set up."""
    return Method.SECOND_FACTOR if authenticator_of(user) else Method.PASSWORD


def wrong(request, typed):
    """A sentence why this does not confirm the signature, "" if it does. Only wrong tries count towards the limit.

    Runs in the caller's transaction, which must commit whatever the answer: the try and the used code are kept in it.
    """
    # One try of a person at a time; many at once would each find the limit not yet reached.
    user = get_user_model().objects.select_for_update(no_key=True).get(pk=request.user.pk)
    tries = {"action": _LIMIT, "key": str(user.pk)}
    if not ratelimit.consume(request, dry_run=True, **tries):
        return TOO_MANY
    authenticator = authenticator_of(user)
    if authenticator.wrap().validate_code(typed) if authenticator else user.check_password(typed):
        return ""
    ratelimit.consume(request, **tries)
    return _WRONG[method_for(user)]


def signers_of(application):
    """The memberships whose users may sign this application today, owners first."""
    here = Q(premises=None) | Q(premises=application.premises)
    may = Q(role=MemberRole.OWNER) | Q(scope=Scope.FILE)
    members = application.enterprise.memberships.current().filter(here & may)
    return members.select_related("user").order_by("-role", "pk")


def ask_for_signature(application, signers):
    """Tell those who may sign that it waits for them: once for each state it is in."""
    messages.tell(
        [member.user for member in signers],
        f"sign:{application.public_id}:{application.revision}",
        "有一份申请等您签名",
        f"申请码 {application.draft_code} 的申请已经准备好，请核对内容和材料，确认无误后签名提交；签名以前不会提交。",
        path=reverse("licensing:review", args=[application.public_id]),
    )


def channel_of(request, draft):
    """Where the signer stands: a draft that a clerk helps with is the window's, else the page's own channel."""
    assisted = AssistedFiling.objects.filter(application=draft, ended_at=None).exists()
    return Channel.WINDOW if assisted else getattr(request, "channel", Channel.ONLINE)


def authenticator_of(user):
    """The second factor that the user has set up, or None; recovery codes alone are none."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
