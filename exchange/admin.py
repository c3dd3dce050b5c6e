"""The operators' page of deliveries that were given up: what, why, since when, and once more."""

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from exchange import outbox
from exchange.models import Delivery

PAGE = 50


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    title = "停下的消息"

    def has_module_permission(self, request):
        return request.user.is_superuser

    def get_urls(self):
        def address(route, view, name):
            return path(route, self.admin_site.admin_view(view), name=f"exchange_delivery_{name}")

        return [
            address("", self.parked, "changelist"),
            address("<int:delivery_id>/retry/", self.retry, "retry"),
        ]

    def parked(self, request):
        _only_operators(request)
        deliveries = Delivery.objects.parked().select_related("event").order_by("-parked_at", "-pk")
        page = Paginator(deliveries, PAGE).get_page(request.GET.get("page"))
        return render(request, "admin/parked.html", {"page_obj": page, "title": self.title})

    def retry(self, request, delivery_id):
        _only_operators(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if delivery_id > 2**63 - 1:
            raise Http404
        delivery = get_object_or_404(Delivery.objects.select_related("event"), pk=delivery_id)
        with transaction.atomic():
            if outbox.retry(delivery.pk):
                self.log_change(request, delivery, f"{delivery.event.kind} → {delivery.handler}：再试一次")
                self.message_user(request, "已经放回队列，几秒钟后重新办理。", messages.SUCCESS)
            else:
                self.message_user(request, "这一条已经不在停下的清单里，没有改动。", messages.WARNING)
        return redirect("admin:exchange_delivery_changelist")


def _only_operators(request):
    if not request.user.is_superuser:
        raise Http404
