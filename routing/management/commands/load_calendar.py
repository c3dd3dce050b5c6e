from django.core.management.base import BaseCommand

from guidance.management import tables
from routing import calendar, notices
from routing.models import CalendarYear


class Command(BaseCommand):
    help = "Bring the State Council's holiday notices (routing/holidays/) into the work calendar; repeatable."

    def handle(self, *args, **options):
        with tables.needed():
            known = set(CalendarYear.objects.values_list("year", flat=True))
        # What an operator has entered stays as it is.
        new = [calendar.enter(notice) for notice in notices.shipped() if notice.year not in known]
        self.stdout.write(f"work calendar: {', '.join(map(str, new)) or 'nothing'} new")
