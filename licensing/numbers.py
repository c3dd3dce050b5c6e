from django.db import transaction

from licensing.models import ApplicationNumber

PREFIX = "YZ"


@transaction.atomic
def take_number(day):
    """Return the day's next application number, "YZ" + date + 6 digits. Its transaction gives it back by failing."""
    ApplicationNumber.objects.get_or_create(day=day)
    # Held until the caller commits: the next submission waits for it, so that no number is doubled or left out.
    serial = ApplicationNumber.objects.select_for_update().get(day=day)
    serial.last += 1
    serial.save(update_fields=["last"])
    return f"{PREFIX}{day:%Y%m%d}{serial.last:06d}"
