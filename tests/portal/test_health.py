import socket
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse

from portal import readiness

pytestmark = pytest.mark.django_db

# Before any release takes effect.
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def ready(client):
    response = client.get("/readyz")
    return response.status_code, response.json()


def test_the_process_answers_without_asking_anybody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_with_tables_and_catalogue_the_portal_is_ready(client, catalogue):
    assert ready(client) == (200, {"database": True, "migrations": True, "catalogue": True, "redis": True})


@time_machine.travel(LONG_AGO)
def test_without_a_catalogue_in_effect_it_is_not_ready(client):
    status, checks = ready(client)
    assert (status, checks["migrations"], checks["catalogue"]) == (503, True, False)


def test_with_a_migration_missing_it_is_not_ready(client, catalogue):
    MigrationRecorder(connection).record_unapplied("portal", "0003_one_form")
    status, checks = ready(client)
    assert (status, checks["database"], checks["migrations"]) == (503, True, False)


def test_without_postgresql_it_is_not_ready_and_does_not_break(client, monkeypatch):
    monkeypatch.setattr(connection, "ensure_connection", _refused)
    status, checks = ready(client)
    assert (status, checks["database"]) == (503, False)


def _refused():
    raise OperationalError


def test_redis_down_or_mute_is_told_but_does_not_take_the_portal_down(client, catalogue, settings):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{mute.getsockname()[1]}/0"
        assert ready(client)[0] == 200
    status, checks = ready(client)
    assert (status, checks["redis"]) == (200, False)


def test_a_probe_without_cookies_leaves_no_session(client, catalogue):
    assert not client.get("/readyz").cookies
    assert readiness.check()["database"]


@time_machine.travel(LONG_AGO)
def test_the_home_page_works_before_a_catalogue_is_there(client):
    assert client.get(reverse("portal:home")).status_code == 200
