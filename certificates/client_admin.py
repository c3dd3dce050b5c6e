"""The operators' pages on systems of departments: added with a token that is shown once, revoked, never deleted."""

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html

from certificates import clients
from certificates.models import DepartmentClient
from guidance.admin import OperatorAdmin
from licensing.forms.text import VisibleField


class ClientForm(forms.ModelForm):
    name = VisibleField(label="系统名称", max_length=80, help_text="企业会看到，例如：户外广告审批系统。")

    class Meta:
        model = DepartmentClient
        fields = ["department", "name"]

    def clean(self):
        same = DepartmentClient.objects.filter(**self.cleaned_data, revoked_at=None)
        # A form sent twice would leave a second token that nobody has read.
        if len(self.cleaned_data) == 2 and same.exists():
            self.add_error("name", "这个部门已经有同名的系统。要换令牌的，先停用原来的。")
        return self.cleaned_data


class DepartmentClientAdmin(OperatorAdmin):
    title = "部门系统（证照共享）"
    pages = ("add",)
    form = ClientForm
    list_display = ["name", "department", "since", "state"]
    list_select_related = ["department", "revoked_by"]
    search_fields = ["name", "department__name"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.revoke)
        return [
            path("<uuid:public_id>/revoke/", view, name="certificates_departmentclient_revoke"),
            *super().get_urls(),
        ]

    def save_model(self, request, obj, form, change):
        made, obj.token = clients.add(obj.department, obj.name, request.user)
        obj.pk, obj.public_id = made.pk, made.public_id

    def response_add(self, request, obj, post_url_continue=None):
        # Shown in the answer itself: a message or a page to go to would keep the token in the database or an address.
        response = render(request, "admin/client_token.html", {"client": obj, "token": obj.token})
        add_never_cache_headers(response)
        return response

    def revoke(self, request, public_id):
        """A page that asks, since it cannot be taken back; then the deed."""
        if not request.user.is_superuser:
            raise Http404
        client = get_object_or_404(DepartmentClient.objects.select_related("department"), public_id=public_id)
        if request.method in ("GET", "HEAD"):
            return render(request, "admin/client_revoke.html", {"client": client})
        if request.method != "POST":
            return HttpResponseNotAllowed(["GET", "POST"])
        with transaction.atomic():
            if clients.revoke(client, request.user):
                self.log_change(request, client, "停用令牌")
                self.message_user(request, f"{client}的令牌已经停用。", messages.SUCCESS)
            else:
                self.message_user(request, "以前已经停用，没有改动。", messages.WARNING)
        return redirect("admin:certificates_departmentclient_changelist")

    @admin.display(description="添加时间")
    def since(self, client):
        return f"{timezone.localtime(client.created_at):%Y-%m-%d}"

    @admin.display(description="状态")
    def state(self, client):
        if client.revoked_at:
            return f"{timezone.localtime(client.revoked_at):%Y-%m-%d} 停用（{client.revoked_by}）"
        address = reverse("admin:certificates_departmentclient_revoke", args=[client.public_id])
        return format_html('使用中，<a href="{}">停用<span class="visually-hidden">{}</span></a>', address, client)
