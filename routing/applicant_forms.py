"""What an applicant fills in after submission: the answer to a correction notice, a paper for later, a withdrawal."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

from guidance import releases
from guidance.requirements import is_required
from licensing.fields import field_for
from licensing.files import file_types
from licensing.forms.text import VisibleField
from licensing.papers import MAX_FILES
from routing.correctable import why_not_typed
from routing.models import About

EMPTY = (None, "", [])


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self):
        super().__init__(attrs={"accept": file_types.ACCEPT})


class FilesField(forms.FileField):
    """Several files for one paper; cleans to a list of UploadedFiles, each looked into."""

    widget = FilesInput

    def __init__(self, **options):
        hint = f"PDF、JPG、PNG，每个不超过 20 MB，最多 {MAX_FILES} 个。"
        super().__init__(help_text=hint, error_messages={"required": "请先选择文件。"}, **options)

    def clean(self, uploads, initial=None):
        uploads = [upload for upload in uploads or [] if upload]
        if self.required and not uploads:
            raise ValidationError(self.error_messages["required"])
        if len(uploads) > MAX_FILES:
            raise ValidationError(f"一份材料最多上传 {MAX_FILES} 个文件，请合并成一个 PDF 再传。")
        problems = []
        for upload in uploads:
            try:
                file_types.check(upload)
            except ValidationError as error:
                problems += error.messages
        if problems:
            raise ValidationError(problems)
        return uploads


class SupplyForm(forms.Form):
    files = FilesField(label="选择文件")


class CorrectionForm(forms.Form):
    """All points of one notice, answered at once: value-N, files-N and answer-N for point N.

    `answers` and `uploads` give them as routing.correcting takes them. quiet: show what was typed without judging it.
    """

    use_required_attribute = False

    def __init__(self, *args, application, points, values, quiet=False, **options):
        """points: the CorrectionPoints, their files at hand; values: {element code: value} as they stand."""
        super().__init__(*args, **options)
        self.points, self.values, self.quiet = points, values, quiet
        self.catalogue = releases.load(application.release_id)
        self.asking = [self.catalogue.items[code] for code in application.chosen if code in self.catalogue.items]
        for point in points:
            self._ask(point)

    def full_clean(self):
        if self.quiet:
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()

    def clean(self):
        for point in self.points:
            self._check(point)
        return self.cleaned_data

    @property
    def answers(self):
        return {
            point.number: {"answer": self.cleaned_data[f"answer-{point.number}"], "value": self._changed(point)}
            for point in self.points
        }

    @property
    def uploads(self):
        """{point number: UploadedFiles} of the fields that have no error; the form need not be valid."""
        self.is_valid()
        return {
            point.number: self.cleaned_data[f"files-{point.number}"]
            for point in self.points
            if self.cleaned_data.get(f"files-{point.number}")
        }

    @property
    def sections(self):
        """For the page: [{"point", "by_words": why it is only answered in words, "value", "files", "answer"}]."""
        return [
            {
                "point": point,
                "by_words": self._only_words(point),
                **{kind: self._field(kind, point) for kind in ("value", "files", "answer")},
            }
            for point in self.points
        ]

    def _field(self, kind, point):
        name = f"{kind}-{point.number}"
        return self[name] if name in self.fields else None

    def _ask(self, point):
        number, element = point.number, self._element(point)
        if element:
            required = any(is_required(item, point.code) for item in self.asking)
            self.fields[f"value-{number}"] = field_for(element, required=required)
            self.initial[f"value-{number}"] = self.values.get(point.code)
        elif point.about == About.MATERIAL:
            self.fields[f"files-{number}"] = FilesField(label=f"第 {number} 点补正的材料", required=False)
        alone = not element and point.about != About.MATERIAL
        self.fields[f"answer-{number}"] = VisibleField(
            label=f"第 {number} 点的说明",
            required=alone,
            max_length=2000,
            widget=forms.Textarea({"rows": 3}),
            error_messages={"required": "请写明您怎么补正。"},
        )

    def _element(self, point):
        """The catalogue's element, when the applicant may type its value anew."""
        if point.about != About.ELEMENT or self._only_words(point):
            return None
        return self.catalogue.elements[point.code]

    def _only_words(self, point):
        return why_not_typed(self.catalogue, point.code) if point.about == About.ELEMENT else ""

    def _check(self, point):
        """Something must have been put right, or said."""
        answer, name = f"answer-{point.number}", f"value-{point.number}"
        empty = self.values.get(point.code) in EMPTY
        if answer in self.errors or self.cleaned_data[answer]:
            if empty and name in self.errors and self._left_empty(name):
                # It was empty before and is explained now.
                del self.errors[name]
            return
        if name in self.fields and name not in self.errors and self._changed(point) is None:
            self.add_error(name, f"这一项还没有{'填' if empty else '改'}。确实不用的，请在说明里写明理由。")
        name = f"files-{point.number}"
        if name in self.fields and name not in self.errors and not (self.cleaned_data[name] or point.files.all()):
            self.add_error(name, "请上传补正的材料。交不了的，请在说明里写明理由。")

    def _left_empty(self, name):
        data = self[name].data
        return not any(row.counts for row in data) if hasattr(self.fields[name], "columns") else data in EMPTY

    def _changed(self, point):
        """The new value, or None where it is as before; a value taken away is "" or []."""
        name = f"value-{point.number}"
        before = self.values.get(point.code)
        if name not in self.fields or name not in self.cleaned_data:
            return None
        value = self.cleaned_data[name]
        if value == before or (value in EMPTY and before in EMPTY):
            return None
        return "" if value is None else value

    def with_more_rows(self, wanted):
        """Return what was posted with room for more rows in a table. wanted: "value-N:how many", as its button says."""
        name, _, more = wanted.partition(":")
        posted, count = self.data.copy(), f"{name}-rows"
        if name in self.fields and posted.get(count, "").isdecimal():
            posted[count] = str(int(posted[count][:4]) + (10 if more == "10" else 1))
        return posted


class WithdrawalForm(forms.Form):
    """Which items to withdraw; all that are open unless told."""

    items = forms.MultipleChoiceField(
        label="撤回哪些事项",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请至少选一个要撤回的事项。",
            "invalid_choice": "选的事项里有的已经办结，不能撤回，请重新选。",
        },
    )

    def __init__(self, *args, open_items, **options):
        """open_items: {code: name} of what can still be withdrawn."""
        super().__init__(*args, **options)
        self.fields["items"].choices = list(open_items.items())
        self.fields["items"].initial = list(open_items)
