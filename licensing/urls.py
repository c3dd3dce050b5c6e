from django.contrib.auth.decorators import login_required
from django.urls import path

from licensing.views import (
    applicant,
    applications,
    coded,
    disputing,
    enterprises,
    files,
    members,
    papers,
    planning,
    printing,
    promising,
    signing,
    tables,
    window,
)
from licensing.views.filling import Filling, resume

app_name = "licensing"
_form = login_required(Filling.as_view(url_name="licensing:form"))

urlpatterns = [
    path("enterprises/", enterprises.enterprise_list, name="enterprises"),
    path("enterprises/add/", enterprises.enterprise_add, name="enterprise-add"),
    path("enterprises/<uuid:public_id>/", enterprises.enterprise, name="enterprise"),
    path("enterprises/<uuid:public_id>/premises/add/", enterprises.premises_add, name="premises-add"),
    path("enterprises/<uuid:public_id>/members/", members.member_list, name="members"),
    path("invitations/<str:token>/", members.invitation, name="invitation"),
    path("window/enterprises/", window.confirmations, name="confirmations"),
    path("window/enterprises/<uuid:public_id>/", window.confirmation, name="confirmation"),
    path("applications/", applications.application_list, name="list"),
    path("applications/code/", coded.by_code, name="by-code"),
    path("applications/start/", applicant.start, name="start"),
    path("applications/<uuid:public_id>/", applications.detail, name="detail"),
    path("applications/<uuid:public_id>/delete/", applications.delete, name="delete"),
    path("applications/<uuid:public_id>/who/", applicant.who, name="who"),
    path("applications/<uuid:public_id>/where/", applicant.where, name="where"),
    path("applications/<uuid:public_id>/plan/", planning.plan, name="plan"),
    path("applications/<uuid:public_id>/plan/<slug:code>/", planning.question, name="question"),
    path("applications/<uuid:public_id>/form/", resume, name="resume"),
    path("applications/<uuid:public_id>/form/<slug:step>/", _form, name="form"),
    path("applications/<uuid:public_id>/form/<slug:step>/<slug:element>/table/", tables.table, name="table"),
    path(
        "applications/<uuid:public_id>/form/<slug:step>/<slug:element>/table/template/",
        tables.template,
        name="table-template",
    ),
    path("applications/<uuid:public_id>/known/<slug:code>/", disputing.dispute, name="dispute"),
    path("applications/<uuid:public_id>/promises/", promising.promises, name="promises"),
    path("applications/<uuid:public_id>/review/", signing.review, name="review"),
    path("applications/<uuid:public_id>/submit/", signing.hand_in, name="submit"),
    path("applications/<uuid:public_id>/ask/", signing.ask, name="ask-to-sign"),
    path("applications/<uuid:public_id>/papers/", papers.paper_list, name="papers"),
    path("applications/<uuid:public_id>/papers/ask/", papers.ask, name="papers-ask"),
    path("applications/<uuid:public_id>/papers/<slug:code>/", papers.upload, name="paper-upload"),
    path("applications/<uuid:public_id>/papers/<slug:code>/choose/", papers.choose, name="paper-choose"),
    path("applications/<uuid:public_id>/files/<uuid:file_id>/remove/", papers.remove, name="paper-remove"),
    path("applications/<uuid:public_id>/files/<uuid:file_id>/", files.file_row, name="file-row"),
    path("applications/<uuid:public_id>/forms/<slug:code>.pdf", printing.item_form, name="item-form"),
    path("applications/<uuid:public_id>/package.pdf", printing.package, name="package"),
    path("files/<uuid:public_id>/", files.file, name="file"),
    path("files/<uuid:public_id>/preview/", files.preview, name="preview"),
    path("files/<uuid:public_id>/<slug:kind>/<str:token>/", files.file_bytes, name="file-bytes"),
]
