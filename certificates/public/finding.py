"""Finding an enterprise's public facts by what its licence prints: the USCC or the full name."""

from django import forms
from django.core.exceptions import ValidationError

from certificates.public.facts import ENTITY_TYPES
from guidance.codes import normalise
from licensing.identifiers import check_uscc
from licensing.models import Enterprise

# Of so many of one name that their list would be a listing, the USCC must be asked for.
LISTED = 20
# Both are printed: licences have the wide ones, keyboards often not.
_WIDE, _NARROW = str.maketrans("()", "（）"), str.maketrans("（）", "()")


def what_was_asked(text):
    """Return the USCC or the name as they are kept. Raises ValueError with a sentence for a USCC that cannot be one."""
    # Every registered name has Chinese letters; so what has none is meant for a USCC.
    if normalise(text).isascii():
        return check_uscc(text)
    return " ".join(text.split())


def named(asked):
    """[{"name", "uscc", "type", "address"}] of the confirmed enterprises, at most one more than LISTED."""
    confirmed = Enterprise.objects.filter(verified_at__isnull=False)
    if asked.isascii():
        found = confirmed.filter(uscc=asked)
    else:
        names = {asked, asked.translate(_WIDE), asked.translate(_NARROW)}
        found = confirmed.filter(name__in=names).order_by("uscc")
    rows = found.values("name", "uscc", "entity_type", "address")[: LISTED + 1]
    return [row | {"type": ENTITY_TYPES.get(row["entity_type"], "")} for row in rows]


def why_not(asked):
    if asked.isascii():
        return "没有查到这个统一社会信用代码。代码没有填错的话，它的证照还没有录入这里，可以向发证机关核实。"
    return "没有查到叫这个名称的经营主体。请填营业执照上的全称，一个字不差；也可以改用统一社会信用代码查。"


class LookUpForm(forms.Form):
    """The public look-up's one field: a USCC or a full name."""

    text = forms.CharField(
        label="名称或者统一社会信用代码",
        help_text="名称要填营业执照上的全称；统一社会信用代码是 18 位。",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "请填写经营主体的全称，或者 18 位的统一社会信用代码。",
            "max_length": "名称没有这么长，请核对。",
            "null_characters_not_allowed": "里面有看不见的字符，请重新输入。",
        },
    )

    def clean_text(self):
        try:
            return what_was_asked(self.cleaned_data["text"])
        except ValueError as error:
            raise ValidationError(str(error)) from None
