from django.urls import path

from routing import applicant_views as views

app_name = "routing"

urlpatterns = [
    path("tasks/<uuid:public_id>/correction/", views.correction, name="correction"),
    path("tasks/<uuid:public_id>/why/", views.why, name="why"),
    path("applications/<uuid:public_id>/papers/<slug:code>/supply/", views.supply, name="supply"),
    path("applications/<uuid:public_id>/withdraw/", views.withdraw, name="withdraw"),
    path("applications/<uuid:public_id>/hold/", views.hold, name="hold"),
    path("applications/<uuid:public_id>/documents/", views.document_list, name="documents"),
    path("documents/<uuid:public_id>/", views.document, name="document"),
]
