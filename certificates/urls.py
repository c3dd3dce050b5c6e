from django.urls import path

from certificates.views import codes, elicences, holding, official, reading, reissuing

app_name = "certificates"
urlpatterns = [
    path("licences/<uuid:public_id>/renew/", reissuing.renew, name="renew"),
    path("licences/<uuid:public_id>/change/", reissuing.change, name="change"),
    path("e/<str:token>/", reading.public, name="public"),
    path("e/<str:token>/official/", official.page, name="official"),
    path("e/<str:token>/official/<uuid:public_id>/<str:key>/", official.file, name="official-file"),
    path("enterprises/<uuid:public_id>/licences/", holding.register, name="register"),
    path("enterprises/<uuid:public_id>/licences.ics", holding.calendar, name="calendar"),
    path("enterprises/<uuid:public_id>/qr.<slug:kind>", codes.qr, name="qr"),
    path("enterprises/<uuid:public_id>/door-sign-<slug:paper>.pdf", codes.door_sign, name="door-sign"),
    path("enterprises/<uuid:public_id>/recode/", codes.recode, name="recode"),
    path("enterprises/<uuid:public_id>/lookups/", official.lookups, name="lookups"),
    path("licences/<uuid:public_id>/file.pdf", elicences.file, name="file"),
    path("licences/<uuid:public_id>/file/", elicences.ask_file, name="ask-file"),
    path("verify/", elicences.verify, name="verify"),
    path("endings/<uuid:public_id>/", reading.ending, name="ending"),
]
