"""What anybody may know of an enterprise (plan art. 8; PIPL arts. 5-6).

The white list is the SELECT below; nothing else is read.
"""

import re

from django.db import connection
from django.utils import timezone

from certificates.models import LicenceStatus
from licensing.models import EntityType
from licensing.registration import REGISTRATION
from licensing.wording import day_text

# The day of an end is that of its log row: a column for it would be a second truth. It is asked for only where there is
# one, by the index of the log's own numbers. A version that a later one replaced is no news to anybody.
# One statement written by hand: building it anew from querysets costs more than PostgreSQL needs to answer it.
_SELECT = """
    SELECT enterprise.name, enterprise.uscc, enterprise.entity_type, enterprise.address, enterprise.scope,
           licence.name, licence.number, licence.scope, premises.address, licence.authority,
           licence.issued_on, licence.valid_until, licence.status, licence.item_code, ended.at,
           licence.deemed_renewed_on
    FROM licensing_enterprise enterprise
    LEFT JOIN certificates_licence licence ON licence.holder_id = enterprise.id AND NOT (
        licence.status = 'lapsed'
        AND EXISTS (SELECT FROM certificates_licence later WHERE later.previous_id = licence.id)
    )
    LEFT JOIN licensing_premises premises ON premises.id = licence.premises_id
    LEFT JOIN LATERAL (
        SELECT max(event.at) AS at FROM certificates_licenceevent event
        WHERE event.licence_id = licence.id AND licence.status <> 'valid'
        AND event.to_status = licence.status AND event.from_status <> ''
    ) ended ON true
    WHERE enterprise.{column} = %s AND enterprise.verified_at IS NOT NULL
    ORDER BY licence.issued_on, licence.id
"""
STATEMENT = _SELECT.format(column="public_token")
_BY_USCC = _SELECT.format(column="uscc")
# States that no row has: past its last day, and past it while its renewal counts as granted (Licensing Law art. 50(2)).
EXPIRED, DEEMED = "expired", "deemed"
# What a licence's state is called, and an enterprise's kind.
STATES = dict(LicenceStatus.choices) | {EXPIRED: "已过期", DEEMED: "有效（视为准予延续）"}
ENTITY_TYPES = dict(EntityType.choices)
# Anything else is no code of ours, and PostgreSQL need not be asked.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,40}")


def look_up(token):
    """Return the public facts of the enterprise with this token as they are now, or None.

    {"name", "uscc", "type", "status", "address", "scope", "as_of": datetime, "licences": [{"item_code", "name",
    "number", "scope", "premises", "authority", "issued_on": date, "valid_until": date or None (no end), "state": a
    LicenceStatus, EXPIRED or DEEMED, "status": the same in words, "valid": bool, "ended_on": date or None}],
    "entity_type", "standing": (state of the newest business licence or None, ended_on)}

    ended_on is the day on which it was ended here; None too where it ended before it was entered.

    None as well for a founder's enterprise and one nobody has confirmed: what somebody typed is not shown as a fact.
    """
    return _facts(STATEMENT, token) if _TOKEN.fullmatch(token) else None


def look_up_uscc(uscc):
    """The same of the enterprise with this (checked) USCC."""
    return _facts(_BY_USCC, uscc)


def _facts(statement, key):
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])
        rows = cursor.fetchall()
    if not rows:
        return None
    now = timezone.localtime()
    today = now.date()
    # Without licences the outer join leaves one row of nulls.
    licences = [_licence(row, today) for row in rows if row[5] is not None]
    name, uscc, entity_type, address, scope = rows[0][:5]
    standing = _standing(licences)
    return {
        "name": name,
        "uscc": uscc,
        "type": ENTITY_TYPES.get(entity_type, ""),
        "status": _status(*standing),
        "address": address,
        "scope": scope,
        "as_of": now,
        "licences": licences,
        "entity_type": entity_type,
        "standing": standing,
    }


def _licence(row, today):
    name, number, scope, premises, authority, issued_on, valid_until, state, item_code, ended_at, deemed_on = row[5:]
    if state == LicenceStatus.VALID and valid_until is not None and valid_until < today:
        state = DEEMED if deemed_on else EXPIRED
    return {
        "item_code": item_code,
        "name": name,
        "number": number,
        "scope": scope,
        "premises": premises,
        "authority": authority,
        "issued_on": issued_on,
        "valid_until": valid_until,
        "state": state,
        "status": STATES[state],
        "valid": state in (LicenceStatus.VALID, DEEMED),
        "ended_on": ended_at and timezone.localdate(ended_at),
    }


def _standing(licences):
    """(state of the newest business licence, the day it ended); its date alone ends no enterprise."""
    registered = [licence for licence in licences if licence["item_code"] == REGISTRATION]
    if not registered:
        return None, None
    newest = registered[-1]
    state = LicenceStatus.VALID if newest["state"] in (EXPIRED, DEEMED) else newest["state"]
    return state, newest["ended_on"]


def _status(state, ended_on):
    if state is None:
        return "已核验"
    if state == LicenceStatus.VALID:
        return "存续"
    return f"{STATES[state]}（{day_text(ended_on)}）" if ended_on else STATES[state]
