"""The addresses of the API's first version. docs/openapi.yaml is its committed description."""

from django.urls import path

from certificates.api import EnterpriseView
from guidance.api import ItemListView, ReplayView
from licensing.api import ApplicationView
from licensing.filing_api import AgreeView, ApplicationListView, PaperView, SubmitView, ValuesView

app_name = "api"
urlpatterns = [
    path("applications/", ApplicationListView.as_view(), name="applications"),
    path("applications/<uuid:public_id>/", ApplicationView.as_view(), name="application"),
    path("applications/<uuid:public_id>/agree/", AgreeView.as_view(), name="agree"),
    path("applications/<uuid:public_id>/papers/<slug:code>/", PaperView.as_view(), name="paper"),
    path("applications/<uuid:public_id>/submit/", SubmitView.as_view(), name="submit"),
    path("applications/<uuid:public_id>/values/", ValuesView.as_view(), name="values"),
    path("enterprises/<slug:token>/", EnterpriseView.as_view(), name="enterprise"),
    path("guidance/replay/", ReplayView.as_view(), name="replay"),
    path("items/", ItemListView.as_view(), name="items"),
]
