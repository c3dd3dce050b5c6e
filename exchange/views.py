"""A person's inbox. Only a POST notes that something was read: what scans the links of a mail reads nothing."""

from django.conf import settings
from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from exchange import messages

PAGE_SIZE = 20


@login_required
@require_safe
def inbox(request):
    page = Paginator(request.user.inbox.all(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "exchange/inbox.html", {"page_obj": page, "also": _also(request.user)})


def _also(user):
    """Where else the same is sent, in words; "" for nowhere."""
    return "和".join(["邮箱"] * bool(user.email) + ["手机"] * bool(user.phone and settings.SMS_URL))


@login_required
@require_POST
def read(request, message_id):
    """Note that it was read, and go where it points."""
    message = get_object_or_404(request.user.inbox, pk=message_id)
    messages.read(request.user.inbox.filter(pk=message.pk))
    return redirect(message.path or "exchange:inbox")


@login_required
@require_POST
def read_all(request):
    messages.read(request.user.inbox.all())
    notices.success(request, "全部标为已读了。")
    return redirect("exchange:inbox")
