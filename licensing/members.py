"""An owner lets somebody act for the enterprise (经办人), within a scope and until a day; taking it back acts at once.

What opens an invitation is derived from its row's public id with the portal's secret key: the letter's handler makes it
anew, so neither the outbox, the queue nor the database ever holds it. The row keeps only its hash, to be found by.
"""

import hashlib
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from exchange import messages, outbox
from licensing.models import EnterpriseEvent, Invitation, MemberRole, Membership, Premises

OPEN_FOR = timedelta(days=7)
# Nobody's agents are that many; an account that was broken into must not write letters to the whole world.
MOST_OPEN = 20
# Calling one back and inviting anew writes a letter each time, perhaps to somebody who wants none.
MOST_A_DAY = 30
_NOT_OWNER = "只有经营主体的法定代表人（负责人、经营者），在窗口确认以后，才能这样做。"
# The same for a link that never was and for one written to another address, which it does not tell.
NOT_YOURS = (
    "这个链接打不开邀请：也许没有复制完整，也许是发给别的邮箱的。请用收到邀请的邮箱登录（没有账号的先注册），再打开信里的链接；"
    "还是不行的，请让对方重新邀请。"
)
_GONE = "这个邀请已经用过、过期或者被收回了，请让对方重新邀请。"


class NotAllowed(Exception):
    """The message is a sentence for the person; nothing was changed."""


def may_manage(user, enterprise):
    """Owners of a confirmed enterprise: an agent does not pass on what was given to them."""
    owners = enterprise.memberships.current().filter(role=MemberRole.OWNER)
    return enterprise.verified_at is not None and owners.filter(user=user).exists()


def acts_everywhere(user, enterprise):
    """Does the user act for all of the enterprise, not for one shop only? A new shop is the whole one's business."""
    return enterprise.memberships.current().filter(user=user, premises=None).exists()


def premises_for(user, enterprise):
    """The premises of the enterprise that the user acts for today."""
    if acts_everywhere(user, enterprise):
        return enterprise.premises.all()
    return enterprise.premises.filter(pk__in=enterprise.memberships.current().filter(user=user).values("premises"))


def all_premises_for(user):
    """The premises that the user acts for today, of all enterprises."""
    current = Membership.objects.current().filter(user=user)
    return Premises.objects.filter(
        Q(enterprise__in=current.filter(premises=None).values("enterprise"))
        | Q(pk__in=current.exclude(premises=None).values("premises"))
    )


def agents_of(enterprise):
    """Everybody the owners let act for it, those whose time is over too."""
    agents = enterprise.memberships.filter(role=MemberRole.AGENT)
    return agents.select_related("user", "premises").order_by("pk")


def token_of(invitation):
    """What stands in the letter's link: 64 hex digits that only this portal can make."""
    return salted_hmac("licensing.members", str(invitation.public_id), algorithm="sha256").hexdigest()


@transaction.atomic
def invite(enterprise, owner, *, email, scope, premises=None, until=None):
    """Write an Invitation, whose letter the outbox sends. An open one to the same address is called back."""
    check_owner(owner, enterprise)
    email = email.strip().lower()
    if email == owner.email.lower():
        raise NotAllowed("不能邀请自己。")
    if enterprise.memberships.current().filter(user__email__iexact=email).exists():
        raise NotAllowed("这个人已经可以代表这个经营主体，要改范围请在下面的名单里改。")
    for earlier in enterprise.invitations.open().filter(email__iexact=email):
        _end(earlier, owner)
    if enterprise.invitations.open().count() >= MOST_OPEN:
        raise NotAllowed(f"等待接受的邀请已经有 {MOST_OPEN} 个，请先收回不用的。")
    if enterprise.invitations.filter(created_at__gt=timezone.now() - timedelta(days=1)).count() >= MOST_A_DAY:
        raise NotAllowed(f"一天里最多邀请 {MOST_A_DAY} 次，请明天再邀请。")
    terms = {"scope": scope, "premises": premises, "until": until}
    invitation = Invitation(enterprise=enterprise, email=email, invited_by=owner, **terms)
    invitation.token_sha256 = _hash(token_of(invitation))
    invitation.expires_at = timezone.now() + OPEN_FOR
    invitation.save()
    _record(enterprise, EnterpriseEvent.Kind.INVITED, owner)
    outbox.emit("invitation.written", invitation_id=invitation.pk)
    return invitation


@transaction.atomic
def call_back(invitation, owner):
    """End an invitation that nobody accepted yet; a second time changes nothing."""
    check_owner(owner, invitation.enterprise)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at:
        raise NotAllowed("对方刚刚接受了这个邀请，要取消请在名单里取消授权。")
    if not invitation.cancelled_at:
        _end(invitation, owner)


