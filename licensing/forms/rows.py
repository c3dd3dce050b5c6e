"""A table in a form (element type `rows`) that works without script: rows, room for more, a tick to delete."""

from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.template.loader import render_to_string

# A table this small shows all its rows at once.
FEW_ROWS = 3
# One this long is shown as its number of rows and changed on its own page: a browser's form of 2,000 rows would be
# slow to draw and more fields than a post may have.
MANY_ROWS = 100
# Who has more to mend looks at the first ones; the same mistake usually runs down a column.
MOST_PROBLEMS = 50


class RowForm(forms.Form):
    """One row; `quiet` shows what was typed without judging it yet. A row left empty is never wrong."""

    use_required_attribute = False

    def __init__(self, *args, columns, number=1, quiet=False, **options):
        super().__init__(*args, **options)
        self.quiet, self.number = quiet, number
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


class BadCell(str):
    """A cell that has no value to take: the sentence that says why."""


class Line:
    """A row without a form: pasted, read from a file, or kept. `number`: which line it was there, from 1."""

    def __init__(self, columns, number, cells):
        """cells: {column code: text}, empty ones left out or not."""
        self.fields, self.number, self._cells = columns, number, cells
        self.errors, self.cleaned_data = {}, {}
        self.counts = any(value not in (None, "") and str(value).strip() for value in cells.values())
        if self.counts:
            self._judge()

    def _judge(self):
        for code, field in self.fields.items():
            cell = self._cells.get(code)
            try:
                if isinstance(cell, BadCell):
                    raise ValidationError(str(cell))
                self.cleaned_data[code] = field.clean(cell)
            except ValidationError as error:
                self.errors[code] = error.messages


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

    @cached_property
    def is_kept(self):
        """Are the rows left as the application has them, and not in the page?"""
        return self.kept_name in self.form.data if self.form.is_bound else len(self.kept_rows) > MANY_ROWS

    @property
    def kept_rows(self):
        return self.initial or []

    @property
    def kept_name(self):
        return kept_name(self.html_name)

    @property
    def data(self):
        return self.field.raw(self.kept_rows) if self.is_kept else self.rows

    @property
    def columns(self):
        return self.field.columns.values()

    @property
    def count_name(self):
        return f"{self.html_name}-rows"

    @property
    def has_cell_errors(self):
        return not self.is_kept and any(row.is_bound and row.errors for row in self.rows)

    @property
    def may_add(self):
        return len(self.rows) < self.field.max_rows

    @property
    def may_add_many(self):
        return len(self.rows) + 10 <= self.field.max_rows

    def as_widget(self, widget=None, attrs=None, only_initial=False):
        return render_to_string("licensing/includes/rows.html", {"field": self})

    def _row(self, number, **options):
        quiet = getattr(self.form, "quiet", False)
        row = self.field.row(f"{self.html_name}-{number}", number=number + 1, quiet=quiet, **options)
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
        """rows: RowForms or Lines; those empty or ticked for deletion do not count. Raises one error for each bad cell,
        the first MOST_PROBLEMS of them."""
        counted = [row for row in rows or [] if row.counts]
        if problems := [problem for row in counted for problem in _problems(row)]:
            raise ValidationError(_bounded(problems))
        if len(counted) > self.max_rows:
            raise ValidationError(f"最多填 {self.max_rows} 行，现在有 {len(counted)} 行")
        if len(counted) < self.min_rows and (self.required or counted):
            raise ValidationError(f"请至少填 {self.min_rows} 行")
        return [
            {code: row.cleaned_data[code] for code in self.columns if row.cleaned_data[code] is not None}
            for row in counted
        ]

    def line(self, number, cells):
        return Line(self.columns, number, cells)

    def raw(self, value):
        """The Lines as if this list had been typed."""
        return [
            self.line(number, {code: self.columns[code].prepare_value(cell) for code, cell in row.items()})
            for number, row in enumerate(value, start=1)
        ]


def kept_name(code):
    """The name of the hidden input that says: leave this table as it is."""
    return f"{code}-kept"


def _problems(row):
    for code, messages in row.errors.items():
        for message in messages:
            yield f"第 {row.number} 行“{row.fields[code].label}”：{message}"


def _bounded(problems):
    more = len(problems) - MOST_PROBLEMS
    return problems if more <= 0 else [*problems[:MOST_PROBLEMS], f"后面还有 {more} 处，改好上面的再看"]
