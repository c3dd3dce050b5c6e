"""One page of the form as its applicant lives it: the page shown, and what was typed in it saved."""

import statistics
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licensing.models import Application
from licensing.plan import plan_for
from portal.benchmarks.figures import shown, timed
from portal.benchmarks.filing import draft, open_offices

SIZES = 4, 15, 40
_ROUNDS = 15


@dataclass(frozen=True)
class Page:
    """The page with the most fields of a filled-in draft, so that 40 items are really more to do than four."""

    application: Application
    client: Client
    address: str
    posted: dict

    def show(self):
        answer = self.client.get(self.address)
        if answer.status_code != 200:
            raise RuntimeError(f"the page answered {answer.status_code}")

    def save(self):
        self.application.refresh_from_db(fields=["revision"])
        answer = self.client.post(self.address, self.posted | {"revision": self.application.revision})
        if answer.status_code != 302:
            raise RuntimeError(f"the page was not saved: {answer.context['form'].errors.as_text()}")


def measure():
    call_command("collectstatic", verbosity=0, interactive=False)
    district = open_offices()
    for size in SIZES:
        page = page_of(size, district, host="127.0.0.1")
        page.save()  # The first one fills the caches of the process.
        for what, work in (("show", page.show), ("save", page.save)):
            seconds = [timed(work)[0] for _ in range(_ROUNDS)]
            figure = f"{queries(work)} queries   median {shown(statistics.median(seconds))}"
            yield f"{size} items, {len(page.posted) - 1} fields on the page: {what}", figure


def page_of(size, district, *, host="testserver"):
    application, user = draft(size, district, "wizard")
    client = Client(headers={"host": host})
    client.force_login(user)
    plan = plan_for(application)
    step = max(plan.form_steps, key=lambda one: len(plan.asked(one)))
    address = reverse("licensing:form", args=[application.public_id, step.slug])
    return Page(application, client, address, {"wizard-current_step": step.slug} | _posted(plan, step))


def queries(work):
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def _posted(plan, step):
    """The draft's values as a browser posts them."""
    posted = {}
    for wanted in plan.asked(step):
        posted |= _typed(wanted.code, plan.values.get(wanted.code))
    return posted


def _typed(name, value):
    if value is None:
        return {}
    if isinstance(value, bool):
        return {name: "yes" if value else "no"}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        rows = {f"{name}-rows": len(value)}
        for number, row in enumerate(value):
            for column, cell in row.items():
                rows |= _typed(f"{name}-{number}-{column}", cell)
        return rows
    return {name: value}
