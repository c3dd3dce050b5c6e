from django.urls import path

from guidance import views

app_name = "guidance"
urlpatterns = [
    path("guide/", views.themes, name="themes"),
    path("guide/start/", views.start, name="start"),
    path("guide/<uuid:public_id>/", views.resume, name="resume"),
    path("guide/<uuid:public_id>/q/<slug:code>/", views.question, name="question"),
    path("guide/<uuid:public_id>/answers/", views.summary, name="summary"),
    path("guide/<uuid:public_id>/result/", views.result, name="result"),
    path("items/<slug:code>/", views.item, name="item"),
]
