"""The form field of an element: its type decides the kind, the catalogue's limits and hint fill it."""

from licensing.forms.choices import OneField, SeveralField, YesOrNoField
from licensing.forms.dates import DayField
from licensing.forms.numbers import CountField, MeasureField
from licensing.forms.rows import RowsField
from licensing.forms.text import EMAIL, AddressField, EmailField, PhoneField, TextField, resident_id_field, uscc_field


def field_for(element, *, required, in_table=False):
    """Return the form field of an Element, or of a Column of a table (`in_table`)."""
    options = {"label": element.label, "required": required, "help_text": getattr(element, "hint", "")}
    field = _KINDS[element.type](element, in_table, options)
    field.unit = element.unit
    return field


def clean_value(element, value, *, required):
    """Return a kept value cleaned once more, as if typed now. Raises ValidationError, also for a missing one."""
    field = field_for(element, required=required)
    if element.type == "rows":
        return field.clean(field.raw(value or []))
    return field.clean(field.prepare_value(value))


def _text(element, in_table, options):
    kind = EmailField if element.code == EMAIL else TextField
    return kind(**_limits(element, "max_length", "pattern"), **options)


def _address(element, in_table, options):
    return AddressField(**_limits(element, "max_length", "pattern"), **options)


def _phone(element, in_table, options):
    return PhoneField(**_limits(element, "max_length", "pattern"), **options)


def _uscc(element, in_table, options):
    return uscc_field(**options)


def _resident_id(element, in_table, options):
    return resident_id_field(**options)


def _count(element, in_table, options):
    return CountField(**_range(element), **options)


def _measure(element, in_table, options):
    return MeasureField(**_range(element), **options)


def _day(element, in_table, options):
    return DayField(**options)


def _yes_or_no(element, in_table, options):
    return YesOrNoField(in_table=in_table, **options)


def _one(element, in_table, options):
    return OneField(options=_options(element), in_table=in_table, **options)


def _several(element, in_table, options):
    return SeveralField(options=_options(element), **options)


def _rows(element, in_table, options):
    columns = {column.code: field_for(column, required=column.required, in_table=True) for column in element.columns}
    return RowsField(columns=columns, **_limits(element, "min_rows", "max_rows"), **options)


_KINDS = {
    "text": _text,
    "address": _address,
    "phone": _phone,
    "uscc": _uscc,
    "id_number": _resident_id,
    "integer": _count,
    "decimal": _measure,
    "date": _day,
    "boolean": _yes_or_no,
    "choice": _one,
    "multichoice": _several,
    "rows": _rows,
}


def _limits(element, *names):
    return {name: element.validation[name] for name in names if name in element.validation}


def _range(element):
    return {"unit": element.unit, "low": element.validation.get("min"), "high": element.validation.get("max")}


def _options(element):
    return [(option.value, option.label) for option in element.choices]
