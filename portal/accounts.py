"""Signing up and in: allauth does the work; here are our words, our fields and what we do differently."""

import logging
import secrets
from smtplib import SMTPException

from allauth.account import forms as allauth
from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.db import IntegrityError, transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from licensing.forms.text import VisibleField
from licensing.models import Channel
from portal.models import Consent

logger = logging.getLogger(__name__)

# A new version of templates/portal/privacy.html gets a new version here: a consent names what was agreed to.
PRIVACY_NOTICE, PRIVACY_VERSION = "privacy", "2026-11-22"
_SAFE_ONES = "至少 8 位，不要全是数字，不要用常见的或与姓名、邮箱相近的密码。"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        # The same words whether the account is unknown or the password wrong: nobody learns who has an account.
        "email_password_mismatch": "账号或密码不对，请核对后再试。",
        "username_password_mismatch": "账号或密码不对，请核对后再试。",
        "too_many_login_attempts": "输错次数太多，请过 5 分钟再试；忘记密码可以用邮箱重设。",
        "email_taken": "这个邮箱已经注册过，请直接登录；忘记密码可以用邮箱重设。",
        "enter_current_password": "当前密码不对，请重新输入。",
        "incorrect_password": "登录密码不对，请重新输入。",
        "invalid_password_reset": "这个链接已经用过或者过期了。",
        "rate_limited": "操作太频繁，请过几分钟再试。",
    }

    def populate_username(self, request, user):
        # People sign in by e-mail; a name taken from the address could be squatted to look like an office.
        user.username = f"u{secrets.token_hex(6)}"

    def save_user(self, request, user, form, commit=True):
        user.name = form.cleaned_data["name"]
        return super().save_user(request, user, form, commit)

    def format_email_subject(self, subject):
        return f"【一照通行】{subject}"

    def send_mail(self, template_prefix, email, context):
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            # A mail server that is down must not undo a registration, nor tell by an error who has an account.
            logger.error("a letter was not sent (%s): %s", type(error).__name__, template_prefix)

    # Letters lead to the address the city has set, never to one a request's Host header names.
    def get_reset_password_from_key_url(self, key):
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.PUBLIC_URL + path.replace("UID-KEY", key)

    def get_email_confirmation_url(self, request, emailconfirmation):
        return settings.PUBLIC_URL + reverse("account_confirm_email", args=[emailconfirmation.key])

    def get_login_redirect_url(self, request):
        if request.user.is_officer:
            return reverse("admin:index")
        return reverse("window:home") if request.user.is_clerk else super().get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request):
        return reverse("portal:home")


class OurWords:
    """Labels above the fields instead of placeholders in them, which vanish while one types."""

    words = {}
    hints = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.words.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            field.error_messages["required"] = "请填写这一项。"
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = "邮箱不完整，应该像 name@example.com 这样。"


class LoginForm(OurWords, allauth.LoginForm):
    words = {"login": "邮箱或用户名", "password": "密码", "remember": "在这台设备上保持登录"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}
        if getattr(self.request, "channel", None) == Channel.KIOSK:
            del self.fields["remember"]

    def clean(self):
        # Asked for by allauth's own login; at a terminal the field is not there.
        return {"remember": False} | (super().clean() or self.cleaned_data)


class SignupForm(OurWords, allauth.SignupForm):
    words = {"email": "邮箱", "password1": "设一个密码", "password2": "再输一遍密码"}
    hints = {"email": "用来登录和找回密码。", "password1": _SAFE_ONES}
    field_order = ["email", "name", "password1", "password2", "privacy"]

    name = VisibleField(label="姓名", max_length=50, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    privacy = forms.BooleanField(label="我已阅读并同意《隐私说明》")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Opens beside the form: what was typed stays.
        notice = '<a href="{}" target="_blank">阅读《隐私说明》（在新窗口打开）</a>'
        self.fields["privacy"].help_text = format_html(notice, reverse("portal:privacy"))
        self.fields["privacy"].error_messages["required"] = "请先阅读并同意隐私说明。"

    def try_save(self, request):
        try:
            return super().try_save(request)
        except IntegrityError:
            # Of two clicks at once one has made the account (constraint one_account_per_email); both go on to it.
            return None, redirect("account_login")

    def save(self, request):
        with transaction.atomic():
            user = super().save(request)
            Consent.objects.create(user=user, document=PRIVACY_NOTICE, version=PRIVACY_VERSION)
        return user


class ChangePasswordForm(OurWords, allauth.ChangePasswordForm):
    words = {"oldpassword": "当前密码", "password1": "新密码", "password2": "再输一遍新密码"}
    hints = {"password1": _SAFE_ONES}


class ResetPasswordForm(OurWords, allauth.ResetPasswordForm):
    words = {"email": "注册时用的邮箱"}


class ResetPasswordKeyForm(OurWords, allauth.ResetPasswordKeyForm):
    words = {"password1": "新密码", "password2": "再输一遍新密码"}
    hints = {"password1": _SAFE_ONES}
