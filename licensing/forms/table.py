"""The page of one table: lines pasted or a file uploaded, instead of or after the rows there are."""

from django import forms
from django.core.exceptions import ValidationError

from licensing import spreadsheets, workbooks
from licensing.fields import field_for

REPLACE, APPEND = "replace", "append"
MODES = [(REPLACE, "换掉原来的"), (APPEND, "接在原来的后面")]
ACCEPT = ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# 2,000 rows of ten long cells.
MOST_LETTERS = 1_000_000


class TableForm(forms.Form):
    """Cleans to `rows`: the whole table as an application keeps it. One wrong cell, and nothing is taken."""

    use_required_attribute = False

    text = forms.CharField(
        label="粘贴",
        required=False,
        max_length=MOST_LETTERS,
        strip=False,
        help_text="在表格软件里选中这些行，复制，粘贴到这里。每行一条，栏目的先后和上面说的一样；第一行写了栏目名称的，先后可以不一样。",
        widget=forms.Textarea(attrs={"rows": 8, "wrap": "off", "spellcheck": "false"}),
        error_messages={"max_length": "内容太多了，请改用上传文件，或者分几次粘贴"},
    )
    file = forms.FileField(
        label="或者上传 Excel 文件",
        required=False,
        allow_empty_file=True,
        max_length=255,
        help_text="只收 .xlsx，不超过 5 MB，读第一张工作表。",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"max_length": "文件名太长了，请改短再传"},
    )
    mode = forms.ChoiceField(
        label="原来填的怎么办",
        choices=MODES,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项", "invalid_choice": "请从列出的选项里选一项"},
    )

    def __init__(self, *args, element, present, **options):
        """element: of type `rows`; present: the rows there are."""
        super().__init__(*args, **options)
        self.element, self.present, self.unknown = element, present, []
        self.table = field_for(element, required=True)
        if not present:
            self.fields["mode"].widget = forms.HiddenInput()
            self.fields["mode"].initial = REPLACE

    def clean(self):
        typed, file = self.cleaned_data.get("text"), self.cleaned_data.get("file")
        if self.errors:
            return self.cleaned_data
        # Only one of them: from two sources nobody could tell the row that an error means.
        if bool(file) == bool(typed and typed.strip()):
            advice = "粘贴和上传只能用一样，请去掉一样" if file else "请先粘贴内容，或者选择要上传的文件"
            self.add_error("file" if file else "text", advice)
            return self.cleaned_data
        try:
            self.cleaned_data["rows"] = self._rows(file, typed)
        except workbooks.Unreadable as error:
            self.add_error("file" if file else "text", str(error))
        except ValidationError as error:
            self.add_error("file" if file else "text", error)
        return self.cleaned_data

    def _rows(self, file, typed):
        columns, most = self.element.columns, self.table.max_rows
        if file:
            if file.size > workbooks.MAX_SIZE:
                raise workbooks.Unreadable("文件超过 5 MB，请只留这一张表，另存为 .xlsx 再传")
            lines, self.unknown = spreadsheets.read_xlsx(file, columns, most)
        else:
            lines, self.unknown = spreadsheets.read_text(typed, columns, most)
        if not lines:
            raise workbooks.Unreadable("没有找到要填的行，请检查后再试")
        rows = self.table.clean([self.table.line(number, cells) for number, cells in lines])
        if self.cleaned_data["mode"] == REPLACE:
            return rows
        if len(self.present) + len(rows) > most:
            raise workbooks.Unreadable(f"最多 {most} 行，原来有 {len(self.present)} 行，再加 {len(rows)} 行就超过了")
        return [*self.present, *rows]
