"""The data of an e-licence as they are sealed: the directory's entries (GB/T 36902, GB/T 36903) and the public face.

Once sealed they stay as they were. How the licence stands today is asked of the register, so no status is among them.
"""

from certificates import identifiers
from certificates.directory import USCC
from certificates.models import CertificateType
from guidance.canonical import canonical
from licensing.registration import REGISTRATION

FORMAT = "yizhao-elicence/1"
# As the national platform exchanges a licence without an end (长期).
NO_END = "2099-12-31"
# What a business licence prints besides the columns of the register: of nobody's person.
_FACE = {"registered_capital": "出资额（万元）", "establish_date": "成立日期"}


def text_of(data):
    """The data as they are sealed, to the letter."""
    return canonical(data)


def of_the_licence(licence):
    """Those of the data that its own row tells and that never change once it has an identifier."""
    parts = identifiers.parse(licence.identifier, imported=True)
    return {
        "name": licence.name,
        "type_code": parts.type_code,
        "identifier": licence.identifier,
        "number": licence.number,
        "authority": licence.authority,
        "issuer_code": parts.issuer,
        "issued_on": licence.issued_on.isoformat(),
        "valid_from": licence.issued_on.isoformat(),
        "valid_until": licence.valid_until.isoformat() if licence.valid_until else NO_END,
        "scope": licence.scope,
        "version": licence.version,
    }


def of(licence, key, sealed_at):
    """Return the data of a licence with an identifier, a dict of JSON values; key: the SigningKey that seals them."""
    holder, premises, office = licence.holder, licence.premises, licence.office
    division = (premises and premises.division) or (office and office.division)
    registered = CertificateType.objects.filter(code=of_the_licence(licence)["type_code"]).first()
    return of_the_licence(licence) | {
        "format": FORMAT,
        "type_name": registered.name if registered else licence.name,
        # A code that nobody has assigned yet must not be taken for one of the state's.
        "type_provisional": registered is None or registered.provisional,
        "holder": holder.name,
        "holder_code": holder.uscc,
        "holder_code_type": USCC,
        "holder_type": holder.get_entity_type_display(),
        "division": division.code if division else "",
        "premises": premises.address if premises else holder.address,
        "face": _face(licence),
        "previous": (licence.previous.identifier or "") if licence.previous else "",
        "key_id": key.key_id,
        "algorithm": key.algorithm,
        "sealed_at": sealed_at.isoformat(timespec="seconds"),
    }


def _face(licence):
    """[{"code", "label", "value"}] of the business licence; the other licences print the columns only."""
    if licence.item_code != REGISTRATION:
        return []
    values = licence.holder.register | licence.face
    return [
        {"code": code, "label": label, "value": str(values[code])} for code, label in _FACE.items() if values.get(code)
    ]
