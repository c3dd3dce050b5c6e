"""Sharing licences with departments (电子证照共享, GB/T 36906): a system asks for one or for a holder's, and says why.

Who gets what (plan art. 13; PIPL arts. 6, 34): the directory entry of every licence of a confirmed holder goes to
every department's system, since anybody may see it behind the holder's code. The face goes with it; what in it names or
reaches a person is masked, except for the department that issued the licence. The file prints nothing of a person's
(certificates/elicences/data.py), so its link goes to all of them.
"""

from django.db import transaction

from certificates import directory, faces, file_links
from certificates.models import Licence, OfficialLookup
from licensing.models import Enterprise

PER_PAGE = 100


class NothingFound(Exception):
    """No confirmed holder, or no licence, has that code."""


@transaction.atomic
def one(client, identifier, *, reason, case_number=""):
    """Return [the licence with this identifier] as `_shared` has it, on record. Raises NothingFound."""
    licence = directory.identified(identifier)
    if licence is None:
        raise NothingFound
    _record(client, licence.holder, reason, case_number, licence)
    return _shared([licence], client)


@transaction.atomic
def all_of(client, uscc, *, of_type, page, reason, case_number=""):
    """Return (how many there are, those of the page) of a holder's licences in their newest versions, on record.

    of_type: a Q of directory.of_type, or None for all. Raises NothingFound for a holder that is not there, and records
    the question where it is, also when it has no such licence.
    """
    holder = Enterprise.objects.filter(uscc=uscc, verified_at__isnull=False).first()
    if holder is None:
        raise NothingFound
    _record(client, holder, reason, case_number)
    found = directory.newest(Licence.objects.filter(holder=holder))
    if of_type is not None:
        found = found.filter(of_type)
    start = (page - 1) * PER_PAGE
    rows = directory.described(found).order_by("-issued_on", "-pk")[start : start + PER_PAGE]
    return found.count(), _shared(rows, client)


def _record(client, holder, reason, case_number, licence=None):
    OfficialLookup.objects.create(
        enterprise=holder, licence=licence, client=client, reason=reason, case_number=case_number
    )


def _shared(licences, client):
    """Directory entries with "face": [{"code", "label", "text"}], "public_id", and "file_key" of its link or None."""
    rows, elements = list(licences), faces.elements_now()
    there = set(file_links.made_files().filter(licence__in=rows).values_list("licence", flat=True))
    return [_row(licence, client, elements, licence.pk in there) for licence in rows]


def _row(licence, client, elements, has_file):
    ours = licence.office is not None and licence.office.department_id == client.department_id
    return directory.entry(licence) | {
        "face": [
            {"code": code, "label": label, "text": text}
            for code, label, text in faces.lines(licence, elements, full=ours)
        ],
        "public_id": licence.public_id,
        "file_key": file_links.key_for(licence, client) if has_file else None,
    }
