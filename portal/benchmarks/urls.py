"""The portal's addresses and the bare view that the public page is measured against."""

from django.db import connection
from django.http import HttpResponse
from django.urls import path

from certificates.public.facts import STATEMENT
from portal import policy, short_way, urls


def bare(request, token):
    """One raw SQL statement for the rows of the public page, and nothing made of them."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [token])
        rows = cursor.fetchall()
    return HttpResponse(str(len(rows)), content_type="text/plain")


policy.TABLE["bare"] = policy.PUBLIC
short_way.PAGES.add("bare-short")
# Before all others, so that it pays no more than the page for finding its view.
urlpatterns = [
    path("bare/<str:token>/", bare, name="bare"),
    path("e/bare/<str:token>/", bare, name="bare-short"),
    *urls.urlpatterns,
]
