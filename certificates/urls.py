from django.urls import path, register_converter

from certificates.views import codes, elicences, holding, official, public, reading, reissuing


class AnythingConverter:
    """Any letters at all: a code that cannot be one is answered like one that nobody has."""

    regex = r"(?s:.+)"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(AnythingConverter, "anything")

app_name = "certificates"
urlpatterns = [
    path("e/<str:token>/official/", official.page, name="official"),
    path("e/<str:token>/official/<uuid:public_id>/<str:key>/", official.file, name="official-file"),
    path("e/<anything:token>/", public.public, name="public"),
    path("look-up/", public.look_up, name="look-up"),
    path("licences/<uuid:public_id>/renew/", reissuing.renew, name="renew"),
    path("licences/<uuid:public_id>/change/", reissuing.change, name="change"),
    path("enterprises/<uuid:public_id>/licences/", holding.register, name="register"),
    path("enterprises/<uuid:public_id>/licences.ics", holding.calendar, name="calendar"),
    path("enterprises/<uuid:public_id>/qr.<slug:kind>", codes.qr, name="qr"),
    path("enterprises/<uuid:public_id>/door-sign-<slug:paper>.pdf", codes.door_sign, name="door-sign"),
    path("enterprises/<uuid:public_id>/recode/", codes.recode, name="recode"),
    path("enterprises/<uuid:public_id>/lookups/", official.lookups, name="lookups"),
    path("licences/<uuid:public_id>/file.pdf", elicences.file, name="file"),
    path("licences/<uuid:public_id>/file/", elicences.ask_file, name="ask-file"),
    path("verify/", elicences.verify, name="verify"),
    path("licences/<uuid:public_id>/life/", reading.life, name="life"),
    path("endings/<uuid:public_id>/", reading.ending, name="ending"),
]
