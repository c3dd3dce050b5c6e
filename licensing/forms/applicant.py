from django import forms

from licensing.forms.text import VisibleField, tidied
from licensing.models import Method, OnRefusal

FOUND = "found"
NEW = "new"


class WhoForm(forms.Form):
    """Who applies: one of the person's enterprises, or one still to be founded."""

    who = forms.ChoiceField(
        label="由谁来申请？",
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项", "invalid_choice": "请从列出的选项里选一项"},
    )
    name = VisibleField(
        label="准备起的名称",
        help_text="还没有定的，先起个自己认得出的名字，例如：张三便利店。正式名称在申请表里填。",
        max_length=100,
        required=False,
    )

    def __init__(self, enterprises, *args, **options):
        super().__init__(*args, **options)
        self.enterprises = {str(one.public_id): one for one in enterprises}
        choices = [(key, _described(one)) for key, one in self.enterprises.items()]
        self.fields["who"].choices = [*choices, (FOUND, "还没有营业执照，我要新办")]

    def clean(self):
        self.cleaned_data["name"] = tidied(self.cleaned_data.get("name"))
        if self.cleaned_data.get("who") == FOUND and not self.cleaned_data["name"]:
            self.add_error("name", "请填写准备起的名称")
        return self.cleaned_data

    @property
    def enterprise(self):
        """The chosen Enterprise, or None for one to be founded."""
        return self.enterprises.get(self.cleaned_data["who"])


class WhereForm(forms.Form):
    where = forms.ChoiceField(
        label="在哪里经营？",
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项", "invalid_choice": "请从列出的选项里选一项"},
    )

    def __init__(self, places, *args, may_add=True, **options):
        super().__init__(*args, **options)
        self.places = {str(one.public_id): one for one in places}
        choices = [(key, str(one)) for key, one in self.places.items()]
        self.fields["where"].choices = [*choices, (NEW, "新的经营场所")] if may_add else choices

    @property
    def premises(self):
        """The chosen Premises, or None for new ones."""
        return self.places.get(self.cleaned_data["where"])


class KnownForm(forms.Form):
    """Where something is planned, of the person's own premises, and perhaps what."""

    at = forms.ChoiceField(
        label="在哪里经营？",
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项", "invalid_choice": "请从列出的选项里选一项"},
    )
    theme = forms.ChoiceField(
        label="想做什么？",
        help_text="选一个最接近的；没有合适的，不用选。",
        required=False,
        error_messages={"invalid_choice": "请从列出的选项里选"},
    )

    def __init__(self, places, themes, *args, **options):
        super().__init__(*args, **options)
        self.places = {str(one.public_id): one for one in places}
        self.fields["at"].choices = [(key, f"{one.enterprise.name}，{one}") for key, one in self.places.items()]
        self.fields["theme"].choices = [("", "不选"), *((theme.code, theme.name) for theme in themes)]

    @property
    def premises(self):
        return self.places[self.cleaned_data["at"]]


def _password():
    return forms.CharField(
        label="您的登录密码",
        help_text="输入密码，确认是您本人签名。",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请输入登录密码，确认是您本人签名", "max_length": "登录密码不对，请重新输入"},
    )


def _code():
    return forms.CharField(
        label="动态验证码",
        help_text="打开手机上的验证器，输入“一照通行”现在显示的 6 位数字，确认是您本人签名。",
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "请输入动态验证码，确认是您本人签名", "max_length": "动态验证码是 6 位数字"},
    )


_CONFIRMATION = {Method.PASSWORD: _password, Method.SECOND_FACTOR: _code}


class PromiseForm(forms.Form):
    """What is signed with the application: a tick for each promise that it holds, and the choice on a refusal.

    Last, what confirms the signer: the form asks for it, signing.wrong() judges it.
    """

    on_refusal = forms.ChoiceField(
        label="如果有的事项没有办成，其余还没办完的怎么办？",
        help_text="必须等它办成的事项会一起终止，这里选的是其余的。",
        choices=[
            (OnRefusal.GO_ON, "继续办"),
            (OnRefusal.HOLD, "先暂停，通知我，由我决定继续还是撤回；暂停期满还没有决定的，自动继续办"),
            (OnRefusal.WITHDRAW, "全部撤回，不再办"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "请选一项", "invalid_choice": "请从列出的选项里选一项"},
    )
    commitment = forms.BooleanField(
        label="我已经看过上面的告知承诺书，自愿作出这些承诺",
        error_messages={"required": "请看过告知承诺书，在这里打勾后再提交"},
    )
    deferral = forms.BooleanField(
        label="我承诺在期限内补交上面列出的材料",
        error_messages={"required": "请看过补交的期限和后果，在这里打勾后再提交"},
    )
    promise = forms.BooleanField(
        label="我已经看过上面的全部内容，作出以上承诺",
        error_messages={"required": "请看过承诺，在这里打勾后再提交"},
    )
    # A page opened before the wording changed must not sign the new one unseen.
    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, plan, papers, method=Method.PASSWORD, **options):
        super().__init__(*args, **options)
        self.fields["confirmation"] = _CONFIRMATION[method]()
        asked = {
            "on_refusal": len(plan.chosen) > 1,
            "commitment": bool(plan.committed),
            "deferral": any(paper.deferred for paper in papers),
        }
        for name in [name for name, wanted in asked.items() if not wanted]:
            del self.fields[name]


def _described(enterprise):
    if enterprise.founding:
        return f"{enterprise.name}（筹办中，还没有营业执照）"
    state = "" if enterprise.verified_at else "，等窗口确认" if not enterprise.rejected_at else "，窗口没有确认"
    return f"{enterprise.name}（{enterprise.uscc}{state}）"
