"""The directory entry of a licence (电子证照目录信息, GB/T 36902, 36903): what a catalogue of licences says of it.

Everything in `entry` is on the white list of the public page (PIPL arts. 5-6), and nothing may be added that is not.
"""

from django.db.models import Max, OuterRef, Q, Subquery
from django.utils import timezone

from certificates import identifiers
from certificates.models import CertificateType, Licence, LicenceEvent, LicenceStatus

# GB/T 36903 annex A: what kind of code names the holder.
USCC = "001"


def described(licences):
    """The licences with all that `entry` reads; of confirmed holders only, like everything that is public."""
    ended = LicenceEvent.objects.filter(licence=OuterRef("pk"), to_status=OuterRef("status")).exclude(from_status="")
    return (
        licences.filter(holder__verified_at__isnull=False)
        .select_related("holder", "premises", "office__department", "previous", "next")
        .annotate(ended_at=Subquery(ended.order_by().values("licence").annotate(at=Max("at")).values("at")))
    )


def newest(licences):
    """Without the versions that a later one has replaced."""
    return licences.filter(next=None)


def identified(identifier):
    """The described Licence with this identifier (text, as identifiers.parse gives it back), or None."""
    return described(Licence.objects.all()).filter(identifier=identifier).first()


def of_type(type_code):
    """The Q of licences of a 证照类型代码; it finds none for a code that nobody has registered."""
    return Q(item_code__in=CertificateType.objects.filter(code=type_code).values("item_code"))


def entry(licence):
    """The entry of a described licence as it stands now.

    {"identifier", "type_code", "issuer_code", "version", "previous", "next": identifiers or None, "name", "number",
    "holder", "holder_code", "holder_code_type", "authority", "scope", "premises", "issued_on": date, "valid_until":
    date or None (no end), "status", "valid": bool, "ended_on": date or None}
    """
    parts = identifiers.parse(licence.identifier, imported=True) if licence.identifier else None
    out_of_force = licence.status != LicenceStatus.VALID
    return {
        "identifier": licence.identifier,
        "type_code": parts.type_code if parts else None,
        "issuer_code": parts.issuer if parts else _issuer_code(licence),
        "version": licence.version,
        "previous": licence.previous.identifier if licence.previous else None,
        "next": _next(licence),
        "name": licence.name,
        "number": licence.number,
        "holder": licence.holder.name,
        "holder_code": licence.holder.uscc,
        "holder_code_type": USCC,
        "authority": licence.authority,
        "scope": licence.scope,
        "premises": licence.premises.address if licence.premises else None,
        "issued_on": licence.issued_on,
        "valid_until": licence.valid_until,
        "status": licence.status_text,
        "valid": licence.is_valid,
        "ended_on": timezone.localdate(licence.ended_at) if out_of_force and licence.ended_at else None,
    }


def _issuer_code(licence):
    return (licence.office.uscc if licence.office else "") or None


def _next(licence):
    later = getattr(licence, "next", None)
    return later.identifier if later else None
