from datetime import timedelta
from pathlib import Path

import yaml
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from routing.models import CalendarDay, CalendarYear

HOLIDAYS = Path(__file__).resolve().parents[2] / "holidays"


class Command(BaseCommand):
    help = "Bring the State Council's holiday notices (routing/holidays/) into the work calendar; repeatable."

    @transaction.atomic
    def handle(self, *args, **options):
        new = 0
        for file in sorted(HOLIDAYS.glob("*.yaml")):
            notice = yaml.safe_load(file.read_text(encoding="utf-8"))
            # What an operator has entered stays as it is.
            year, created = CalendarYear.objects.get_or_create(
                year=notice["year"], defaults={"source": notice["source"], "confirmed_at": timezone.now()}
            )
            if created:
                new += len(CalendarDay.objects.bulk_create(days_of(notice, year)))
        self.stdout.write(f"work calendar: {new} new days")


def days_of(notice, year):
    """Yield a CalendarDay of that CalendarYear for each day the notice names."""
    for first, last in notice["holidays"]:
        for later in range((last - first).days + 1):
            yield CalendarDay(year=year, day=first + timedelta(days=later), is_working=False)
    for day in notice["make_up_days"]:
        yield CalendarDay(year=year, day=day, is_working=True)
