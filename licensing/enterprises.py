"""How an enterprise comes in: its owner adds it, a clerk compares it with the picture of its licence (经营主体确认)."""

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils import timezone

from licensing import telling
from licensing.models import Enterprise, EnterpriseEvent, EntityType, MemberRole, Membership

# What the clerk copies from the picture; the USCC itself is never corrected, another code is another enterprise.
FACTS = ("name", "legal_representative", "entity_type", "address", "scope")
# The second character of a USCC says which kind of business it names (GB 32100-2015).
TYPES = {
    "91": (EntityType.COMPANY, EntityType.SOLE_PROP, EntityType.PARTNERSHIP),
    "92": (EntityType.INDIVIDUAL,),
    "93": (EntityType.COOP,),
}


class NotConfirmable(Exception):
    """The message is a sentence for the clerk."""


@transaction.atomic
def add(user, *, uscc, name, legal_representative, picture, role=MemberRole.OWNER):
    """Return the enterprise as this user's, waiting for a clerk. The answer depends on the user's own rows only.

    Adding one's own again changes nothing, unless a clerk had rejected it: then it goes back to the queue as typed now.
    """
    # Two clicks of one person wait for each other here; different people never do.
    get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)
    own = Enterprise.objects.for_applicant(user).filter(uscc=uscc).order_by("rejected_at", "pk").last()
    if own is None:
        own = Enterprise.objects.filter(added_by=user, uscc=uscc, verified_at=None).first()
    if own is None:
        own = Enterprise.objects.create(
            added_by=user, uscc=uscc, name=name, legal_representative=legal_representative, licence_picture=picture
        )
        _record(own, EnterpriseEvent.Kind.ADDED, user)
    elif own.rejected_at:
        own.name, own.legal_representative, own.licence_picture = name, legal_representative, picture
        own.rejected_at, own.rejection_reason = None, ""
        own.save()
        _record(own, EnterpriseEvent.Kind.SENT_AGAIN, user)
    Membership.objects.get_or_create(user=user, enterprise=own, defaults={"role": role})
    return own


def existing(enterprise):
    """The confirmed row of the same USCC that confirming this one would merge it into, or None."""
    return Enterprise.objects.filter(uscc=enterprise.uscc).exclude(verified_at=None).exclude(pk=enterprise.pk).first()


@transaction.atomic
def confirm(enterprise, clerk, facts, *, into=None):
    """Confirm what the picture shows; return the confirmed row. facts: a dict with the keys of FACTS.

    into: the row of the same USCC that is confirmed already, as the clerk saw it. Then the people, premises and drafts
    of this row move to that one, whose facts stay, and this row goes away. Raises NotConfirmable, changing nothing.
    """
    enterprise = _waiting(enterprise, clerk)
    if existing(enterprise) != into:
        # Who joins whom is the clerk's decision: it must not be another one than the page showed.
        raise NotConfirmable("这个统一社会信用代码的登记情况刚刚有变化，请重新核对后再确认。")
    if into:
        joined = _record(enterprise, EnterpriseEvent.Kind.MERGED, clerk)
        _merge(enterprise, into)
        telling.confirmed(joined, into)
        return into
    for fact in FACTS:
        setattr(enterprise, fact, facts[fact])
    enterprise.verified_at, enterprise.verified_by = timezone.now(), clerk
    try:
        with transaction.atomic():
            enterprise.save(update_fields=[*FACTS, "verified_at", "verified_by"])
    except IntegrityError:
        # A grant of 设立登记 gave a founder this USCC a moment ago.
        raise NotConfirmable("这个统一社会信用代码的登记情况刚刚有变化，请重新核对后再确认。") from None
    telling.confirmed(_record(enterprise, EnterpriseEvent.Kind.CONFIRMED, clerk), enterprise)
    return enterprise


@transaction.atomic
def reject(enterprise, clerk, reason):
    """Send it back to its owner, who may mend and send it again. Raises NotConfirmable, changing nothing."""
    enterprise = _waiting(enterprise, clerk)
    enterprise.rejected_at, enterprise.rejection_reason = timezone.now(), reason
    enterprise.save(update_fields=["rejected_at", "rejection_reason"])
    telling.rejected(_record(enterprise, EnterpriseEvent.Kind.REJECTED, clerk, reason), enterprise)
    return enterprise


def _waiting(enterprise, clerk):
    """Lock and return the row, if this clerk may decide on it now."""
    # All rows of one USCC, in one order: two clerks may have two people's rows of the same enterprise before them.
    rows = {row.pk: row for row in Enterprise.objects.select_for_update().filter(uscc=enterprise.uscc).order_by("pk")}
    row = rows.get(enterprise.pk)
    if row is None or row.verified_at or row.rejected_at:
        raise NotConfirmable("另一位窗口人员刚刚处理了这一条，请看下一条。")
    if not Enterprise.objects.for_clerk(clerk).filter(pk=row.pk).exists():
        raise NotConfirmable("不能确认自己添加的或者自己代办的经营主体，请交给其他窗口人员。")
    return row


def _merge(duplicate, confirmed):
    """Move all that hangs on the duplicate to the confirmed row, then delete it."""
    members = confirmed.memberships.values("user")
    # The clerk has just checked this person's right again: a membership that had ended goes on.
    confirmed.memberships.filter(user__in=duplicate.memberships.current().values("user")).update(until=None)
    duplicate.memberships.exclude(user__in=members).update(enterprise=confirmed)
    for premises in confirmed.premises.filter(address__in=duplicate.premises.values("address")):
        duplicate.applications.filter(premises__address=premises.address).update(premises=premises)
    duplicate.premises.exclude(address__in=confirmed.premises.values("address")).update(enterprise=confirmed)
    duplicate.applications.update(enterprise=confirmed)
    duplicate.events.update(enterprise=confirmed)
    duplicate.delete()


def _record(enterprise, kind, actor, reason=""):
    return EnterpriseEvent.objects.create(
        enterprise=enterprise, kind=kind, actor=actor, reason=reason, picture_id=enterprise.licence_picture_id
    )
