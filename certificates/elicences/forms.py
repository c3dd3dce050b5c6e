from django import forms
from django.core.exceptions import ValidationError

from certificates.elicences.verifying import MAX_SIZE

_MOST = f"{MAX_SIZE // 1024 // 1024} MB"


class VerifyForm(forms.Form):
    file = forms.FileField(
        label="电子证照文件（PDF）",
        help_text=f"对方发给您的原文件，不超过 {_MOST}。截图、照片、另存和打印出来的都查不了。",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={
            "required": "请选择要查验的 PDF 文件。",
            "invalid": "请选择要查验的 PDF 文件。",
            "missing": "请选择要查验的 PDF 文件。",
            "empty": "这是空文件，请重新选择。",
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_SIZE:
            raise ValidationError(f"文件超过 {_MOST}，不是本平台的电子证照，请核对。")
        # What comes before the mark nobody would see; ours begin with it.
        if not file.read(5) == b"%PDF-":
            raise ValidationError("这不是 PDF 文件。请选择对方发给您的原文件，不要截图，也不要转换格式。")
        file.seek(0)
        return file
