"""A form field for a day. It cleans to "YYYY-MM-DD"."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from licensing.forms.text import folded

EXAMPLE = "2026年3月1日"
YEARS = range(1900, 2101)
_WRITTEN = re.compile(r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]|(\d{2})(\d{2}))", re.ASCII)


class DayInput(forms.DateInput):
    # Browsers show a calendar; those that do not know this type show a plain field.
    input_type = "date"


class DayField(forms.CharField):
    """A day in the ways people write one: 2026-03-01, 2026/3/1, 2026.3.1, 20260301, 2026年3月1日, full-width too."""

    def __init__(self, **options):
        errors = {"required": f"请填写日期，例如 {EXAMPLE}", "max_length": f"这里只填日期，例如 {EXAMPLE}"}
        super().__init__(widget=DayInput(), max_length=40, empty_value=None, error_messages=errors, **options)

    def clean(self, value):
        text = super().clean(value)
        return None if text is None else day_of(text).isoformat()


def day_of(text):
    """Return the date that the text names. Raises ValidationError."""
    match = _WRITTEN.fullmatch(re.sub(r"\s", "", folded(text)))
    if not match:
        raise ValidationError(f"“{text}”看不出是哪一天，请写全年、月、日，例如 {EXAMPLE}；只知道月份的填当月1日")
    year, month, day = (int(part) for part in match.groups() if part)
    if year not in YEARS:
        raise ValidationError(f"年份“{year}”不对，请核对，例如 {EXAMPLE}")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValidationError(f"没有{year}年{month}月{day}日这一天，请核对") from None
