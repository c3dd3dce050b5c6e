from django import forms
from django.core.exceptions import ValidationError

from guidance.models import Division
from licensing.files import file_types
from licensing.forms.text import VisibleField, tidied
from licensing.identifiers import check_uscc
from licensing.models import MemberRole, Premises


class EnterpriseForm(forms.Form):
    """What an owner types from the business licence, with its picture. It looks at nobody else's rows."""

    uscc = forms.CharField(
        label="统一社会信用代码",
        help_text="营业执照上的 18 位代码",
        # Room for the spaces and hyphens that people type; the check counts what is left.
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "请填写统一社会信用代码", "max_length": "统一社会信用代码是 18 位，请核对"},
    )
    name = VisibleField(
        label="名称",
        help_text="和营业执照上的名称一字不差",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": "请填写营业执照上的名称"},
    )
    legal_representative = VisibleField(
        label="法定代表人（负责人、经营者）",
        help_text="营业执照上写的姓名",
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写姓名"},
    )
    role = forms.ChoiceField(
        label="您的身份", choices=MemberRole, widget=forms.RadioSelect, error_messages={"required": "请选一项"}
    )
    picture = forms.FileField(
        label="营业执照照片或扫描件",
        help_text="四角拍全、文字看得清。可以是 JPG、PNG 图片或 PDF，不超过 20 MB。",
        widget=forms.FileInput(attrs={"accept": file_types.ACCEPT}),
        error_messages={
            "required": "请选择营业执照的照片或扫描件",
            "empty": "选择的是空文件，请重新选择。",
        },
    )

    def clean_uscc(self):
        try:
            return check_uscc(self.cleaned_data["uscc"], applicant=True)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def clean_name(self):
        return tidied(self.cleaned_data["name"])

    def clean_legal_representative(self):
        return tidied(self.cleaned_data["legal_representative"])

    def facts(self):
        return {name: self.cleaned_data[name] for name in ("uscc", "name", "legal_representative", "role")}


class PremisesForm(forms.ModelForm):
    class Meta:
        model = Premises
        fields = ["name", "division", "address"]
        field_classes = {"name": VisibleField, "address": VisibleField}
        widgets = {"address": forms.TextInput(attrs={"autocomplete": "street-address"})}
        help_texts = {
            "name": "自己认得出就行，例如：漠江路店",
            "division": "按实际经营地点选，它决定由哪里的部门办理",
            "address": "写到门牌号，例如：江城区漠江路 88 号首层",
        }
        error_messages = {
            "name": {"required": "请给这个场所起个名字"},
            "division": {"required": "请选择所在区县", "invalid_choice": "请从列出的区县里选"},
            "address": {"required": "请填写详细地址"},
        }

    def __init__(self, enterprise, *args, **options):
        super().__init__(*args, **options)
        self.enterprise = enterprise
        districts = self.fields["division"]
        districts.queryset = Division.objects.exclude(parent=None)
        districts.empty_label = "请选择"

    def clean_name(self):
        return tidied(self.cleaned_data["name"])

    def clean_address(self):
        address = "".join(tidied(self.cleaned_data["address"]).split())
        if len(address) < 5 or address.isdecimal():
            raise ValidationError("地址太简单，请写到路名和门牌号。")
        return address

    def clean(self):
        division, address = self.cleaned_data.get("division"), self.cleaned_data.get("address")
        if not division or not address:
            return
        others = [other.name for other in self.fields["division"].queryset if other != division]
        named = next((name for name in others if name in address and division.name not in address), None)
        if named:
            self.add_error("division", f"地址里写的是{named}，和选择的{division.name}不一致，请核对。")
        known = self.enterprise.premises.filter(address=address).first()
        if known and (known.name, known.division_id) != (self.cleaned_data.get("name"), division.pk):
            self.add_error("address", f"这个地址已经添加过，名称是“{known.name}”。")

    def save(self):
        """Add the premises; sending the same form twice adds once."""
        data = self.cleaned_data
        defaults = {"name": data["name"], "division": data["division"]}
        return Premises.objects.get_or_create(enterprise=self.enterprise, address=data["address"], defaults=defaults)[0]
