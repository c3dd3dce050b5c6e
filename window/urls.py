from django.urls import path

from window.views import cases, looking, receiving, shelf

app_name = "window"

urlpatterns = [
    path("window/", looking.home, name="home"),
    path("window/hall/", looking.hall, name="hall"),
    path("window/today/", looking.day, name="today"),
    path("window/holders/<uuid:public_id>/", looking.holder, name="holder"),
    path("window/start/", cases.start, name="start"),
    path("window/cases/<uuid:public_id>/", cases.case, name="case"),
    path("window/cases/<uuid:public_id>/assist/", cases.assist, name="assist"),
    path("window/cases/<uuid:public_id>/take-over/", cases.take_over, name="take-over"),
    path("window/cases/<uuid:public_id>/stop/", cases.stop, name="stop"),
    path("window/cases/<uuid:public_id>/receive/", receiving.receive, name="receive"),
    path("window/cases/<uuid:public_id>/submit/", cases.submit, name="submit"),
    path("window/receipts/<uuid:public_id>/", receiving.receipt, name="receipt"),
    path("window/receipts/<uuid:public_id>/print/", receiving.receipt_pdf, name="receipt-pdf"),
    path("window/shelf/", shelf.on_shelf, name="shelf"),
    path("window/shelf/<uuid:public_id>/", shelf.hand_over, name="hand-over"),
    path("window/shelf/<uuid:public_id>/given/", shelf.given, name="given"),
    path("window/shelf/<uuid:public_id>/slip/", shelf.slip, name="slip"),
    path("receipts/<uuid:public_id>/", receiving.own_receipt, name="own-receipt"),
]
