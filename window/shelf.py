"""取件架: licences and decisions that wait at a hall for whom they are for, each handed over once."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from certificates.models import Licence, LicenceStatus
from exchange import messages
from licensing import log
from licensing.models import Application
from licensing.telling import people_of
from routing.models import Document, DocumentKind
from window import entries
from window.models import Handover, Kind, Receipt
from window.people import is_own

# The decisions that the law has delivered to the applicant in writing (Licensing Law arts. 32, 38, 44).
DECISIONS = (DocumentKind.GRANT, DocumentKind.REFUSAL, DocumentKind.NON_ACCEPTANCE)


class NotHandedOver(Exception):
    """The message is a sentence for the clerk."""


@dataclass(frozen=True)
class Thing:
    """One thing on the shelf. key: how a form names it."""

    key: str
    name: str
    number: str
    authority: str
    row: object  # the Licence or the Document


def ready(hall):
    """Applications with something on this hall's shelf: of its district, of its offices, or handed in here."""
    return Application.objects.filter(_here(hall)).filter(
        Exists(_licences().filter(source_task__application=OuterRef("pk")))
        | Exists(_documents().filter(task__application=OuterRef("pk")))
    )


def matching(applications, text):
    """Those whose number, licence number, enterprise or USCC is the text or contains it."""
    licences = Licence.objects.filter(source_task__application=OuterRef("pk"), number__icontains=text)
    return applications.filter(
        Q(number__icontains=text) | Q(enterprise__name__icontains=text) | Q(enterprise__uscc=text) | Exists(licences)
    )


def things_of(applications):
    """{application pk: [Thing, …]} of what waits for each; two queries."""
    found = {application.pk: [] for application in applications}
    licences = _licences().filter(source_task__application__in=found).select_related("source_task").order_by("pk")
    for licence in licences:
        thing = Thing(f"licence-{licence.public_id}", licence.name, licence.number, licence.authority, licence)
        found[licence.source_task.application_id].append(thing)
    documents = _documents().filter(task__application__in=found).select_related("task__office").order_by("pk")
    for document in documents:
        authority = document.task.office.name
        thing = Thing(f"document-{document.public_id}", document.title, document.number, authority, document)
        found[document.task.application_id].append(thing)
    return found


def hand_over(application, keys, hall, clerk, person, *, slip=None, signed_on_paper=False):
    """Give these things out; return the Handovers. keys: of Things. Raises NotHandedOver, changing nothing."""
    try:
        with transaction.atomic():
            return _hand_over(application, keys, hall, clerk, person, slip, signed_on_paper)
    except IntegrityError as error:
        raise NotHandedOver("这些结果刚刚已经由另一个窗口交付，请刷新取件架。") from error


def _hand_over(application, keys, hall, clerk, person, slip, signed_on_paper):
    # The other window waits here, then finds nothing left; the unique keys stand behind.
    Application.objects.lock(pk=application.pk)
    if is_own(application.enterprise, clerk):
        raise NotHandedOver("这是您自己的经营主体，请同事来交付。")
    waiting = {thing.key: thing for thing in things_of([application])[application.pk]}
    if not keys or not waiting.keys() >= set(keys):
        raise NotHandedOver("选的结果里有的已经不在取件架上，可能刚刚交付过，请重新选择。")
    taken = [waiting[key] for key in waiting if key in set(keys)]
    common = person.facts() | {"hall": hall, "clerk": clerk, "slip": slip, "signed_on_paper": signed_on_paper}
    rows = Handover.objects.bulk_create(Handover(**_link(thing), **common) for thing in taken)
    _put_on_record(application, taken, hall, clerk, person)
    _tell(application, rows, hall)
    return rows


def _put_on_record(application, taken, hall, clerk, person):
    numbers = [thing.number for thing in taken]
    detail = {"hall": hall.name, "numbers": numbers, "authority": str(person.authority)}
    log.record(application, "window.handed_over", actor=clerk, detail=detail)
    entries.record(hall, clerk, Kind.HANDED_OVER, application=application)


def _tell(application, rows, hall):
    messages.tell(
        people_of(application.enterprise_id, application.premises_id),
        f"handover:{rows[0].pk}",
        "结果已经在窗口取走",
        f"办件 {application.number} 有 {len(rows)} 份结果在{hall.name}交给了取件人。"
        "不是您或者您委托的人取的，请马上联系窗口。",
        path=reverse("licensing:detail", args=[application.public_id]),
    )


def _link(thing):
    return {"licence": thing.row} if isinstance(thing.row, Licence) else {"document": thing.row}


def _licences():
    """Granted here, in force, not given out yet: what was ended since is not handed out any more."""
    return Licence.objects.filter(source_task__isnull=False, status=LicenceStatus.VALID, handover=None)


def _documents():
    return Document.objects.filter(kind__in=DECISIONS, handover=None)


def _here(hall):
    return (
        Q(premises__division=hall.division)
        | Q(pk__in=Application.objects.filter(tasks__office__division=hall.division).values("pk"))
        | Q(assistance__hall=hall)
        | Q(pk__in=Receipt.objects.filter(hall=hall).values("application"))
    )
