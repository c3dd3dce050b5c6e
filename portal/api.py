"""The addresses of the API's first version. docs/openapi.yaml is its committed description."""

from django.urls import path

from certificates.api import EnterpriseView
from guidance.api import ItemListView, ReplayView
from licensing.api import ApplicationListView, ApplicationView

app_name = "api"
urlpatterns = [
    path("applications/", ApplicationListView.as_view(), name="applications"),
    path("applications/<uuid:public_id>/", ApplicationView.as_view(), name="application"),
    path("enterprises/<slug:token>/", EnterpriseView.as_view(), name="enterprise"),
    path("guidance/replay/", ReplayView.as_view(), name="replay"),
    path("items/", ItemListView.as_view(), name="items"),
]
