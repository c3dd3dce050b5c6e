"""Two clicks of the applicant in the same moment, and a click against an officer: real threads and transactions."""

from functools import partial

import factory
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from licensing.models import StoredFile
from routing import correcting
from routing.decisions import accept
from routing.models import About, CorrectionPoint, TaskStatus
from tests.factories import (
    ApplicationFactory,
    ApprovalTaskFactory,
    MembershipFactory,
    PostFactory,
    SubmittedMaterialFactory,
    snapshot_of,
)
from tests.licensing.samples import PDF
from tests.threads import refusals_at_once

pytestmark = pytest.mark.django_db(transaction=True)
PROOF = "mat-premises-proof"
POINT = {"about": About.MATERIAL, "code": PROOF, "label": "经营场所使用证明", "text": "缺签字页"}


def deferring_snapshot(application):
    snapshot = snapshot_of(application)
    snapshot["materials"][PROOF] |= {"how": "deferred", "defer_days": 7}
    return snapshot


@pytest.fixture
def task(city, storage_folder):
    application = ApplicationFactory(in_progress=True, snapshot=factory.LazyAttribute(deferring_snapshot))
    MembershipFactory(user=application.filer, enterprise=application.enterprise)
    SubmittedMaterialFactory(application=application, code=PROOF, how="deferred")
    return ApprovalTaskFactory(application=application)


def post(task, name, args, data):
    client = Client()
    client.force_login(task.application.filer)
    files = {key: [SimpleUploadedFile("合同.pdf", PDF)] for key in data.pop("upload", ())}
    client.post(reverse(f"routing:{name}", args=args), data | files)


def files_on_disk(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_paper_handed_in_twice_at_once_is_kept_once(task, storage_folder):
    args = [task.application.public_id, PROOF]
    refusals_at_once(*[partial(post, task, "supply", args, {"upload": ["files"]}) for _ in range(3)])
    assert task.application.log.filter(event="task.supplied").count() == 1
    assert task.application.materials.get().files.count() == StoredFile.objects.count() == 1
    assert len(files_on_disk(storage_folder)) == 1


def test_a_correction_answered_twice_at_once_is_answered_once(task, storage_folder):
    correcting.ask(task, PostFactory(office=task.office).user, [POINT])
    refusals_at_once(*[partial(post, task, "correction", [task.public_id], {"upload": ["files-1"]}) for _ in range(3)])
    assert task.application.log.filter(event="task.correction_answered").count() == 1
    assert CorrectionPoint.objects.get().files.count() == StoredFile.objects.count() == 1
    assert len(files_on_disk(storage_folder)) == 1


def test_of_a_withdrawal_and_an_acceptance_both_or_one_happen_in_order(task):
    officer = PostFactory(office=task.office).user
    withdrawal = {"items": [task.item_code]}
    refused = refusals_at_once(
        partial(post, task, "withdraw", [task.application.public_id], withdrawal), partial(accept, task, officer)
    )
    task.refresh_from_db()
    assert task.status == TaskStatus.WITHDRAWN
    events = list(task.application.log.filter(item_code=task.item_code).values_list("event", flat=True))
    assert events in (["task.withdrawn"], ["task.accepted", "task.withdrawn"])
    assert len(refused) == (events == ["task.withdrawn"])
