"""A catalogue with hundreds of items that wait for nothing, and applications for as many of them as wanted."""

import copy

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone

from exchange import outbox
from guidance import releases
from guidance.loading import publish
from licensing import log
from licensing.models import Application, Enterprise, Membership, Premises, Status
from licensing.numbers import take_number
from licensing.snapshots import snapshot_hash

ITEMS = 300
# An ordinary licence of one department; its copies differ in code and name only.
_MODEL = "outdoor-ad"


def publish_catalogue():
    """Publish the catalogue in force with ITEMS more items, once; return (release, their codes)."""
    release = releases.current()
    documents = releases.documents(release)
    items = documents["items"]["items"]
    if there := [item["code"] for item in items if item["code"].startswith("bench-")]:
        return release, there
    model = next(item for item in items if item["code"] == _MODEL) | {"prerequisites": []}
    copies = [copy.deepcopy(model) | {"code": f"bench-{n}", "name": f"测试事项{n}"} for n in range(ITEMS)]
    items += copies
    # Nobody needs the copies, so no proof would let them pass.
    release, _ = publish(documents, check=None)
    return release, [item["code"] for item in copies]


def filed(release, codes, district, serial):
    """An application as submission leaves it, with no event yet; its forms and papers are another section's."""
    user = get_user_model().objects.create_user(f"bench-wide-{len(codes)}-{serial}", name="测试")
    enterprise = Enterprise.objects.create(name=f"测试公司{len(codes)}-{serial}", added_by=user)
    Membership.objects.create(user=user, enterprise=enterprise)
    premises = Premises.objects.create(enterprise=enterprise, division=district, name="总店", address="漠江路1号")
    items = releases.load(release.pk).items
    snapshot = {
        "enterprise": {"name": enterprise.name},
        "values": {},
        "chosen": codes,
        "items": {code: {"name": items[code].name, "elements": [], "materials": []} for code in codes},
        "materials": {},
    }
    now = timezone.now()
    with transaction.atomic():
        application = Application.objects.create(
            enterprise=enterprise,
            premises=premises,
            filer=user,
            release=release,
            chosen=codes,
            status=Status.SUBMITTED,
            number=take_number(timezone.localdate(now)),
            submitted_at=now,
            snapshot=snapshot,
            snapshot_sha256=snapshot_hash(snapshot),
        )
        states = {"from_status": Status.DRAFT, "to_status": Status.SUBMITTED}
        log.record(application, "application.submitted", actor=user, **states)
    return application


@transaction.atomic
def announce(kind, application):
    outbox.emit(kind, application_id=application.pk)


def grant_all(application):
    """All its tasks granted by one statement: what follows is measured, not the decisions."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE routing_approvaltask SET status = 'granted', accepted_at = now(), decided_at = now(),
            decided_by_id = %s, face = jsonb_build_object('number', item_code || '-' || application_id,
            'issued_on', '2026-01-05', 'valid_until', NULL, 'scope', '') WHERE application_id = %s""",
            [application.filer_id, application.pk],
        )
