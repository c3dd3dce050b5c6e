"""The register gives each licence its identifier (电子证照标识), where the codes that it is made of are registered.

Where they are not, a licence has none until an operator enters them; nothing is invented.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from certificates import identifiers, log
from certificates.elicences import making
from certificates.models import CertificateType, Licence
from exchange import outbox
from guidance.models import Office

# Locked together and well within the time of one job.
_SLICE = 500


def identify(licences):
    """Give identifiers to those licences that have none and can have one; returns these. The caller saves them.

    Unsaved licences may be among them. A version keeps the serial number of the others of its licence. The queries
    grow with the versions of one licence, not with the licences.
    """
    waiting = sorted((one for one in licences if not one.identifier), key=lambda one: one.version)
    if not waiting:
        return []
    types, issuers, kin = _types(waiting), _issuers(waiting), _Kin(waiting)
    given = []
    for licence in waiting:
        sibling, type_ = kin.identifier_near(licence), types.get(licence.item_code)
        licence.identifier = _identifier(licence, type_, issuers.get(licence.office_id), sibling)
        if licence.identifier:
            kin.known(licence)
            given.append(licence)
    return given


def codes_registered(*, item_code=None, office_id=None):
    """A type's or an office's code was entered: have the licences identified that waited for it, in slices.

    The caller holds the transaction. Pairs of office and item are found by the index that keeps their numbers unique.
    """
    types = CertificateType.objects.filter(Q(item_code=item_code) if item_code else Q())
    offices = Office.objects.exclude(uscc="").filter(Q(pk=office_id) if office_id else Q())
    pairs = []
    for code in types.values_list("item_code", flat=True):
        held = Licence.objects.filter(office=OuterRef("pk"), item_code=code)
        found = offices.filter(Exists(held)).values_list("pk", flat=True)
        pairs += [{"item_code": code, "office_id": office} for office in found]
    outbox.emit_many("register.codes_known", pairs)


@transaction.atomic
def identify_held(item_code, office_id, after=None):
    """Identify the next licences of an office and item; called again for the rest. after: the licence looked at last.

    Each run reads one slice in the order of the index, whoever has an identifier already.
    """
    held = Licence.objects.filter(office=office_id, item_code=item_code).order_by("number", "version")
    if last := after and Licence.objects.filter(pk=after).values_list("number", "version").first():
        number, version = last
        held = held.filter(number__gte=number).filter(Q(number__gt=number) | Q(version__gt=version))
    slice_ = list(held.values_list("pk", flat=True)[:_SLICE])
    _identify_saved(slice_)
    if len(slice_) == _SLICE:
        outbox.emit("register.codes_known", item_code=item_code, office_id=office_id, after=slice_[-1])


@transaction.atomic
def identify_one(licence_id):
    """Identify a licence whose codes were entered while it was being issued; a second run changes nothing."""
    _identify_saved([licence_id])


def _identify_saved(ids):
    # In one order, so that two slices of a licence's versions never wait for each other crosswise.
    locked = Licence.objects.select_for_update(no_key=True).filter(pk__in=ids, identifier=None).order_by("pk")
    given = identify(list(locked))
    Licence.objects.bulk_update(given, ["identifier"])
    log.record_identified(given)
    # Those granted before they had one; what came in with a file of held licences is made when somebody asks.
    making.want_all([one for one in given if one.source_task_id])


def _identifier(licence, type_, issuer, sibling):
    """Return the licence's identifier or None. sibling: that of another version of it, or None."""
    if licence.version > identifiers.LAST_VERSION:
        return None
    if not sibling:
        known = type_ and issuer
        serial = known and identifiers.new_serial(f"{type_.code}{issuer}")
        return identifiers.build(type_.code, issuer, serial, licence.version) if known else None
    other = identifiers.parse(sibling, imported=True)
    # A real code follows the provisional one with the next version.
    type_code = type_.code if type_ and not type_.provisional else other.type_code
    issuer = issuer or other.issuer
    return identifiers.build(type_code, issuer, other.serial, licence.version, imported=True)


def _types(licences):
    """{item code: CertificateType}; a code that is not well formed counts as none."""
    found = CertificateType.objects.filter(item_code__in={one.item_code for one in licences})
    return {type_.item_code: type_ for type_ in found if _holds(identifiers.check_type_code, type_.code)}


def _issuers(licences):
    """{office's key: its 统一社会信用代码}, likewise."""
    found = Office.objects.filter(pk__in={one.office_id for one in licences if one.office_id})
    return {pk: uscc for pk, uscc in found.values_list("pk", "uscc") if _holds(identifiers.check_issuer, uscc)}


def _holds(check, code):
    try:
        return check(code) == code
    except ValueError:
        return False


class _Kin:
    """The versions of some licences, as far as one with an identifier is found: who is whose previous."""

    def __init__(self, licences):
        self._previous, self._next, self._identifiers = {}, {}, {}
        self._walk({one.previous_id for one in licences} | {one.pk for one in licences})

    def identifier_near(self, licence):
        """Return the identifier of an earlier version, else of a later one, else None."""
        return self._along(self._previous, licence.previous_id) or self._along(self._next, self._next.get(licence.pk))

    def known(self, licence):
        if licence.pk:
            self._identifiers[licence.pk] = licence.identifier

    def _walk(self, ids):
        seen = {None}
        while ids := ids - seen:
            seen |= ids
            rows = Licence.objects.filter(Q(pk__in=ids) | Q(previous__in=ids))
            found = list(rows.values_list("pk", "previous", "identifier"))
            for pk, previous, identifier in found:
                self._previous[pk], self._identifiers[pk] = previous, identifier
                if previous:
                    self._next[previous] = pk
            # An identified version answers for those beyond it.
            ids = {one for pk, previous, identifier in found if not identifier for one in (pk, previous)}

    def _along(self, step, pk):
        while pk:
            if self._identifiers.get(pk):
                return self._identifiers[pk]
            pk = step.get(pk)
        return None
