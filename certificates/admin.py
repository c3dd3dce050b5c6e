from django.contrib import admin
from django.urls import path

from certificates.client_admin import DepartmentClientAdmin
from certificates.code_admin import CertificateTypeAdmin, CodedOfficeAdmin
from certificates.file_admin import LicenceFileAdmin
from certificates.models import CertificateType, DepartmentClient, Licence, LicenceFile, LicenceImport, OfficialLookup
from certificates.views import checks, importing, licences, looking
from guidance.models import Office
from routing.models import AfterCheck

admin.site.register(CertificateType, CertificateTypeAdmin)
# Its own page cannot check the code: the rule of codes stands to the right of it.
admin.site.unregister(Office)
admin.site.register(Office, CodedOfficeAdmin)


class _DeskAdmin(admin.ModelAdmin):
    """Pages of our own in the admin: rows are moved by their lawful moves, never edited."""

    def has_module_permission(self, request):
        return False  # the desk stands in the navigation, not among what operators set up

    def address(self, route, view, name):
        full = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        return path(route, self.admin_site.admin_view(view), name=full)


@admin.register(Licence)
class LicenceAdmin(_DeskAdmin):
    def get_urls(self):
        return [
            self.address("", licences.licences, "changelist"),
            self.address("<uuid:public_id>/", licences.licence, "change"),
            self.address("<uuid:public_id>/end/<slug:kind>/", licences.end, "end"),
            self.address("<uuid:public_id>/moves/<slug:move>/", licences.take, "move"),
            self.address("proposals/<uuid:public_id>/approve/", licences.approve, "approve"),
            self.address("proposals/<uuid:public_id>/send-back/", licences.send_back, "send_back"),
        ]


@admin.register(LicenceImport)
class LicenceImportAdmin(_DeskAdmin):
    def get_urls(self):
        return [
            self.address("", importing.imports, "changelist"),
            self.address("add/", importing.add, "add"),
            self.address("template.xlsx", importing.template, "template"),
            self.address("<uuid:public_id>/", importing.batch, "change"),
            self.address("<uuid:public_id>/errors/", importing.errors, "errors"),
            self.address("<uuid:public_id>/moves/<slug:move>/", importing.move, "move"),
        ]


@admin.register(AfterCheck)
class AfterCheckAdmin(_DeskAdmin):
    """Addressed by the task, whose check it is."""

    def get_urls(self):
        return [
            self.address("", checks.checks, "changelist"),
            self.address("<uuid:public_id>/", checks.check, "change"),
            self.address("<uuid:public_id>/annul/", checks.annul, "annul"),
            self.address("<uuid:public_id>/moves/<slug:move>/", checks.move, "move"),
        ]


admin.site.register(DepartmentClient, DepartmentClientAdmin)
admin.site.register(LicenceFile, LicenceFileAdmin)


@admin.register(OfficialLookup)
class OfficialLookupAdmin(_DeskAdmin):
    """Who looked at whose licences, only read."""

    title = "用证记录"

    def has_module_permission(self, request):
        return request.user.is_superuser

    def get_urls(self):
        return [self.address("", looking.lookups, "changelist")]
