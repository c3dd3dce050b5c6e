"""The second factor (动态验证码): allauth does the work; here are our words, who must have one and how it is taken off.

Staff must, unless STAFF_SECOND_FACTOR says otherwise; applicants may. Grade 3 protection asks two kinds of proof of who
administers (GB/T 22239-2019, 8.1.4.1).
"""

from allauth.account import forms as account_forms
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from exchange import messages as inbox
from licensing.signing import authenticator_of
from portal.accounts import OurWords

_CODE = "打开手机上的验证器，输入“一照通行”现在显示的 6 位数字。"


class Adapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "动态验证码不对，或者已经用过；请等验证器换一个新的再输入。",
        "unverified_email": "请先打开注册时收到的信，确认邮箱是您的，再设置动态验证码。",
        "cannot_generate_recovery_codes": "设置动态验证码以后，才有恢复码。",
    }


class _CodeWords(OurWords):
    words = {"code": "动态验证码"}
    hints = {"code": _CODE}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].max_length = 20
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "maxlength": 20, "autofocus": True}


class AuthenticateForm(_CodeWords, base_forms.AuthenticateForm):
    hints = {"code": _CODE + "手机不在身边的，输入一个没有用过的恢复码。"}


class ReauthenticateForm(_CodeWords, base_forms.ReauthenticateForm):
    hints = AuthenticateForm.hints


class ActivateForm(_CodeWords, ActivateTOTPForm):
    hints = {"code": "扫码以后，验证器会显示 6 位数字，每 30 秒换一次。输入现在显示的。"}


class PasswordAgainForm(OurWords, account_forms.ReauthenticateForm):
    words = {"password": "您的登录密码"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs["autofocus"] = True


def has_one(user):
    return authenticator_of(user) is not None


def is_missing(user):
    """Must this member of the staff set one up before any page of the staff's?"""
    return settings.STAFF_SECOND_FACTOR == "required" and not has_one(user)


def ask_to_set_up(request):
    """Lead to the page that sets one up; htmx would put it into the middle of the page it was asked from."""
    messages.info(request, "工作人员登录要用密码和动态验证码。请先设置动态验证码，然后继续工作。")
    page = reverse("mfa_index")
    return HttpResponseClientRedirect(page) if request.htmx else redirect(page)


@transaction.atomic
def reset(user):
    """Take a lost second factor off; the next sign-in sets up a new one. False where there was none."""
    gone, _rows = Authenticator.objects.filter(user=user).delete()
    if gone:
        text = "市级管理员按规定程序取消了您的动态验证码，下次登录请重新设置。如果不是您要求的，请马上告诉管理员。"
        key = f"second-factor-reset:{timezone.now():%Y%m%d%H%M%S}"
        inbox.tell([user], key, "您的动态验证码已经取消", text, path=reverse("mfa_index"))
    return bool(gone)
