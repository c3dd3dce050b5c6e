"""What anybody may know of an enterprise (plan art. 8; PIPL arts. 5-6).

The white list is the SELECT below; nothing else is read.
"""

from django.db import connection
from django.utils import timezone

from certificates.models import LicenceStatus
from licensing.models import EntityType
from licensing.registration import REGISTRATION
from licensing.wording import day_text

# The day of an end is that of its log row: a column for it would be a second truth. It is asked for only where there is
# one, by the index of the log's own numbers.
# One statement written by hand: building it anew from querysets costs more than PostgreSQL needs to answer it.
STATEMENT = """
    SELECT enterprise.name, enterprise.uscc, enterprise.entity_type, enterprise.address, enterprise.scope,
           licence.name, licence.number, licence.scope, premises.address, licence.authority,
           licence.issued_on, licence.valid_until, licence.status, licence.item_code, ended.at
    FROM licensing_enterprise enterprise
    LEFT JOIN certificates_licence licence ON licence.holder_id = enterprise.id
    LEFT JOIN licensing_premises premises ON premises.id = licence.premises_id
    LEFT JOIN LATERAL (
        SELECT max(event.at) AS at FROM certificates_licenceevent event
        WHERE event.licence_id = licence.id AND licence.status <> 'valid'
        AND event.to_status = licence.status AND event.from_status <> ''
    ) ended ON true
    WHERE enterprise.public_token = %s AND enterprise.verified_at IS NOT NULL
    ORDER BY licence.issued_on, licence.id
"""
_STATUSES = dict(LicenceStatus.choices)
_ENTITY_TYPES = dict(EntityType.choices)
_EXPIRED = "已过期"


def look_up(token):
    """Return the public facts of the enterprise with this token as they are now, or None.

    {"name", "uscc", "type", "status", "address", "scope", "as_of": datetime, "licences": [{"name", "number", "scope",
    "premises", "authority", "issued_on": date, "valid_until": date or None (no end), "status", "valid": bool,
    "ended_on": date or None}]}

    ended_on is the day on which it was ended here; None too where it ended before it was entered.

    None as well for a founder's enterprise and one nobody has confirmed: what somebody typed is not shown as a fact.
    """
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [token])
        rows = cursor.fetchall()
    if not rows:
        return None
    now = timezone.localtime()
    # Without licences the outer join leaves one row of nulls.
    licences = [_licence(row[5:], now.date()) for row in rows if row[5] is not None]
    name, uscc, entity_type, address, scope = rows[0][:5]
    return {
        "name": name,
        "uscc": uscc,
        "type": _ENTITY_TYPES.get(entity_type, ""),
        "status": _standing(rows),
        "address": address,
        "scope": scope,
        "as_of": now,
        "licences": licences,
    }


def _licence(columns, today):
    name, number, scope, premises, authority, issued_on, valid_until, status, _, ended_at = columns
    expired = valid_until is not None and valid_until < today
    valid = status == LicenceStatus.VALID
    return {
        "name": name,
        "number": number,
        "scope": scope,
        "premises": premises,
        "authority": authority,
        "issued_on": issued_on,
        "valid_until": valid_until,
        "status": _EXPIRED if valid and expired else _STATUSES[status],
        "ended_on": ended_at and timezone.localdate(ended_at),
        "valid": valid and not expired,
    }


def _standing(rows):
    """The enterprise's own status, by its newest business licence."""
    registered = [row for row in rows if row[13] == REGISTRATION]
    if not registered:
        return "已核验"
    status, ended_at = registered[-1][12], registered[-1][14]
    if status == LicenceStatus.VALID:
        return "存续"
    return f"{_STATUSES[status]}（{day_text(timezone.localdate(ended_at))}）" if ended_at else _STATUSES[status]
