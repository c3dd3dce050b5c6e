"""The addresses of the API's first version. docs/openapi.yaml is its committed description."""

from django.urls import path

from certificates.api.public import EnterpriseView, LicenceView
from certificates.api.sharing import SharingFileView, SharingView
from certificates.api.verifying import VerifyView
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
    path("licences/<str:identifier>/", LicenceView.as_view(), name="licence"),
    path("sharing/licences/", SharingView.as_view(), name="sharing"),
    path("sharing/licences/<uuid:public_id>/files/<str:key>/", SharingFileView.as_view(), name="sharing-file"),
    path("verify/", VerifyView.as_view(), name="verify"),
]
