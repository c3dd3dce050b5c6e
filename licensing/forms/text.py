"""Form fields for words and for numbers that name somebody. Each cleans to the text an application keeps, or None."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError

from licensing import identifiers
from licensing.addresses import names_a_division

# From this length on a person needs several lines.
LONG = 200
EMAIL = "contact_email"


# Control and direction marks: "甲\u202e乙" reads otherwise than it compares, and "甲\u200b" looks like "甲". NUL, line
# breaks and tabs are none of them: forms refuse the first, and people type the others.
_UNSEEN = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)


# Digits and letters only: the brackets of a Chinese address and name are full width on the licence too.
_NARROW = {code + 0xFEE0: code for code in [*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B)]}
_HYPHEN = {0xFF0D: 0x2D}


def folded(text):
    """Full-width digits, letters and marks as half-width ones: phones type them unasked."""
    return unicodedata.normalize("NFKC", text)


def tidied(text):
    """A name as it is kept: digits and letters half-width, white space of any kind as single spaces."""
    return " ".join((text or "").translate(_NARROW).split())


def without_unseen(text):
    """The text without marks that cannot be seen."""
    return _UNSEEN.sub("", text)


class VisibleField(forms.CharField):
    """Takes only what can be seen, so that a name on a licence is the one that was read."""

    def to_python(self, value):
        return super().to_python(without_unseen(str(value)) if value not in self.empty_values else value)


class TextField(VisibleField):
    """Plain words; `pattern` as the catalogue gives it."""

    def __init__(self, *, max_length=None, pattern=None, pattern_hint="格式不对，请核对", **options):
        self.longest, self.pattern, self.pattern_hint = max_length, pattern, pattern_hint
        if max_length and max_length > LONG:
            options.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(empty_value=None, error_messages={"required": "请填写这一项"}, **options)

    def clean(self, value):
        text = super().clean(value)
        if text is None:
            return None
        text = self.tidy(text)
        if self.longest and len(text) > self.longest:
            raise ValidationError(f"最多 {self.longest} 个字，您填了 {len(text)} 个，请写短一些")
        if self.pattern and not re.fullmatch(self.pattern, text):
            raise ValidationError(self.pattern_hint)
        return text

    def tidy(self, text):
        return text.replace("\r\n", "\n")


class EmailField(TextField):
    def __init__(self, **options):
        super().__init__(pattern_hint="电子邮箱的格式不对，要像 name@example.com 这样，中间有 @", **options)

    def tidy(self, text):
        return re.sub(r"\s", "", folded(text))


class AddressField(TextField):
    """An address that says in which district it lies: no two offices of the city then think it is the other's."""

    def tidy(self, text):
        return re.sub(r"\s", "", text.translate(_NARROW | _HYPHEN))

    def clean(self, value):
        address = super().clean(value)
        if address is None:
            return None
        if not names_a_division(address):
            raise ValidationError("请写明在哪个区（县、市），并写到门牌号，例如 江城区漠江路88号")
        return address


class PhoneField(TextField):
    """A mobile number, or a landline with its area code."""

    def __init__(self, **options):
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
        super().__init__(pattern_hint=None, widget=widget, **options)

    def clean(self, value):
        try:
            return super().clean(value)
        except ValidationError as error:
            # Django's own objections (a NUL) come as a list, without a message of their own.
            if getattr(error, "message", "") is not None:
                raise
            raise ValidationError(_phone_problem(self.tidy(value))) from None

    def tidy(self, text):
        text = re.sub(r"[\s()]", "", folded(text)).replace("—", "-").replace("–", "-")
        text = re.sub(r"^(\+|00)86-?", "", text)
        # Only a landline keeps its hyphen: that of a mobile number is somebody's way of grouping.
        return text if text.startswith("0") else text.replace("-", "")


class IdentifierField(TextField):
    """A USCC or resident identity number; `check` is the function of identifiers.py."""

    def __init__(self, *, check, **options):
        self.check = check
        super().__init__(widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}), **options)

    def clean(self, value):
        text = super().clean(value)
        try:
            return self.check(text) if text else None
        except ValueError as error:
            raise ValidationError(str(error)) from error


def uscc_field(**options):
    return IdentifierField(check=identifiers.check_uscc, **options)


def resident_id_field(**options):
    return IdentifierField(check=identifiers.check_resident_id, **options)


def _phone_problem(text):
    if not re.fullmatch(r"[0-9-]+", text):
        return "电话只填数字，例如 13812345678；固定电话写区号，例如 0662-3412345"
    if text.startswith("1"):
        return f"手机号是 11 位，以 13 至 19 开头，您填了 {len(text)} 位，请核对"
    if text.startswith("0"):
        return "固定电话写成“区号-号码”，例如 0662-3412345，请核对位数"
    return "固定电话前面要写区号，例如 0662-3412345；手机号以 1 开头，11 位"
