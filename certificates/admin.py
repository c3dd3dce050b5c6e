from django.contrib import admin
from django.urls import path

from certificates import check_desk, licence_desk
from certificates.models import Licence
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
            self.address("", licence_desk.licences, "changelist"),
            self.address("<uuid:public_id>/", licence_desk.licence, "change"),
            self.address("<uuid:public_id>/end/<slug:kind>/", licence_desk.end, "end"),
            self.address("proposals/<uuid:public_id>/approve/", licence_desk.approve, "approve"),
            self.address("proposals/<uuid:public_id>/send-back/", licence_desk.send_back, "send_back"),
        ]


@admin.register(AfterCheck)
class AfterCheckAdmin(_DeskAdmin):
    """Addressed by the task, whose check it is."""

    def get_urls(self):
        return [
            self.address("", check_desk.checks, "changelist"),
            self.address("<uuid:public_id>/", check_desk.check, "change"),
            self.address("<uuid:public_id>/annul/", check_desk.annul, "annul"),
            self.address("<uuid:public_id>/moves/<slug:move>/", check_desk.move, "move"),
        ]
