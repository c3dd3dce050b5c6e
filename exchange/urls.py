from django.urls import path

from exchange import views

app_name = "exchange"

urlpatterns = [
    path("messages/", views.inbox, name="inbox"),
    path("messages/read/", views.read_all, name="read-all"),
    path("messages/<int:message_id>/read/", views.read, name="read"),
]
