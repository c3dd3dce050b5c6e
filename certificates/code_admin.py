"""The operators' pages for the codes of which identifiers are made: types of licences, and whose office issues them.

What an office or a type is given here, its licences are identified with in the background.
"""

from django import forms
from django.contrib import admin

from certificates import identifiers, identifying
from certificates.models import CertificateType
from guidance import releases
from guidance.admin import OfficeAdmin, OperatorAdmin
from licensing.identifiers import check_uscc


def _checked(check, text):
    try:
        return check(text)
    except ValueError as why:
        raise forms.ValidationError(str(why)) from None


class TypeForm(forms.ModelForm):
    # Longer than the code: people copy it with spaces.
    code = forms.CharField(
        label="证照类型代码",
        max_length=60,
        help_text="定义这种证照的机构给的 21 位代码，不能自己编：它的统一社会信用代码 18 位，加 3 位。",
    )
    provisional = forms.BooleanField(
        label="暂用代码",
        required=False,
        help_text="还没有正式登记、先用来试运行的，勾选；换成正式代码时取消勾选。已经给出的标识不会变，新的一版起用新代码。",
    )

    def clean_code(self):
        code = _checked(identifiers.check_type_code, self.cleaned_data["code"])
        other = CertificateType.objects.filter(code=code).exclude(pk=self.instance.pk).first()
        if other:
            raise forms.ValidationError(f"这个代码已经登记给“{other.name}”，请核对。")
        return code


class NewTypeForm(TypeForm):
    item_code = forms.ChoiceField(label="事项", error_messages={"invalid_choice": "现行事项目录里没有这个发证的事项。"})

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        certificates = _certificates()
        self._names = {code: name for code, _item, name in certificates}
        taken = set(CertificateType.objects.values_list("item_code", flat=True))
        offered = [(code, f"{name}（{item}）") for code, item, name in certificates if code not in taken]
        self.fields["item_code"].choices = [("", "请选择"), *offered]

    def clean(self):
        self.instance.name = self._names.get(self.cleaned_data.get("item_code"), "")


def _certificates():
    """(item's code, its name, its certificate's name) for the items of today's catalogue that make one."""
    try:
        items = releases.load(releases.current().pk).items.values()
    except releases.NothingPublished:
        return []
    return [(item.code, item.name, item.certificate_name) for item in items if item.certificate_name]


class CertificateTypeAdmin(OperatorAdmin):
    pages = ("add", "change")
    fields = ["item_code", "code", "provisional"]
    list_display = ["name", "item_code", "code", "kind"]
    search_fields = ["name", "item_code", "code"]

    @admin.display(description="代码")
    def kind(self, type_):
        return "暂用" if type_.provisional else "正式"

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change=change, form=TypeForm if change else NewTypeForm, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        # A code is of one kind of licence; another kind is another row.
        return ["item_code"] if obj else []

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "code" in form.changed_data:
            identifying.codes_registered(item_code=obj.item_code)


class OfficeForm(forms.ModelForm):
    uscc = forms.CharField(
        label="统一社会信用代码",
        max_length=60,
        required=False,
        help_text="这个机关自己的 18 位代码，写进它发的电子证照；不知道就先空着。",
    )

    def clean_uscc(self):
        return self.cleaned_data["uscc"] and _checked(check_uscc, self.cleaned_data["uscc"])


class CodedOfficeAdmin(OfficeAdmin):
    """The office's page with its code checked: what is wrong here would be wrong in each of its licences."""

    form = OfficeForm

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if obj.uscc and "uscc" in form.changed_data:
            identifying.codes_registered(office_id=obj.pk)
