"""What an operator has changed, in the words of the form they changed it with; kept in the admin's log."""

from django import forms
from django.db.models import Model

# Enough to see what it was about; the row itself holds the rest.
LONGEST = 300


def changes_in_words(form, *, is_new):
    """Return "电话：空 → 0662-3366666；…" of a saved form; of a new row the values alone. No password is repeated."""
    names = form.fields if is_new else form.changed_data
    shown = [name for name in names if not name.startswith("password")]
    return "；".join(_change(form, name, is_new) for name in shown) or "没有改动"


def values_in_words(row):
    """Return what a row that is about to go has said."""
    fields = [field for field in row._meta.concrete_fields if field.editable and not field.primary_key]
    return "；".join(f"{field.verbose_name}：{_in_words(_value(row, field))}" for field in fields)


def _change(form, name, is_new):
    field, new = form.fields[name], form.cleaned_data.get(name)
    label = form[name].label
    if is_new:
        return f"{label}：{_in_words(_chosen(field, new))}"
    return f"{label}：{_in_words(_chosen(field, form.initial.get(name)))} → {_in_words(_chosen(field, new))}"


def _chosen(field, value):
    """What the person read where they chose: the row of a primary key, the label of a choice."""
    if isinstance(field, forms.ModelChoiceField) and value and not isinstance(value, Model):
        return field.queryset.filter(pk=value).first()
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return dict(field.choices).get(value, value)
    return value


def _value(row, field):
    if field.choices:
        return getattr(row, f"get_{field.name}_display")()
    return getattr(row, field.name)


def _in_words(value):
    if value is None or value == "":
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
