"""A calendar file (RFC 5545) of days on which something ends, each with reminders before. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, timedelta

CONTENT_TYPE = "text/calendar; charset=utf-8"
# Without the line's end (RFC 5545 §3.1).
_LONGEST = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
# Control characters may stand in no text (§3.3.11); the line feed is written as two letters.
_REMOVED = {code: None for code in (*range(32), 127) if code != 10}


@dataclass(frozen=True)
class Day:
    """uid: the same in every file that tells of the same thing, so that a calendar replaces and does not double it."""

    uid: str
    on: date
    summary: str
    description: str


def calendar(name, days, *, made_at, remind, url):
    """Return the file as bytes. made_at: aware; remind: how many days before each day; url: where one can act."""
    stamp = made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//一照通行//证照到期日历//ZH", "CALSCALE:GREGORIAN"]
    # What calendars show as its title; from before RFC 7986 named it NAME, which not all of them know.
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}"]
    for day in days:
        lines += _event(day, stamp, remind, url)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def _event(day, stamp, remind, url):
    lines = [
        "BEGIN:VEVENT",
        f"UID:{day.uid}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{day.on:%Y%m%d}",
        # The first day after it (§3.6.1).
        f"DTEND;VALUE=DATE:{day.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(day.summary)}",
        f"DESCRIPTION:{escaped(day.description)}",
        f"URL:{url}",
        # Nobody is busy on that day because of it.
        "TRANSP:TRANSPARENT",
    ]
    for days in remind:
        text = escaped(f"还有 {days} 天：{day.summary}")
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-P{days}D", f"DESCRIPTION:{text}", "END:VALARM"]
    return [*lines, "END:VEVENT"]


def escaped(text):
    """The text as a value of type TEXT."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return unified.translate(_REMOVED).translate(_ESCAPES)


def folded(line):
    """The line in pieces of at most 75 octets, each but the first begun with a space; no letter is torn."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _LONGEST:
            pieces.append(piece)
            # The space counts too.
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    return "\r\n".join([*pieces, piece])
