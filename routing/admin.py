from django.contrib import admin
from django.urls import path

from routing import operators
from routing.models import ApprovalTask
from routing.views import desk, heads, printing, queues

# The operators' pages register themselves.
__all__ = ["ApprovalTaskAdmin", "operators"]


@admin.register(ApprovalTask)
class ApprovalTaskAdmin(admin.ModelAdmin):
    """The officers' desk: pages of our own in the admin. A task is moved by its lawful moves, never edited."""

    def has_module_permission(self, request):
        return False  # the desk stands in the navigation, not among what operators set up

    def get_urls(self):
        def address(route, view, name):
            return path(route, self.admin_site.admin_view(view), name=f"routing_approvaltask_{name}")

        return [
            address("", queues.queue, "changelist"),
            address("accept/", queues.accept_selected, "accept_selected"),
            address("load/", heads.office_load, "load"),
            address("load/<int:office_id>/reassign/", heads.reassign_selected, "reassign_selected"),
            address("preview/<uuid:file_id>/", desk.preview, "preview"),
            address("<uuid:public_id>/", desk.task, "change"),
            address("<uuid:public_id>/form.pdf", printing.item_form, "form"),
            address("<uuid:public_id>/values/<slug:code>/", desk.disclose, "disclose"),
            address("<uuid:public_id>/<slug:move>/", desk.move, "move"),
        ]
