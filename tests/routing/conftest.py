import pytest
from django.core.management import call_command

from tests.factories import ApplicationFactory, PremisesFactory, offices_everywhere
from tests.licensing.conftest import storage_folder
from tests.portal.letters import mail_server
from tests.routing.acting import MONDAY, filed

__all__ = ["mail_server", "storage_folder"]


@pytest.fixture
def city(catalogue):
    """江城区 in 阳江市 with an office of every department at both levels, and the work calendar."""
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
