from django.db import transaction

from window.models import ReceiptNumber

PREFIX = "SJ"


@transaction.atomic
def take_number(hall, day):
    """Return (serial, number) of the next receipt of that hall and day: "SJ" + hall + date + 4 digits.

    The caller's transaction gives it back by failing, so that the numbers have no gap.
    """
    ReceiptNumber.objects.get_or_create(hall=hall, day=day)
    # Held until the caller commits: two windows wait for each other here.
    row = ReceiptNumber.objects.select_for_update().get(hall=hall, day=day)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last, f"{PREFIX}{hall.pk:02d}{day:%Y%m%d}{row.last:04d}"
