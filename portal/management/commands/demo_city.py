from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from guidance.management import tables
from guidance.models import Department
from portal import demo


class Command(BaseCommand):
    help = "Add the demo city: offices, people with known passwords, two enterprises. Running it again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--force", action="store_true", help="also where DEBUG is off")

    def handle(self, *, force, **options):
        if not settings.DEBUG and not force:
            raise CommandError("The demo accounts have known passwords: only with DEBUG=1, or with --force.")
        with tables.needed():
            departments = Department.objects.exists()
        if not departments:
            raise CommandError("There are no departments yet: run load_catalogue first.")
        call_command("load_calendar", stdout=self.stdout)
        demo.build()
        for role, username, password in demo.ACCOUNTS:
            self.stdout.write(f"{username:<24} {password:<16} {role}")
