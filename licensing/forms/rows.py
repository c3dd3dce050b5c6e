"""A table in a form (element type `rows`) that works without script: rows, room for more, a tick to delete."""

from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.template.loader import render_to_string

# A table this small shows all its rows at once.
FEW_ROWS = 3


class RowForm(forms.Form):
    """One row; `quiet` shows what was typed without judging it yet. A row left empty is never wrong."""

    use_required_attribute = False

    def __init__(self, *args, columns, quiet=False, **options):
        super().__init__(*args, **options)
        self.quiet = quiet
        self.fields |= {code: column.__deepcopy__({}) for code, column in columns.items()}
        self.fields["delete"] = forms.BooleanField(required=False, label="删除这一行")

    def full_clean(self):
        if self.quiet or not self.counts:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    @property
    def counts(self):
        """Is there something in it that is not to be deleted?"""
        typed = [self[code].data for code in self.fields if code != "delete"]
        return not self["delete"].data and any(value not in (None, "") and str(value).strip() for value in typed)

    @property
    def cells(self):
        return [field for field in self if field.name != "delete"]


class RowsWidget(forms.Widget):
    """Only a mark for the bound field below, which knows the columns."""

    use_fieldset = True
    input_type = "rows"

    def id_for_label(self, id_):
        return ""


class RowsBoundField(forms.BoundField):
    @cached_property
    def rows(self):
        """The RowForms to show: as posted, or the initial rows and room for more."""
        if self.form.is_bound:
            return [self._row(number, data=self.form.data) for number in range(self._posted_count())]
        initial = list(self.initial or [])
        most = self.field.max_rows
        shown = most if most <= FEW_ROWS else min(len(initial) + 1, most)
        initial += [{}] * (shown - len(initial))
        return [self._row(number, initial=row) for number, row in enumerate(initial)]

    @property
    def data(self):
        return self.rows

    @property
    def columns(self):
        return self.field.columns.values()

    @property
    def count_name(self):
        return f"{self.html_name}-rows"

    @property
    def has_cell_errors(self):
        return any(row.is_bound and row.errors for row in self.rows)

    @property
    def may_add(self):
        return len(self.rows) < self.field.max_rows

    @property
    def may_add_many(self):
        return len(self.rows) + 10 <= self.field.max_rows

    def as_widget(self, widget=None, attrs=None, only_initial=False):
        return render_to_string("licensing/includes/rows.html", {"field": self})

    def _row(self, number, **options):
        row = self.field.row(f"{self.html_name}-{number}", quiet=getattr(self.form, "quiet", False), **options)
        for code, field in row.fields.items():
            # The column's heading is not beside the cell for those who hear the page.
            field.widget.attrs["aria-label"] = f"第 {number + 1} 行 {field.label}"
            if row.is_bound and code in row.errors:
                field.widget.attrs["aria-invalid"] = "true"
        return row

    def _posted_count(self):
        try:
            count = int(self.form.data.get(self.count_name, 0))
        except ValueError:
            count = 0
        return max(1, min(count, self.field.max_rows))


class RowsField(forms.Field):
    """columns: {code: form field}. Cleans to a list of {column code: value}, empty cells left out."""

    widget = RowsWidget

    def __init__(self, *, columns, min_rows=1, max_rows=200, **options):
        super().__init__(**options)
        self.columns, self.min_rows, self.max_rows = columns, min_rows, max_rows

    def get_bound_field(self, form, field_name):
        return RowsBoundField(form, self, field_name)

    def row(self, prefix, **options):
        return RowForm(prefix=prefix, columns=self.columns, **options)

    def clean(self, rows):
        """rows: bound RowForms; those empty or ticked for deletion do not count. Raises one error for each bad cell."""
        kept, problems = [], []
        for number, row in enumerate(rows or [], start=1):
            if not row.counts:
                continue
            problems += [
                f"第 {number} 行“{row.fields[code].label}”：{message}"
                for code, messages in row.errors.items()
                for message in messages
            ]
            if not row.errors:
                kept.append(
                    {code: row.cleaned_data[code] for code in self.columns if row.cleaned_data[code] is not None}
                )
        if problems:
            raise ValidationError(problems)
        if len(kept) > self.max_rows:
            raise ValidationError(f"最多填 {self.max_rows} 行，现在有 {len(kept)} 行")
        if len(kept) < self.min_rows and (self.required or kept):
            raise ValidationError(f"请至少填 {self.min_rows} 行")
        return kept

    def raw(self, value):
        """The RowForms as if this list had been typed."""
        return [self._typed(number, row) for number, row in enumerate(value)]

    def _typed(self, number, row):
        data = {f"{number}-{code}": self.columns[code].prepare_value(cell) for code, cell in row.items()}
        return self.row(str(number), data=data)
