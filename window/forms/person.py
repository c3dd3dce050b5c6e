from django import forms

from licensing.files import file_types
from licensing.forms.text import VisibleField, resident_id_field, tidied
from licensing.models import Authority
from window.people import Person


class ScanField(forms.FileField):
    """One file, photographed or scanned, looked at with the form: a page that fails keeps none of its files."""

    def __init__(self, *, missing="请选择文件", **options):
        errors = {"required": missing, "invalid": missing, "missing": missing, "empty": "这是空文件，请重新选择"}
        widget = forms.FileInput(attrs={"accept": file_types.ACCEPT})
        super().__init__(widget=widget, error_messages=errors, **options)

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if upload:
            file_types.check(upload)
        return upload


def name_field(label, **options):
    return VisibleField(
        label=label,
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请照身份证填写姓名", "max_length": "姓名太长了，请核对"},
        **options,
    )


class PersonForm(forms.Form):
    """Who stands here and by what right. enterprise: whose representative must be the one who says SELF."""

    authority = forms.ChoiceField(
        label="谁来办理",
        choices=Authority,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项", "invalid_choice": "请从列出的选项里选一项"},
    )
    person_name = name_field("姓名")
    person_id_number = resident_id_field(label="身份证号码", max_length=40)
    proof = ScanField(label="授权委托书", required=False, help_text="受委托人到场的，拍照或者扫描上传")

    def __init__(self, *args, enterprise=None, autofocus=False, **options):
        super().__init__(*args, **options)
        self.enterprise = enterprise
        if autofocus:
            self.fields["authority"].widget.attrs["autofocus"] = True

    def clean_person_name(self):
        return tidied(self.cleaned_data["person_name"])

    def clean_person_id_number(self):
        # Folded by its field; a box left empty is none.
        return self.cleaned_data["person_id_number"] or ""

    def clean(self):
        authority, name = self.cleaned_data.get("authority"), self.cleaned_data.get("person_name")
        if authority == Authority.ENTRUSTED and not self.cleaned_data.get("proof") and "proof" not in self.errors:
            self.add_error("proof", "请上传授权委托书的照片或者扫描件")
        registered = self.enterprise.legal_representative if self.enterprise and self.enterprise.verified_at else ""
        if authority == Authority.SELF and name and registered and name != registered:
            self.add_error(
                "person_name", f"营业执照上的法定代表人（负责人、经营者）是{registered}；其他人来办，请选受委托人到场"
            )
        return self.cleaned_data

    @property
    def proofs(self):
        """The upload to keep, as a list; what somebody came with for themselves is not kept."""
        proof = self.cleaned_data.get("proof")
        return [proof] if proof and self.cleaned_data["authority"] == Authority.ENTRUSTED else []

    def person(self, proof=None):
        data = self.cleaned_data
        return Person(data["person_name"], data["person_id_number"], Authority(data["authority"]), proof)
