"""Going on with a draft by its code (申请码), at a phone or a terminal after another device."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from licensing.draft_codes import code_of
from licensing.models import Application

# Codes are not to be guessed even by who is signed in, though one alone opens nothing.
MOST_MISSES = 10
MISSES_COUNT_FOR = 600  # seconds after the last one
NOT_FOUND = "没有找到这个申请码的申请。请核对申请码，并确认用的是填这份申请的账号，或者是能代表这个主体的账号。"
TOO_MANY = "试的次数太多了，请 10 分钟以后再试，或者从“我的办件”里找。"


class CodeForm(forms.Form):
    code = forms.CharField(
        label="申请码",
        help_text="8 位，例如 7KQ4-M2XB，写在申请页面上和打印的申请表上。可以扫码，大小写、有没有横线都行。",
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True}
        ),
        error_messages={"required": "请填写申请码，例如 7KQ4-M2XB。", "max_length": "申请码是 8 位，请核对。"},
    )

    def clean_code(self):
        try:
            return code_of(self.cleaned_data["code"])
        except ValueError as error:
            raise ValidationError(str(error)) from None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request):
    """Another's code and one that nobody has get the same answer."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        key = f"by-code-{request.user.pk}"
        misses = cache.get(key, 0)
        own = misses < MOST_MISSES and _own(request.user, form.cleaned_data["code"])
        if own:
            return redirect("licensing:detail", own.public_id)
        cache.set(key, misses + 1, MISSES_COUNT_FOR)
        form.add_error("code", TOO_MANY if misses >= MOST_MISSES else NOT_FOUND)
    return render(request, "licensing/by_code.html", {"form": form})


def _own(user, code):
    return Application.objects.for_applicant(user).filter(draft_code=code).first()
