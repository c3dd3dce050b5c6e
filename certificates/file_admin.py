"""The operators' page of e-licences: those not made yet and why, and the keys that seal them."""

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from certificates.elicences import making
from certificates.models import LicenceFile, SigningKey

PAGE = 50


class LicenceFileAdmin(admin.ModelAdmin):
    title = "电子证照文件"

    def has_module_permission(self, request):
        return request.user.is_superuser

    def get_urls(self):
        def address(route, view, name):
            return path(route, self.admin_site.admin_view(view), name=f"certificates_licencefile_{name}")

        return [address("", self.waiting, "changelist"), address("<uuid:public_id>/retry/", self.retry, "retry")]

    def waiting(self, request):
        _only_operators(request)
        files = LicenceFile.objects.waiting().select_related("licence").order_by("wanted_at", "pk")
        page = Paginator(files, PAGE).get_page(request.GET.get("page"))
        context = {"page_obj": page, "keys": SigningKey.objects.all(), "title": self.title, "most": making.MAX_ATTEMPTS}
        return render(request, "admin/licence_files.html", context)

    def retry(self, request, public_id):
        """Have a file that was given up tried again."""
        _only_operators(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        files = LicenceFile.objects.current().select_related("licence")
        file = get_object_or_404(files, licence__public_id=public_id)
        if file.made_at or file.attempts < making.MAX_ATTEMPTS:
            self.message_user(request, "这一份已经在排队，或者已经生成，没有改动。", messages.WARNING)
        else:
            making.ask(file.licence)
            self.log_change(request, file, "再试一次")
            self.message_user(request, "已经放回队列，一分钟以内重新生成。", messages.SUCCESS)
        return redirect("admin:certificates_licencefile_changelist")


def _only_operators(request):
    if not request.user.is_superuser:
        raise Http404
