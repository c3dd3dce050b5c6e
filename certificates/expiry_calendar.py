"""What ends when (到期日历): the coming months on a page, and a file for the calendar of one's telephone."""

from datetime import date
from itertools import groupby

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from certificates import icalendar
from certificates.expiring import STAGES

MONTHS = 24
# Of a chain with hundreds of shops the page lists the next ones; the file holds all.
MOST_LISTED = 200


def coming(licences, today=None):
    """Those in force that will end, the first to end first; one that is deemed renewed waits for its next version."""
    ending = licences.valid(today).filter(valid_until__isnull=False, deemed_renewed_on=None)
    return ending.select_related("premises").order_by("valid_until", "pk")


def by_month(licences, today=None):
    """[(first day of the month, [Licence])] for the months of MONTHS, this one included, in which something ends."""
    today = today or timezone.localdate()
    ending = coming(licences, today).filter(valid_until__lt=_months_after(today, MONTHS))[:MOST_LISTED]
    return [(month, list(group)) for month, group in groupby(ending, lambda one: one.valid_until.replace(day=1))]


def as_file(licences, enterprise):
    """All of coming() as the bytes of a calendar file. It names shops and numbers of licences, and nobody."""
    days = [
        icalendar.Day(
            uid=str(licence.public_id),
            on=licence.valid_until,
            summary=f"{licence.name}到期" + (f"（{licence.premises.name}）" if licence.premises else ""),
            description=f"编号：{licence.number}\n发证机关：{licence.authority}\n还要继续使用的，请在到期前申请延续。",
        )
        for licence in coming(licences)
    ]
    page = settings.PUBLIC_URL + reverse("certificates:register", args=[enterprise.public_id])
    return icalendar.calendar(
        "证照到期日历", days, made_at=timezone.now(), remind=sorted(STAGES, reverse=True), url=page
    )


def _months_after(day, months):
    """The first day of the month that follows by so many."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
