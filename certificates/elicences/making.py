"""Making e-licences: a repeatable job that leaves exactly one valid file however often it is killed.

A LicenceFile is wanted, then made: bytes are written first, under a random name, then one UPDATE tells of them. Bytes
whose UPDATE never came are removed by storage.sweep.
"""

import hashlib
import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from certificates import seals
from certificates.elicences import data, layout, sealing, storage
from certificates.elicences.own_key import NotRegistered, signing_key
from certificates.models import Licence, LicenceFile, SigningKey
from exchange import outbox, pdf
from exchange.alone import Work, alone

logger = logging.getLogger(__name__)

NO_IDENTIFIER = "这份证照还没有电子证照标识：发证机关的统一社会信用代码或者证照类型代码还没有登记。"
_FAILED = "生成的时候出错了，技术人员可以在日志里看到原因。"
# After so long since it was wanted each next try is due; then it waits for somebody to ask again.
_DUE = [timedelta(minutes=minutes) for minutes in (0.5, 2, 10, 60, 360)]
MAX_ATTEMPTS = len(_DUE)
# One sweep: well within the 25 s of a task, about a second for each.
_SWEPT, _SECONDS = 50, 15


class CannotMake(Exception):
    """Nothing was tried; the message says what is missing."""


@transaction.atomic
def ask(licence):
    """Want the licence's e-licence and have a worker make it; asking again asks once. Returns the LicenceFile."""
    file, asked = _want(licence)
    if asked:
        outbox.emit("elicence.wanted", file_id=file.pk)
    return file


def want_all(licences):
    """Want the e-licences of many at once, as when they get their identifiers; the sweep makes them one by one."""
    LicenceFile.objects.bulk_create([LicenceFile(licence=licence) for licence in licences], ignore_conflicts=True)


@outbox.outside
def make_for(licence_id):
    """Answer licence.issued: want the file and make it now; a second run changes nothing."""
    file, _ = _want(Licence.objects.get(pk=licence_id))
    make_wanted(file.pk)


@outbox.outside
def make_wanted(file_id):
    """Answer elicence.wanted. What fails is repeated by the sweep, more slowly than the outbox would."""
    _made_or_logged(file_id)


def make(file_id):
    """Make a wanted file; True if it was made here. Must run outside a transaction.

    What is missing is written down as its problem and tried again by the sweep; any other error is raised after that.
    """
    with alone(Work.SEALING, file_id) as mine:
        file = mine and _wanted(file_id)
        if not file:
            return False
        try:
            key = signing_key()
            _check(file.licence)
            pdf.check_available()
            _count(file)
            return _made(file, key)
        except (CannotMake, NotRegistered, seals.NoKey, pdf.PdfUnavailable) as reason:
            _note(file, str(reason))
        except Exception:
            _note(file, _FAILED)
            raise
    return False


def sweep():
    """Make what was left behind, and have files made anew whose key is no more to be trusted; return how many."""
    if not LicenceFile.objects.waiting().exists() and not _outdated().exists():
        return 0
    try:
        key = signing_key()
    except (NotRegistered, seals.NoKey) as reason:
        logger.error("e-licences are waiting: %s", reason)
        return 0
    _replace_outdated(key)
    last = time.monotonic() + _SECONDS
    return sum(_made_or_logged(pk) for pk in _left_behind() if time.monotonic() < last)


def _made_or_logged(pk):
    try:
        return make(pk)
    except Exception as error:
        # The class only: an error of the database quotes the row. None keeps the others waiting.
        logger.error("e-licence %s could not be made (%s)", pk, type(error).__name__)
        return False


def _left_behind():
    """Ids of files whose next try is due, by the index licence_files_to_make."""
    now = timezone.now()
    due = Q()
    for attempts, after in enumerate(_DUE):
        due |= Q(attempts=attempts, wanted_at__lte=now - after)
    waiting = LicenceFile.objects.waiting().filter(due, licence__identifier__isnull=False)
    return list(waiting.order_by("wanted_at").values_list("pk", flat=True)[:_SWEPT])


def _outdated():
    """Current files made with a development key, or with one after it was compromised; found by their few keys."""
    keys = SigningKey.objects.filter(Q(development=True) | Q(compromised_at__isnull=False))
    made = LicenceFile.objects.current().filter(key__in=keys, made_at__isnull=False)
    return made.filter(Q(key__development=True) | Q(made_at__gte=F("key__compromised_at")))


def _replace_outdated(key):
    """Have files of old keys made anew with this one, a development key's only once a real one signs."""
    outdated = _outdated().exclude(key=key)
    if key.development:
        outdated = outdated.filter(key__compromised_at__isnull=False)
    for pk, licence in list(outdated.values_list("pk", "licence")[:_SWEPT]):
        with transaction.atomic():
            if LicenceFile.objects.current().filter(pk=pk).update(replaced_at=timezone.now()):
                LicenceFile.objects.create(licence_id=licence)


def _check(licence):
    if not licence.identifier:
        raise CannotMake(NO_IDENTIFIER)
    if not licence.holder.uscc:
        raise CannotMake("持证主体还没有统一社会信用代码。")


def _want(licence):
    """(the current LicenceFile, is it asked for by this very call?); one that was given up is taken up again."""
    file, new = LicenceFile.objects.get_or_create(licence=licence, replaced_at=None)
    given_up = LicenceFile.objects.waiting().filter(pk=file.pk, attempts__gte=MAX_ATTEMPTS)
    taken_up = given_up.update(attempts=0, wanted_at=timezone.now())
    if taken_up:
        file.refresh_from_db()
    return file, new or bool(taken_up)


def _wanted(file_id):
    licence = ("holder", "premises__division", "office__division", "previous")
    related = ["licence", *(f"licence__{name}" for name in licence)]
    return LicenceFile.objects.waiting().select_related(*related).filter(pk=file_id, attempts__lt=MAX_ATTEMPTS).first()


def _count(file):
    # Before the risky work, and committed: a licence whose layout kills the worker stops too.
    LicenceFile.objects.waiting().filter(pk=file.pk).update(attempts=F("attempts") + 1)


def _note(file, problem):
    LicenceFile.objects.waiting().filter(pk=file.pk).update(problem=problem[:200])


def _made(file, key):
    licence, sealed_at = file.licence, timezone.localtime().replace(microsecond=0)
    said = data.of(licence, key, sealed_at)
    text = data.text_of(said)
    seal = seals.sign(text.encode())
    drawn = layout.drawn(licence, said, text, seal, sample=key.development)
    content = sealing.sealed(drawn, seals.key_pair(), f"{licence.name} {licence.identifier}")
    name = storage.write(content)
    made = _told(
        file,
        made_at=sealed_at,
        data=text,
        key=key,
        algorithm=seal.algorithm,
        signature=seal.signature,
        content=name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    if not made:
        storage.remove(name)
    return made


def _told(file, **columns):
    """Write down what was made; False where another worker was quicker.

    When this statement fails nobody knows whether it was committed: then the bytes stay for the sweep to judge.
    """
    return bool(LicenceFile.objects.waiting().filter(pk=file.pk).update(problem="", **columns))
