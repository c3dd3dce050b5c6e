from django.urls import path

from licensing.views import enterprises, papers, window

app_name = "licensing"
urlpatterns = [
    path("enterprises/", enterprises.enterprise_list, name="enterprises"),
    path("enterprises/add/", enterprises.enterprise_add, name="enterprise-add"),
    path("enterprises/<uuid:public_id>/", enterprises.enterprise, name="enterprise"),
    path("enterprises/<uuid:public_id>/premises/add/", enterprises.premises_add, name="premises-add"),
    path("window/enterprises/", window.confirmations, name="confirmations"),
    path("window/enterprises/<uuid:public_id>/", window.confirmation, name="confirmation"),
    path("applications/<uuid:public_id>/papers/", papers.paper_list, name="papers"),
    path("applications/<uuid:public_id>/papers/<slug:code>/", papers.upload, name="paper-upload"),
    path("applications/<uuid:public_id>/papers/<slug:code>/choose/", papers.choose, name="paper-choose"),
    path("applications/<uuid:public_id>/files/<uuid:file_id>/remove/", papers.remove, name="paper-remove"),
    path("files/<uuid:public_id>/", papers.stored_file, name="file"),
]
