from django.urls import path

from routing.views import corrections, ends, mapping, printing, reading

app_name = "routing"

urlpatterns = [
    path("guide/<uuid:public_id>/map/", mapping.of_session, name="map"),
    path("applications/<uuid:public_id>/map/", mapping.of_draft, name="draft-map"),
    path("tasks/<uuid:public_id>/correction/", corrections.correction, name="correction"),
    path("tasks/<uuid:public_id>/why/", reading.why, name="why"),
    path("applications/<uuid:public_id>/papers/<slug:code>/supply/", ends.supply, name="supply"),
    path("applications/<uuid:public_id>/withdraw/", ends.withdraw, name="withdraw"),
    path("applications/<uuid:public_id>/hold/", ends.hold, name="hold"),
    path("applications/<uuid:public_id>/documents/", reading.document_list, name="documents"),
    path("documents/<uuid:public_id>/", reading.document, name="document"),
    path("documents/<uuid:public_id>/document.pdf", printing.document, name="document-pdf"),
]
