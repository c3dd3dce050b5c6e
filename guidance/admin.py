"""The operators' pages for divisions, offices and their people, and what operators have changed anywhere.

Officers have no part in them.
"""

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from guidance import audit
from guidance.models import Clerk, Department, Division, Hall, Office, Post, Release, SearchMiss


class OperatorAdmin(admin.ModelAdmin):
    """Deny by default: only operators, and of add, change and delete only the `pages` a model names.

    Each change is logged with its old and new values.
    """

    pages = ()
    # Over the list and in the overview, where the model's own name would not do.
    title = ""
    actions = None
    list_per_page = 50
    formfield_overrides = {models.DateField: {"widget": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}}

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_add_permission(self, request):
        return request.user.is_superuser and "add" in self.pages

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser and "change" in self.pages

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser and "delete" in self.pages

    def get_urls(self):
        # Without the history and an unnamed redirect: every address has a name and stands in the policy table.
        return [url for url in super().get_urls() if (url.name or "").rpartition("_")[2] in ("changelist", *self.pages)]

    def get_list_display_links(self, request, list_display):
        return super().get_list_display_links(request, list_display) if "change" in self.pages else None

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        # The wrapper's pop-up links need scripts.
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if isinstance(field, forms.ModelChoiceField) and field.empty_label:
            field.empty_label = "请选择"
        return field

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        for field in form.base_fields.values():
            field.error_messages["required"] = "请填写这一项。"
        return form

    def construct_change_message(self, request, form, formsets, add=False):
        return audit.changes_in_words(form, is_new=add)

    def log_deletions(self, request, queryset):
        for row in queryset:
            words = audit.values_in_words(row)
            LogEntry.objects.log_actions(request.user.pk, [row], DELETION, words, single_object=True)

    def response_add(self, request, obj, post_url_continue=None):
        # Django's own message links to the change page, which not every model has.
        self.message_user(request, f"已添加：{obj}。", messages.SUCCESS)
        return self.response_post_save_add(request, obj)

    def response_change(self, request, obj):
        self.message_user(request, f"已保存：{obj}。", messages.SUCCESS)
        return self.response_post_save_change(request, obj)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404


class PersonField(forms.CharField):
    """A user, found by user name or e-mail address: a list of all users would be neither short nor private.

    Anybody can sign up with an officer's address; until its letter is answered it names nobody.
    """

    def clean(self, value):
        text = super().clean(value).strip()
        unproven = EmailAddress.objects.filter(user=OuterRef("pk"), email__iexact=text, verified=False)
        named = Q(username__iexact=text) | Q(~Exists(unproven), email__iexact=text)
        people = list(get_user_model().objects.filter(named)[:2])
        if len(people) != 1:
            raise forms.ValidationError("没有这个账号，或者邮箱还没有验证。请核对用户名或者邮箱。")
        return people[0]


class StaffForm(forms.ModelForm):
    user = PersonField(label="账号", help_text="用户名或者邮箱", max_length=254)


@admin.register(Division)
class DivisionAdmin(OperatorAdmin):
    pages = ("add", "change")
    list_display = ["code", "name", "parent"]
    list_select_related = ["parent"]
    search_fields = ["code", "name"]


@admin.register(Department)
class DepartmentAdmin(OperatorAdmin):
    list_display = ["name", "code"]
    search_fields = ["name", "code"]


@admin.register(Office)
class OfficeAdmin(OperatorAdmin):
    pages = ("add", "change")
    list_display = ["name", "department", "division", "phone", "reviewed"]
    list_select_related = ["department", "division"]
    search_fields = ["name"]

    @admin.display(description="第二人复核")
    def reviewed(self, office):
        return "要" if office.second_review else "不要"


@admin.register(Hall)
class HallAdmin(OperatorAdmin):
    pages = ("add", "change")
    list_display = ["name", "division", "address"]
    list_select_related = ["division"]
    search_fields = ["name"]


class StaffAdmin(OperatorAdmin):
    """Adding, moving and removing, all at once in force."""

    pages = ("add", "change", "delete")
    form = StaffForm
    search_fields = ["user__username", "user__name", "user__email"]

    def get_readonly_fields(self, request, obj=None):
        # Moved is who somebody works for, not who it is.
        return ["user"] if obj else []

    @admin.display(description="撤下")
    def removal(self, staff):
        opts = staff._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_delete", args=[staff.pk])
        return format_html('<a href="{}">撤下<span class="visually-hidden">{}</span></a>', address, staff)


@admin.register(Post)
class PostAdmin(StaffAdmin):
    list_display = ["user", "office", "role", "removal"]
    list_select_related = ["user", "office"]


@admin.register(Clerk)
class ClerkAdmin(StaffAdmin):
    list_display = ["user", "hall", "removal"]
    list_select_related = ["user", "hall"]


@admin.register(SearchMiss)
class SearchMissAdmin(OperatorAdmin):
    """What people searched for in vain, most often first: an editor adds the word to the catalogue and settles it."""

    pages = ("change",)
    list_display = ["text", "count", "last_on", "settled"]
    list_filter = ["settled"]
    search_fields = ["text"]
    readonly_fields = ["text", "count", "last_on"]


@admin.register(Release)
class ReleaseAdmin(OperatorAdmin):
    """The published catalogues, newest first, with what the city changed of the common one; only read."""

    title = "事项目录"
    list_display = ["release", "published", "in_force", "proven", "changes"]
    ordering = ["-number"]

    @admin.display(description="版本")
    def release(self, release):
        return str(release)

    @admin.display(description="发布时间")
    def published(self, release):
        return f"{timezone.localtime(release.published_at):%Y-%m-%d %H:%M}" if release.published_at else "草稿"

    @admin.display(description="生效日期")
    def in_force(self, release):
        return release.effective_on

    @admin.display(description="证明")
    def proven(self, release):
        return f"已通过（{release.proof_sha256[:8]}）" if release.proof_sha256 else "没有"

    @admin.display(description="本市的改动")
    def changes(self, release):
        if not release.overlay:
            return "没有，全部按全省目录"
        rows = ((one["place"], one["was"], one["now"], one["why"]) for one in release.overlay["differences"])
        told = format_html_join("", "<li>{}：原来“{}”，现在“{}”。{}</li>", rows)
        return format_html("{}<ul>{}</ul>", release.overlay["city"], told)


@admin.register(LogEntry)
class ChangeAdmin(OperatorAdmin):
    """What operators have changed, newest first; only read."""

    title = "变更记录"
    list_display = ["at", "by", "what", "row", "words"]
    list_select_related = ["user", "content_type"]
    ordering = ["-action_time", "-pk"]
    search_fields = ["user__username", "user__name", "object_repr", "change_message"]

    @admin.display(description="时间")
    def at(self, entry):
        return f"{timezone.localtime(entry.action_time):%Y-%m-%d %H:%M}"

    @admin.display(description="操作人")
    def by(self, entry):
        return f"{entry.user}（{entry.user.username}）"

    @admin.display(description="操作")
    def what(self, entry):
        did = {ADDITION: "添加", CHANGE: "修改", DELETION: "去掉"}[entry.action_flag]
        model = entry.content_type and entry.content_type.model_class()
        return f"{did}{model._meta.verbose_name}" if model else did

    @admin.display(description="对象")
    def row(self, entry):
        return entry.object_repr

    @admin.display(description="内容")
    def words(self, entry):
        return entry.get_change_message()
