"""The calendar of what ends when: its months, and its file by the rules of RFC 5545."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from certificates import expiry_calendar, icalendar
from certificates.models import Licence, LicenceStatus
from tests.factories import LicenceFactory, MembershipFactory

MADE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def read(file):
    """[[name, parameters, value]] of the content lines, unfolded; asserts what every file must keep."""
    text = file.decode()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    return [list(re.fullmatch(r"([A-Z-]+)((?:;[A-Z-]+=[^:;]+)*):(.*)", line).groups()) for line in lines]


def plain(value):
    """A value of type TEXT without its escapes."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def file_of(*days, remind=(90, 60, 30)):
    return icalendar.calendar("证照到期日历", days, made_at=MADE, remind=remind, url="https://yizhao.example/")


def values(lines, name):
    return [value for found, _, value in lines if found == name]


def test_every_part_that_begins_ends_in_its_place():
    opened = []
    lines = read(file_of(icalendar.Day("1", date(2028, 2, 29), "许可证到期", "")))
    for name, _, value in lines:
        if name == "BEGIN":
            opened.append(value)
        elif name == "END":
            assert opened.pop() == value
    assert not opened
    assert [name for name, _, _ in lines[:3]] == ["BEGIN", "VERSION", "PRODID"]


def test_a_day_is_a_whole_day_with_three_reminders():
    lines = read(file_of(icalendar.Day("u-1", date(2028, 12, 31), "许可证到期", "")))
    assert ["DTSTART", ";VALUE=DATE", "20281231"] in lines
    assert ["DTEND", ";VALUE=DATE", "20290101"] in lines
    assert values(lines, "DTSTAMP") == ["20260302T090000Z"]
    assert values(lines, "UID") == ["u-1"]
    assert values(lines, "TRIGGER") == ["-P90D", "-P60D", "-P30D"]
    assert values(lines, "ACTION") == ["DISPLAY"] * 3


@pytest.mark.parametrize(
    "text",
    [
        "长" * 200,
        "a" * 74 + "证",
        "𠮷龘" * 40,
        "a;b,c\\n\\;",
        "一\r\n二\r三\n四",
        "END:VEVENT\r\nX:1",
        "",
        "x\x00\x07y",
    ],
)
def test_any_text_comes_back_as_it_was_and_adds_no_line(text):
    lines = read(file_of(icalendar.Day("1", date(2028, 1, 1), text, text), remind=()))
    expected = re.sub(r"[\x00-\x09\x0b-\x1f]", "", text.replace("\r\n", "\n").replace("\r", "\n"))
    assert [plain(value) for value in values(lines, "DESCRIPTION")] == [expected]
    assert [plain(value) for value in values(lines, "SUMMARY")] == [expected]
    assert values(lines, "END") == ["VEVENT", "VCALENDAR"]


@pytest.fixture
def file(client, db):
    """file(licences’ facts …) → the lines of the file that a member downloads."""

    def file(member):
        client.force_login(member.user)
        response = client.get(reverse("certificates:calendar", args=[member.enterprise.public_id]))
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        assert response["Content-Disposition"].startswith("attachment")
        return read(response.content)

    return file


def test_the_file_holds_what_is_in_force_and_will_end(file):
    member, today = MembershipFactory(), timezone.localdate()
    mine = {"holder": member.enterprise, "issued_on": date(2020, 1, 1)}
    kept = LicenceFactory(**mine, valid_until=today + timedelta(days=2000))
    for gone in ({"valid_until": today - timedelta(days=1)}, {"valid_until": None}, {"status": LicenceStatus.ANNULLED}):
        LicenceFactory(**mine | {"valid_until": today + timedelta(days=5)} | gone)
    LicenceFactory(valid_until=today + timedelta(days=5))
    lines = file(member)
    assert values(lines, "UID") == [str(kept.public_id)]
    assert values(file(member), "UID") == [str(kept.public_id)]


def test_the_file_names_nobody(file):
    member = MembershipFactory()
    LicenceFactory(holder=member.enterprise)
    text = str(file(member))
    for person in (member.user.name, member.user.email, member.enterprise.legal_representative, member.enterprise.name):
        assert person not in text


def test_the_page_lists_24_months_from_this_one_on(db):
    days = [date(2026, 11, 21), date(2026, 11, 22), date(2026, 12, 31), date(2028, 10, 31), date(2028, 11, 1)]
    for day in days:
        LicenceFactory(valid_until=day)
    months = expiry_calendar.by_month(Licence.objects.filter(valid_until__gte=date(2026, 11, 22)), date(2026, 11, 22))
    assert [(month, len(licences)) for month, licences in months] == [
        (date(2026, 11, 1), 1),
        (date(2026, 12, 1), 1),
        (date(2028, 10, 1), 1),
    ]
