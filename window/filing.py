"""Submitting at the window: the applicant signs the printed form, the clerk compares it and hands it in."""

from django.core.exceptions import ValidationError

from licensing.files import quarantine
from licensing.models import Channel, Method
from licensing.submission import Signed, submit
from window import entries
from window.models import Kind


class AlreadySubmitted(Exception):
    """Somebody was first; this sheet is not kept."""


def hand_in(draft, hall, clerk, *, signer_name, sheet, seen, on_refusal=None):
    """Submit the draft with the scan of its signed sheet; return it. sheet: an upload.

    Raises NotSubmittable, ChangedSinceSeen, AlreadySubmitted, and ValidationError for a file not taken; then nothing
    is changed or kept.
    """
    if not sheet:
        raise ValidationError("请上传签好名的申请表。")
    with quarantine.cleared([sheet], clerk) as (scan,):
        signed = Signed(Method.PAPER, signer_name, scan)
        application = submit(draft, clerk, signed, seen=seen, on_refusal=on_refusal, channel=Channel.WINDOW)
        # Submitting again returns what was submitted before, and this sheet then signs nothing.
        if application.signature.sheet_id != scan.pk:
            raise AlreadySubmitted
        entries.record(hall, clerk, Kind.SUBMITTED, application=application)
    return application
