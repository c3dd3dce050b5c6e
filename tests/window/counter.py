"""What a clerk does at the window, through the pages."""

from django.test import Client
from django.urls import reverse

from licensing.models import Authority
from tests.licensing.samples import PDF, upload
from tests.window.conftest import ID_NUMBER
from window.people import Person

WHO = {"authority": "self", "person_name": "李四", "person_id_number": ID_NUMBER}
LI_SI = Person("李四", ID_NUMBER, Authority.SELF)


def browser_of(user):
    client = Client()
    client.force_login(user)
    return client


def look_up(user, text):
    return browser_of(user).post(reverse("window:home"), {"text": text})


def opened(user, draft):
    """The clerk's browser, after typing the draft's code."""
    browser = browser_of(user)
    browser.post(reverse("window:home"), {"text": draft.draft_code})
    return browser


def page(name, row):
    return reverse(f"window:{name}", args=[row.public_id])


def sheet():
    return upload(PDF, "签名页.pdf")
