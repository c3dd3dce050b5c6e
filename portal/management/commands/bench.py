import subprocess
import sys
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.benchmarks import (
    deciding,
    desk,
    first_run,
    importing,
    invariants,
    joining,
    large,
    place,
    province,
    public_page,
    questioning,
    replaying,
    sealing,
    splitting,
    uploading,
    wizard,
)

SECTIONS = {
    "replay": ("Replay of a full set of answers", replaying.measure),
    "questions": ("From an answer to the next question", questioning.measure),
    "wizard": ("One step of the form", wizard.measure),
    "split": ("Submission until all tasks are visible", splitting.measure),
    "public": ("The public page", public_page.measure),
    "join": ("Split and join of 5 to 300 tasks", joining.measure),
    "decide": ("Four officers at once", deciding.measure),
    "seals": ("Sealing and verifying e-licences", sealing.measure),
    "uploads": ("Thirty uploads at once", uploading.measure),
    "desk": ("The officers' list", desk.measure),
    "import": ("Importing held licences", importing.measure),
    "invariants": ("What must always be true", invariants.measure),
    "run": ("make run in a fresh clone", first_run.measure),
}
# Only when asked for by name: the one needs much disk and a quarter of an hour, the other 4 GB of memory and minutes.
LARGE, PROVINCE = "large", "province"
# These need a database of their own; a process that is told so measures in it.
IN_DATABASE = "replay", "questions", "wizard", "split", "public", "join", "decide", "seals", "uploads", "import"
# And these each fill one with a city.
IN_A_CITY = "desk", "invariants"


class Command(BaseCommand):
    help = "Measure the portal and print the figures. Uses a throw-away database; leave the machine alone meanwhile."

    def add_arguments(self, parser):
        parser.add_argument(
            "sections", nargs="*", help=f"some of: {' '.join(SECTIONS)}; all unless told; or: {LARGE} or {PROVINCE}"
        )
        parser.add_argument("--enterprises", type=int, default=large.ENTERPRISES, help=f"how many for {LARGE}")
        parser.add_argument("--folder", default="/var/tmp", help=f"where {LARGE} has disk")  # noqa: S108
        parser.add_argument("--items", type=int, default=province.ITEMS, help=f"how many for {PROVINCE}")
        parser.add_argument("--questions", type=int, default=province.QUESTIONS, help=f"how many for {PROVINCE}")
        parser.add_argument("--here", action="store_true", help="measure in the (empty) database of DATABASE_URL")

    def handle(self, *, sections, here, enterprises, folder, **options):
        if sections == [LARGE]:
            self._measure_large(here, enterprises, folder)
            return
        if sections == [PROVINCE]:
            self.stdout.write(f"Questions of a catalogue of {options['items']:,} items")
            self._print_rows(questioning.measure_province(options["items"], options["questions"]))
            return
        if unknown := set(sections) - set(SECTIONS):
            raise CommandError(f"There is no section {' '.join(sorted(unknown))}: choose from {' '.join(SECTIONS)}.")
        wanted = [section for section in SECTIONS if section in (sections or SECTIONS)]
        if here:
            self._measure_here(wanted)
            return
        try:
            if inside := [section for section in wanted if section in IN_DATABASE]:
                self._measure_in_throw_away(inside)
            for section in wanted:
                if section in IN_A_CITY:
                    self._measure_in_throw_away([section])
                elif section not in IN_DATABASE:
                    self._print(section)
        except RuntimeError as error:
            raise CommandError(str(error)) from None

    def _measure_large(self, here, enterprises, folder):
        if here:
            self._prepare()
            self._print_rows(large.measure(enterprises))
            return
        size, seconds = large.needs(enterprises)
        self.stdout.write(f"The public page with {enterprises:,} enterprises")
        self.stdout.write(
            f"  needs {size / 1e9:.0f} GB below {folder} and about {seconds / 60:.0f} minutes", ending="\n\n"
        )
        self.stdout.flush()
        try:
            with place.roomy(folder, size, large.POSTGRES):
                self._measure_in_throw_away([LARGE, "--enterprises", str(enterprises)])
        except (RuntimeError, OSError) as error:
            raise CommandError(str(error)) from None

    def _measure_in_throw_away(self, sections):
        with place.throw_away() as environment:
            command = [sys.executable, "manage.py", "bench", "--here", *sections]
            if subprocess.run(command, cwd=settings.BASE_DIR, env=environment).returncode:
                raise RuntimeError("the measurement failed; see above")

    def _measure_here(self, sections):
        self._prepare()
        for section in sections:
            self._print(section)

    def _prepare(self):
        if settings.DATABASES["default"]["NAME"] != place.DATABASE:
            raise CommandError(f"--here fills the database with rows: it must be named {place.DATABASE}.")
        for command in ("migrate", "createcachetable", "load_catalogue", "load_calendar"):
            call_command(command, verbosity=0, stdout=StringIO())

    def _print(self, section):
        title, measure = SECTIONS[section]
        self.stdout.write(f"\n{title}")
        self._print_rows(measure())

    def _print_rows(self, rows):
        for what, figure in rows:
            self.stdout.write(f"  {what:<66} {figure}")
            self.stdout.flush()
