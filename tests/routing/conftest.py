import pytest
from django.core.management import call_command

from routing import terms
from routing.models import Term
from tests.factories import ApplicationFactory, PremisesFactory, offices_everywhere
from tests.licensing.conftest import storage_folder
from tests.portal.letters import mail_server
from tests.routing.acting import MONDAY, filed

__all__ = ["mail_server", "storage_folder"]


@pytest.fixture
def first_terms(db):
    write_first_terms()


def write_first_terms():
    """The city's terms as migration 0006 has written them; a test with real transactions empties their table too."""
    rows = [
        Term(code=code, name=name, unit=unit, value=value, basis=terms.BY_LAW.get(code, terms.EXAMPLE))
        for code, (name, unit, value) in terms.FIRST.items()
    ]
    Term.objects.bulk_create(rows, ignore_conflicts=True)


@pytest.fixture
def city(catalogue, first_terms):
    """江城区 in 阳江市 with an office of every department at both levels, the work calendar and the terms."""
    call_command("load_calendar", verbosity=0)
    return offices_everywhere(catalogue)


@pytest.fixture
def submit(city):
    """submit(*item codes) → an application submitted for them, for premises in 江城区."""

    def submit(*codes, **traits):
        enterprise = {"enterprise": traits["enterprise"]} if "enterprise" in traits else {}
        premises = PremisesFactory(division=city, **enterprise)
        return ApplicationFactory(
            submitted=True, chosen=list(codes), premises=premises, **{"enterprise": premises.enterprise} | traits
        )

    return submit


@pytest.fixture
def file(city, time_machine):
    """file(*codes, committed=, deferred=, on_refusal=…) → a Case filed on Monday 2026-05-11, where the clock stands."""
    time_machine.move_to(MONDAY, tick=False)

    def file(*codes, **choices):
        enterprise = {"enterprise": choices["enterprise"]} if "enterprise" in choices else {}
        return filed(PremisesFactory(division=city, **enterprise), codes, **choices)

    return file
