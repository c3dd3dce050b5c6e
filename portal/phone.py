"""The number for text messages: given by who wants them, taken away by who does not."""

import re

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render

from licensing.forms.text import PhoneField


class MobileField(PhoneField):
    def clean(self, value):
        text = super().clean(value)
        if text and not re.fullmatch(r"1[3-9][0-9]{9}", text):
            raise ValidationError("收短信要填手机号：11 位，以 13 至 19 开头")
        return text


class PhoneForm(forms.Form):
    phone = MobileField(label="手机号", max_length=20, required=False, help_text="不想收短信的，把这一项清空再保存。")


@login_required
def phone(request):
    form = PhoneForm(request.POST if request.method == "POST" else None, initial={"phone": request.user.phone})
    if form.is_valid():
        request.user.phone = form.cleaned_data["phone"] or ""
        request.user.save(update_fields=["phone"])
        messages.success(request, "手机号已经保存。" if request.user.phone else "手机号已经清空，不再发短信。")
        return redirect("account_change_password")
    return render(request, "portal/phone.html", {"form": form, "gateway": bool(settings.SMS_URL)})
