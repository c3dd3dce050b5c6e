from django import forms
from django.core.exceptions import ValidationError

from guidance.codes import code_of


class CodeForm(forms.Form):
    code = forms.CharField(
        label="申请码",
        help_text="8 位，例如 7KQ4-M2XB，写在申请页面上和打印的申请表上。可以扫码，大小写、有没有横线都行。"
        "一次性告知书上的导办码也在这里输入。",
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True}
        ),
        error_messages={
            "required": "请填写申请码，例如 7KQ4-M2XB。",
            "max_length": "申请码是 8 位，请核对。",
            "null_characters_not_allowed": "申请码里有看不见的字符，请重新输入。",
        },
    )

    def clean_code(self):
        try:
            return code_of(self.cleaned_data["code"])
        except ValueError as error:
            raise ValidationError(str(error)) from None
