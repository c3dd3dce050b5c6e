from django.urls import path

from certificates import views

app_name = "certificates"
urlpatterns = [
    path("e/<str:token>/", views.public, name="public"),
    path("enterprises/<uuid:public_id>/qr.<slug:kind>", views.qr, name="qr"),
    path("endings/<uuid:public_id>/", views.ending, name="ending"),
]
