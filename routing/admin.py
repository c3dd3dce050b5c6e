from django.contrib import admin
from django.urls import path

from routing import views
from routing.models import ApprovalTask


@admin.register(ApprovalTask)
class ApprovalTaskAdmin(admin.ModelAdmin):
    """The officers' desk: pages of our own in the admin. A task is moved by its lawful moves, never edited."""

    def has_module_permission(self, request):
        return False  # the desk stands in the navigation, not among what operators set up

    def get_urls(self):
        def address(route, view, name):
            return path(route, self.admin_site.admin_view(view), name=f"routing_approvaltask_{name}")

        return [
            address("", views.queue, "changelist"),
            address("<uuid:public_id>/", views.task, "change"),
            address("<uuid:public_id>/accept/", views.accept, "accept"),
            address("<uuid:public_id>/grant/", views.grant, "grant"),
            address("<uuid:public_id>/refuse/", views.refuse, "refuse"),
        ]
