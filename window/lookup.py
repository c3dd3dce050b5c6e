"""Finding the case of the person at the window by what they bring: a code, a number, a USCC. Nothing is browsed."""

import re
import uuid

from allauth.core import ratelimit
from django.db import transaction
from django.db.models import Q

from certificates.official import confirmed
from guidance.codes import CODE_ALPHABET, normalise
from guidance.models import GuidanceSession
from licensing.models import Application, Enterprise, Status
from window import entries
from window.models import Kind, Receipt

# In settings.ACCOUNT_RATE_LIMITS; only what found nothing counts, so that an honest day of 100 cases is never stopped.
_LIMIT = "window_look_up"
_CODE = re.compile(f"[{CODE_ALPHABET}]{{8}}")
_NUMBER = re.compile(r"YZ\d{14,}")
_RECEIPT = re.compile(r"SJ\d{10,}")
_USCC = re.compile(r"[0-9A-Z]{18}")
# What a scanner types that has read an enterprise's code (企业码) or a one-time notice's, whichever host printed it.
_SCANNED = re.compile(r"(?:https?://[^/\s]+)?/e/([A-Za-z0-9_-]{20,40})/?")
_GUIDE = re.compile(r"(?:https?://[^/\s]+)?/guide/([0-9a-f-]{36})/?")


class NotFound(Exception):
    """The message is a sentence for the clerk; it does not tell a wrong code from a strange one."""


def look_up(request, hall, typed):
    """Return the Application or the confirmed Enterprise that was asked for, on record. Raises NotFound."""
    _refuse_guessing(request)
    text = normalise(typed)
    found = _application(text, hall) or _holder(text)
    if found is None:
        ratelimit.consume(request, action=_LIMIT, key=str(request.user.pk))
        raise NotFound(_why_not(text))
    opened = {"application" if isinstance(found, Application) else "enterprise": found}
    with transaction.atomic():
        entries.record(hall, request.user, Kind.LOOKED_UP, **opened)
    return found


def scanned(request, typed):
    """Return the Enterprise whose code was scanned, None if none was. Raises NotFound for a code nobody has (now)."""
    code = _SCANNED.fullmatch(typed.strip())
    if code is None:
        return None
    _refuse_guessing(request)
    found = confirmed().filter(public_token=code[1]).first()
    if found is None:
        ratelimit.consume(request, action=_LIMIT, key=str(request.user.pk))
        raise NotFound("没有这个企业码，可能已经换发。请企业出示新的，或者用统一社会信用代码查。")
    return found


def guide_of(request, typed):
    """Return the GuidanceSession by its code (导办码) or its scanned address, None for anything else.

    It holds no personal data, so nothing of it goes on record. Raises NotFound after too many misses, which count
    in look_up.
    """
    _refuse_guessing(request)
    text, scanned_address = normalise(typed), _GUIDE.fullmatch(typed.strip())
    if scanned_address:
        return GuidanceSession.objects.filter(public_id=_uuid(scanned_address[1])).first()
    return GuidanceSession.objects.filter(code=text).first() if _CODE.fullmatch(text) else None


def cases(hall):
    """Applications this hall may open: on its record today, or filled here for somebody right now."""
    today = entries.todays(hall).exclude(case=None)
    open_here = Application.objects.filter(status=Status.DRAFT, assistance__hall=hall, assistance__ended_at=None)
    found = Application.objects.filter(public_id__in=today.values("case")) | Application.objects.filter(
        pk__in=open_here.values("pk")
    )
    return found.select_related("enterprise", "premises__division", "release", "assistance__clerk", "assistance__hall")


def holders(hall):
    """Confirmed enterprises whose page this hall may open: looked up here today."""
    today = entries.todays(hall).exclude(enterprise=None)
    return Enterprise.objects.exclude(verified_at=None).filter(public_id__in=today.values("enterprise"))


def _refuse_guessing(request):
    if not ratelimit.consume(request, action=_LIMIT, key=str(request.user.pk), dry_run=True):
        raise NotFound("没有找到的次数太多，请过 10 分钟再查，或者请申请人出示打印的申请码。")


def _uuid(text):
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _application(text, hall):
    applications = Application.objects.select_related("enterprise")
    if _CODE.fullmatch(text):
        return applications.filter(draft_code=text).first()
    if _NUMBER.fullmatch(text):
        return applications.filter(number=text).first()
    if _RECEIPT.fullmatch(text):
        # Its number counts up, so anybody can make the next one: it opens a draft only where it was given out, and
        # elsewhere the draft's code does, which is printed beside it.
        found = applications.filter(receipts__in=Receipt.objects.filter(number=text))
        return found.filter(~Q(status=Status.DRAFT) | Q(receipts__hall=hall, receipts__number=text)).first()
    return None


def _holder(text):
    return Enterprise.objects.exclude(verified_at=None).filter(uscc=text).first() if _USCC.fullmatch(text) else None


def _why_not(text):
    if not text:
        return "请扫描或者输入申请码、导办码、办件编号、收件凭证编号或者统一社会信用代码。"
    if _USCC.fullmatch(text):
        return "没有这个统一社会信用代码的已确认企业。请核对，或者先在“确认企业”里确认。"
    if _NUMBER.fullmatch(text) or _RECEIPT.fullmatch(text):
        return "没有这个编号的办件，请核对。在别的大厅收件、还没有提交的，请用收件凭证上的申请码查。"
    return "没有找到。申请码、导办码 8 位，办件编号以 YZ 开头，收件凭证编号以 SJ 开头，统一社会信用代码 18 位，请核对。"
