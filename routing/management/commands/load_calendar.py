from datetime import timedelta
from pathlib import Path

import yaml
from django.core.management.base import BaseCommand

from routing.models import CalendarDay

HOLIDAYS = Path(__file__).resolve().parents[2] / "holidays"


class Command(BaseCommand):
    help = "Bring the State Council's holiday notices (routing/holidays/) into the work calendar; repeatable."

    def handle(self, *args, **options):
        days = [day for file in sorted(HOLIDAYS.glob("*.yaml")) for day in read(file)]
        before = CalendarDay.objects.count()
        # What an operator has entered or corrected since stays as it is.
        CalendarDay.objects.bulk_create(days, ignore_conflicts=True)
        self.stdout.write(f"work calendar: {CalendarDay.objects.count() - before} new days")


def read(file):
    """Yield a CalendarDay for each day the notice in that file names."""
    notice = yaml.safe_load(file.read_text(encoding="utf-8"))
    for first, last in notice["holidays"]:
        for later in range((last - first).days + 1):
            yield CalendarDay(day=first + timedelta(days=later), is_working=False, source=notice["source"])
    for day in notice["make_up_days"]:
        yield CalendarDay(day=day, is_working=True, source=notice["source"])
