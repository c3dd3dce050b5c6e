from django.contrib import admin
from django.urls import path

from certificates.models import Licence
from certificates.views import checks, licences
from routing.models import AfterCheck


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
            self.address("proposals/<uuid:public_id>/approve/", licences.approve, "approve"),
            self.address("proposals/<uuid:public_id>/send-back/", licences.send_back, "send_back"),
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
