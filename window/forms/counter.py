from django import forms

from licensing.forms.text import VisibleField
from licensing.models import OnRefusal
from window.forms.person import PersonForm, ScanField, name_field
from window.intake import Line


class LookUpForm(forms.Form):
    """The one field of the window: whatever the person brings is typed or scanned into it."""

    text = forms.CharField(
        label="申请码、导办码、编号或者统一社会信用代码",
        help_text="扫描打印的条码、二维码，或者输入：申请码、导办码（8 位）、办件编号（YZ 开头）、"
        "收件凭证编号（SJ 开头）、统一社会信用代码（18 位）",
        # A code's whole address, as a scanner types it.
        max_length=200,
        required=False,
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false", "accesskey": "f"}
        ),
        error_messages={"max_length": "太长了，请核对"},
    )


class AllSeenForm(forms.Form):
    """One tick for a complete package, instead of one for each paper."""

    all_seen = forms.BooleanField(
        label="要交的材料都在，原件都已核对",
        help_text="逐份看过以后打勾，下面不用再一份一份打；哪一份有问题，在那一份写明",
        required=False,
        widget=forms.CheckboxInput(attrs={"accesskey": "a"}),
    )

    def __init__(self, *args, autofocus, **options):
        super().__init__(*args, **options)
        self.fields["all_seen"].widget.attrs["autofocus"] = autofocus


class PaperForm(forms.Form):
    """One paper on the counter: was its original seen, is there a scan, what is wrong with it. paper: papers.Paper."""

    original = forms.BooleanField(label="原件已核对", required=False)
    scan = ScanField(label="扫描件", required=False)
    words = VisibleField(
        label="缺什么、哪里不对",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "请写短一些，最多 100 个字"},
    )

    def __init__(self, data, files, *, paper):
        super().__init__(data, files, prefix=paper.code)
        self.paper = paper

    def line(self, *, all_seen=False):
        """The Line of the receipt, once the scan is attached. all_seen: every original that has to be there was."""
        data, paper = self.cleaned_data, self.paper
        original = data["original"] or (all_seen and paper.uploaded and not data["words"])
        files = len(paper.files) - len(paper.rejected) + bool(data.get("scan"))
        return Line(paper.code, paper.name, original, files, data["words"], paper.uploaded)


class HandInForm(forms.Form):
    person_name = name_field("交件人姓名", help_text="印在收件凭证上")


class SheetForm(forms.Form):
    """The signed form: whose name stands on it, its scan, and what its signer chose in case of a refusal."""

    signer_name = name_field("签名人姓名", help_text="申请表上的亲笔签名")
    sheet = ScanField(label="签好名的申请表", help_text="拍照或者扫描", missing="请上传签好名的申请表")
    on_refusal = forms.ChoiceField(
        label="如果有的事项没有办成，其余还没办完的怎么办？",
        choices=OnRefusal,
        widget=forms.RadioSelect,
        error_messages={"required": "请按申请人的选择选一项", "invalid_choice": "请从列出的选项里选一项"},
    )
    compared = forms.BooleanField(
        label="我已核对：签名人就是到场办理人或者申请人，申请表和上面的内容一致",
        error_messages={"required": "核对无误后，请在这里打勾"},
    )

    def __init__(self, *args, several, signers, **options):
        """signers: the names of those who may sign: who stands here, and the applicant's representative."""
        super().__init__(*args, **options)
        self.signers = signers
        self.fields["sheet"].widget.attrs["autofocus"] = True
        if not several:
            del self.fields["on_refusal"]

    def clean_signer_name(self):
        name = self.cleaned_data["signer_name"]
        if name not in self.signers:
            raise forms.ValidationError(f"能签名的是{'、'.join(self.signers)}；来的是别人，请先重新登记到场办理人")
        return name


class HandOverForm(PersonForm):
    """Who takes which things from the shelf, and their signature: the slip's scan, or the clerk's word for it."""

    things = forms.MultipleChoiceField(
        label="交付的结果",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请至少选一份",
            "invalid_choice": "选的结果里有的已经不在取件架上，可能刚刚交付过，请重新选择",
        },
    )
    signed = forms.BooleanField(label="取件人已在取件单上签名", required=False)
    slip = ScanField(
        label="签好名的取件单",
        required=False,
        help_text="拍照或者扫描；没有上传的，请在上面打勾，纸质取件单由大厅保存",
    )
    field_order = ["things", "authority", "person_name", "person_id_number", "proof", "signed", "slip"]

    def __init__(self, *args, things, **options):
        super().__init__(*args, **options)
        choices = [(thing.key, f"{thing.name}（{thing.number}，{thing.authority}）") for thing in things]
        self.fields["things"].choices = choices
        self.initial["things"] = [key for key, _label in choices]

    def clean(self):
        data = super().clean()
        if not data.get("signed") and not data.get("slip") and "slip" not in self.errors:
            self.add_error("signed", "请取件人在取件单上签名，然后打勾或者上传取件单")
        return data
