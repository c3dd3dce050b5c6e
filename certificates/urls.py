from django.urls import path

from certificates.views import reading

app_name = "certificates"
urlpatterns = [
    path("e/<str:token>/", reading.public, name="public"),
    path("enterprises/<uuid:public_id>/qr.<slug:kind>", reading.qr, name="qr"),
    path("endings/<uuid:public_id>/", reading.ending, name="ending"),
]
