"""The staff's pages in a real Chromium, at phone and desk width: axe finds nothing and nothing is too wide."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from guidance.models import Office, Role
from routing import proposing, stopping
from routing.models import CalendarYear, TaskStatus, Term
from tests.chromium import WIDTHS, assert_sound, signed_in_page
from tests.factories import (
    ApplicationFactory,
    ApprovalTaskFactory,
    EnterpriseFactory,
    PostFactory,
    UserFactory,
)
from tests.routing.acting import today
from tests.routing.papers import hand_in, image, pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VALUES = {
    "legal_rep_name": "王五",
    "proposed_names": [{"name": "阳江市便民便利店有限公司"}],
    "kitchen_equipment": [{"name": "冷藏柜", "model": "LC-300", "quantity": 2}],
}


def officers_pages():
    """A task in every state and an officer of all their offices; return (user, addresses)."""
    chosen = ["food-operation", "fire-safety-check", "hotel-special-trade"]
    applications = [ApplicationFactory(in_progress=True, chosen=chosen, values=VALUES) for _ in range(3)]
    founding = ApplicationFactory(
        in_progress=True,
        chosen=["business-registration", "bank-account"],
        values=VALUES,
        enterprise=EnterpriseFactory(founder=True),
    )
    tasks = {
        "received": ApprovalTaskFactory(application=applications[0], committed_due_on="2026-01-05"),
        "granted": ApprovalTaskFactory(application=applications[1], granted=True),
        "refused": ApprovalTaskFactory(application=applications[2], refused=True),
        "gate": ApprovalTaskFactory(item_code=chosen[2], application=applications[0], accepted=True),
        "sibling": ApprovalTaskFactory(item_code=chosen[1], application=applications[0]),
        "registration": ApprovalTaskFactory(item_code="business-registration", application=founding, accepted=True),
        "waiting": ApprovalTaskFactory(item_code="bank-account", application=founding, waiting=True),
    }
    user = UserFactory()
    for office in {task.office for task in tasks.values()}:
        PostFactory(user=user, office=office, role=Role.HEAD)
    _bring_further(tasks)
    addresses = {
        name: reverse("admin:routing_approvaltask_change", args=[task.public_id]) for name, task in tasks.items()
    }
    forms = {
        f"{name} {move}": f"{addresses[name]}?move={move}"
        for name, move in (
            ("received", "ask_correction"),
            ("received", "decline"),
            ("gate", "stop"),
            ("gate", "extend"),
            ("registration", "propose_grant"),
            ("stopped", "resume"),
            ("proposed", "approve"),
            ("proposed", "send_back"),
        )
    }
    queue = reverse("admin:routing_approvaltask_changelist")
    lists = {"desk": reverse("admin:index"), "queue": queue, "nothing": f"{queue}?q=没有", "load": f"{queue}load/"}
    return user, {**lists, **addresses, **forms}


def _bring_further(tasks):
    """A paper with files, a clock that stands, and a decision that waits for a second officer."""
    call_command("load_calendar", verbosity=0)
    hand_in(tasks["received"], pdf(), image())
    colleague = PostFactory(office=tasks["received"].office).user
    tasks["stopped"], tasks["proposed"] = ApprovalTaskFactory.create_batch(2, accepted=True)
    day = today().isoformat()
    stop = {"kind": "hearing", "started_on": day, "expected_on": day, "reason": "申请人要求听证"}
    stopping.stop(tasks["stopped"], colleague, stop)
    proposing.propose(tasks["proposed"], colleague, TaskStatus.REFUSED, reason="布局不符")
    Office.objects.filter(pk=tasks["proposed"].office_id).update(second_review=True)


def operators_pages():
    post = PostFactory()
    call_command("load_calendar", verbosity=0)
    # What migrations wrote is gone after a test with real transactions.
    values = {"name": "预警：剩余时间不多于", "unit": "%", "value": 20, "basis": "本市规定（示例）"}
    term, _ = Term.objects.get_or_create(code="warn_percent", defaults=values)
    models = ["guidance_office", "guidance_division", "guidance_post", "portal_user", "licensing_untrustworthyentry"]
    models += ["routing_calendaryear"]
    read = ["admin_logentry", "exchange_delivery", "routing_term"]
    lists = {f"{model}s": reverse(f"admin:{model}_changelist") for model in models + read}
    forms = {f"new {model}": reverse(f"admin:{model}_add") for model in models}
    user = reverse("admin:portal_user_change", args=[post.user.pk])
    return UserFactory(operator=True), {
        "desk": reverse("admin:index"),
        **lists,
        **forms,
        "user": user,
        "year": reverse("admin:routing_calendaryear_change", args=[CalendarYear.objects.first().pk]),
        "term": reverse("admin:routing_term_change", args=[term.pk]),
        "removal": reverse("admin:guidance_post_delete", args=[post.pk]),
    }


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("people", [officers_pages, operators_pages], ids=["officer", "operator"])
def test_axe_finds_nothing(catalogue, live_server, client, people, width, storage_folder):
    user, addresses = people()
    with signed_in_page(client, live_server, user, width) as page:
        for name, address in addresses.items():
            page.goto(address)
            assert_sound(page, name)
        if registration := addresses.get("registration"):
            # Its office has asked for a second officer by now.
            page.goto(f"{registration}?move=propose_grant")
            page.get_by_role("button", name="提请准予许可").click()
            page.locator("#error-summary").wait_for()
            assert_sound(page, "errors")
