from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import Group

from guidance.admin import OperatorAdmin
from portal.models import User

# Brought along by packages. Nobody here works with them: rights follow from posts, not from groups.
admin.site.unregister([Group, EmailAddress])


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

    @admin.display(description="状态")
    def state(self, user):
        return "不能登录" if not user.is_active else "市级管理员" if user.is_superuser else "可以登录"

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = NewUserForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request, obj=None):
        return [(None, {"fields": list(self.get_form(request, obj, fields=None).base_fields)})]
