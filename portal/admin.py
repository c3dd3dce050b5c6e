from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import Group
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import path

from guidance.admin import OperatorAdmin
from portal import second_factor
from portal.models import User

# Brought along by packages. Nobody here works with them: rights follow from posts, not from groups.
admin.site.unregister([Group, EmailAddress, Authenticator])


_USERNAME = "登录用，只用字母、数字和 @ . + - _。"


class NewUserForm(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ["username", "name", "email"]
        labels = {"email": "邮箱"}
        help_texts = {"username": _USERNAME, "email": "本人用它找回密码。"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = "至少 8 位，不要全是数字，不要用常见的或与姓名、邮箱相近的密码。"
        self.fields["password2"].label, self.fields["password2"].help_text = "再输一遍密码", ""


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "name", "email", "is_active", "is_superuser"]
        labels = {"email": "邮箱", "is_active": "可以登录", "is_superuser": "市级管理员"}
        help_texts = {
            "username": _USERNAME,
            "is_active": "取消后立即不能登录；账号和办理记录保留。",
            "is_superuser": "可以管理机关、人员和日历。",
        }


@admin.register(User)
class UserAdmin(OperatorAdmin):
    """Accounts of staff and applicants. None is deleted, since decisions name their officer; one may be closed."""

    pages = ("add", "change")
    form = UserForm
    list_display = ["username", "name", "email", "state", "last_login"]
    search_fields = ["username", "name", "email"]
    ordering = ["-date_joined"]

    change_form_template = "admin/user_change.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.reset_second_factor)
        address = path("<int:user_id>/second-factor/", view, name="portal_user_reset_second_factor")
        return [address, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        person = self.get_object(request, object_id)
        own = person is not None and person != request.user and second_factor.has_one(person)
        return super().change_view(request, object_id, form_url, {"may_reset_second_factor": own})

    def reset_second_factor(self, request, user_id):
        """A colleague has lost their telephone; one's own is taken off in one's account, with the code."""
        if not request.user.is_superuser or user_id > 2**63 - 1:
            raise Http404
        person = get_object_or_404(User.objects.exclude(pk=request.user.pk), pk=user_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if second_factor.reset(person):
            self.log_change(request, person, "取消动态验证码")
            self.message_user(request, f"{person}的动态验证码已经取消，本人下次登录重新设置。", messages.SUCCESS)
        return redirect("admin:portal_user_change", person.pk)

    @admin.display(description="状态")
    def state(self, user):
        return "不能登录" if not user.is_active else "市级管理员" if user.is_superuser else "可以登录"

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = NewUserForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request, obj=None):
        return [(None, {"fields": list(self.get_form(request, obj, fields=None).base_fields)})]