def find(token, user):
    """The invitation that the link opens for this user, whatever became of it, or None: for others there is none.

    Whoever reads the letter has the link, but only an account with the address it was written to may use it.
    """
    found = Invitation.objects.filter(token_sha256=_hash(token)).exclude(email="")
    return found.filter(email__iexact=user.email).select_related("enterprise", "premises", "invited_by").first()


def refusal(invitation, user):
    """A sentence why this user, to whom it was written, cannot accept it now; "" if they can."""
    over = invitation.until and invitation.until < timezone.localdate()
    open_still = invitation.accepted_at is None and invitation.cancelled_at is None
    if not open_still or over or invitation.expires_at <= timezone.now():
        return _GONE
    if not may_manage(invitation.invited_by, invitation.enterprise):
        return _GONE
    if user.email.lower() != invitation.email.lower():
        return NOT_YOURS
    if invitation.enterprise.memberships.current().filter(user=user).exists():
        return "您已经可以代表这个经营主体办事，不用再接受。"
    return ""


@transaction.atomic
def accept(invitation, user):
    """Make the user an agent on the invitation's terms; return the Membership, on a second click the one there is."""
    invitation = Invitation.objects.select_for_update(of=["self"]).select_related("enterprise").get(pk=invitation.pk)
    enterprise = invitation.enterprise
    joined = enterprise.memberships.current().filter(user=user).first()
    if joined and invitation.accepted_by == user:
        return joined
    if sentence := refusal(invitation, user):
        raise NotAllowed(sentence)
    terms = {name: getattr(invitation, name) for name in ("scope", "premises", "until")}
    terms["role"] = MemberRole.AGENT
    try:
        with transaction.atomic():
            # Whose earlier right ran out gets the new one in its place.
            joined = Membership.objects.update_or_create(user=user, enterprise=enterprise, defaults=terms)[0]
    except IntegrityError:
        raise NotAllowed("您刚刚已经加入这个经营主体。") from None
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    _record(enterprise, EnterpriseEvent.Kind.JOINED, user, user)
    text = "您邀请的经办人接受了邀请，可以按您定的范围办事了。范围和期限随时可以更改，授权随时可以取消。"
    path = reverse("licensing:members", args=[enterprise.public_id])
    messages.tell([invitation.invited_by], f"joined:{invitation.public_id}", "经办人接受了邀请", text, path=path)
    return joined


@transaction.atomic
def change(membership, owner, *, scope, premises=None, until=None):
    """Give an agent another scope, place or last day, from now on."""
    membership = _locked(membership, owner)
    membership.scope, membership.premises, membership.until = scope, premises, until
    membership.save(update_fields=["scope", "premises", "until"])
    _record(membership.enterprise, EnterpriseEvent.Kind.CHANGED, owner, membership.user)
    return membership


@transaction.atomic
def revoke(membership, owner):
    """Take an agent's right away at once. What they filled in stays the enterprise's.

    Submitting locks the membership it rests on (submission.py), so one of the two comes first, never both.
    """
    membership = _locked(membership, owner)
    event = _record(membership.enterprise, EnterpriseEvent.Kind.REVOKED, owner, membership.user)
    text = "您不能再代表一个经营主体办事了：它的法定代表人（负责人、经营者）取消了授权。"
    messages.tell([membership.user], f"revoked:{event.pk}", "经办授权已经取消", text)
    membership.delete()


def check_owner(user, enterprise):
    """Hold the user's right until the transaction ends. Raises NotAllowed for whoever does not own it."""
    # The owner's own right may be taken away meanwhile: whoever does that waits, or is waited for.
    list(Membership.objects.select_for_update(no_key=True).filter(user=user, enterprise=enterprise))
    if not may_manage(user, enterprise):
        raise NotAllowed(_NOT_OWNER)


def _locked(membership, owner):
    check_owner(owner, membership.enterprise)
    agents = Membership.objects.filter(role=MemberRole.AGENT).exclude(user=owner)
    locked = agents.select_for_update(of=["self"]).select_related("user", "enterprise").filter(pk=membership.pk).first()
    if locked is None:
        raise NotAllowed("这个人已经不在名单里了。")
    return locked


def _end(invitation, owner):
    invitation.cancelled_at = timezone.now()
    invitation.save(update_fields=["cancelled_at"])
    _record(invitation.enterprise, EnterpriseEvent.Kind.CALLED_BACK, owner)


def _record(enterprise, kind, actor, subject=None):
    return EnterpriseEvent.objects.create(enterprise=enterprise, kind=kind, actor=actor, subject=subject)


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()
