"""收件: what a person hands in at the window, and the numbered receipt for it (Licensing Law art. 32)."""

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from exchange import messages
from licensing.models import Application
from licensing.telling import people_of
from window import entries
from window.models import Kind, Receipt
from window.numbers import take_number

NOT_THERE = "还没有交"


@dataclass(frozen=True)
class Line:
    """One paper as it lies on the counter. files: how many scans or uploads it has; words: what is wrong with it."""

    code: str
    name: str
    original: bool
    files: int
    words: str
    wanted: bool  # the applicant hands it in, and it must be there by submission

    @property
    def received(self):
        return not self.words and (self.original or self.files > 0)

    @property
    def missing(self):
        return bool(self.words) or (self.wanted and not self.received)

    def as_kept(self):
        words = self.words or (NOT_THERE if self.missing else "")
        return {"code": self.code, "name": self.name, "original": self.original, "files": self.files, "words": words}


class NothingToReceive(Exception):
    """The message is a sentence for the clerk."""


@transaction.atomic
def give_receipt(draft, hall, clerk, person_name, lines):
    """Return the Receipt for these Lines, numbered and told to the applicant. It follows the one before, if any.

    Raises NothingToReceive, and Application.DoesNotExist when the draft is gone or submitted.
    """
    # Two windows at one case: each receipt follows exactly one other.
    Application.objects.drafts().lock(pk=draft.pk)
    draft = Application.objects.drafts().select_related("enterprise").get(pk=draft.pk)
    receipt = Receipt(
        hall=hall,
        day=timezone.localdate(),
        application=draft,
        label=draft.label,
        applicant=draft.enterprise.name if draft.enterprise else "",
        clerk=clerk,
        person_name=person_name,
        received=[line.as_kept() for line in lines if line.received],
        missing=[line.as_kept() for line in lines if line.missing],
        previous=draft.receipts.filter(next=None).order_by("pk").last(),
    )
    if not receipt.received and not receipt.missing:
        raise NothingToReceive("这份申请没有要交的材料，不用收件，签好名就可以提交。")
    _keep(receipt)
    _tell(receipt, draft)
    return receipt


def _keep(receipt):
    # Last of all the locks, so that the hall's numbers are held for a moment only.
    receipt.serial, receipt.number = take_number(receipt.hall, receipt.day)
    receipt.save()
    entries.record(receipt.hall, receipt.clerk, Kind.RECEIVED, application=receipt.application)


def _tell(receipt, draft):
    missing = f"，还缺 {len(receipt.missing)} 份，凭证上写了缺什么" if receipt.missing else "，没有缺的"
    messages.tell(
        people_of(draft.enterprise_id, draft.premises_id),
        f"receipt:{receipt.number}",
        "窗口收了您的材料",
        f"收件凭证 {receipt.number}：收到 {len(receipt.received)} 份材料{missing}。",
        path=reverse("window:own-receipt", args=[receipt.public_id]),
    )
