"""Kept pages: gone with the change that commits, never older than a few seconds, and none while nobody listens."""

import http.client
import os
import sys
import time
from contextlib import closing, contextmanager

import pytest
from django.conf import settings
from django.db import connection, transaction

from certificates.models import Licence, LicenceStatus
from certificates.public import cache
from certificates.public.cache import EVERY_PAGE, LIFE, SIZE, Pages
from portal.benchmarks.processes import free_port
from portal.supervisor import Child, stop
from tests.factories import LicenceFactory


@pytest.fixture
def listening():
    pages = Pages()
    pages.listen()
    return pages


def test_a_page_is_kept_for_its_language_and_for_seconds(listening, time_machine):
    listening.keep("code", "zh", b"page", listening.reading())
    assert (listening.get("code", "zh"), listening.get("code", "en"), listening.get("other", "zh")) == (
        b"page",
        None,
        None,
    )
    generation, read_at = listening.reading()
    listening.keep("code", "zh", b"old", (generation, read_at - LIFE))
    assert listening.get("code", "zh") is None


@pytest.mark.parametrize("told", ["code", EVERY_PAGE])
def test_what_changed_is_forgotten_in_all_languages(listening, told):
    for language in ("zh", "en"):
        listening.keep("code", language, b"page", listening.reading())
    listening.forget(told)
    assert listening.get("code", "zh") is listening.get("code", "en") is None


def test_what_was_read_before_a_change_is_not_kept_after_it(listening):
    reading = listening.reading()
    listening.forget("code")
    listening.keep("code", "zh", b"stale", reading)
    assert listening.get("code", "zh") is None


def test_while_nobody_listens_nothing_is_kept(listening):
    reading = listening.reading()
    listening.keep("code", "zh", b"page", reading)
    listening.stop()
    assert listening.get("code", "zh") is None
    listening.keep("code", "zh", b"page", listening.reading())
    assert listening.get("code", "zh") is None
    # Nor what was read before it listened again: a change may have passed unheard.
    listening.listen()
    listening.keep("code", "zh", b"page", reading)
    assert listening.get("code", "zh") is None


def test_it_does_not_grow_without_end(listening):
    for number in range(SIZE + 5):
        listening.keep(str(number), "zh", b"page", listening.reading())
    assert len(listening._pages) == SIZE
    assert (listening.get("4", "zh"), listening.get("5", "zh")) == (None, b"page")


@pytest.fixture
def told(transactional_db):
    """A function that gives what has been told since it was last called."""
    with connection.cursor() as cursor:
        cursor.execute("LISTEN public_pages")
    heard = connection.connection.notifies

    def told():
        connection.connection.poll()
        words = sorted(word.payload for word in heard)
        heard.clear()
        return words

    yield told
    connection.close()


def test_every_change_that_a_page_shows_is_told_when_it_commits(told):
    licence = LicenceFactory()
    enterprise = licence.holder
    changes = [
        lambda: LicenceFactory(holder=enterprise, premises=None),
        lambda: Licence.objects.update(status=LicenceStatus.ANNULLED),
        lambda: type(enterprise).objects.update(name="改了名称的公司"),
        lambda: type(licence.premises).objects.update(address="搬到别处"),
    ]
    for change in changes:
        told()
        with transaction.atomic():
            change()
            assert told() == []
        assert told() == [enterprise.public_token]
    type(enterprise).objects.update(public_token="a-new-code")
    assert told() == sorted([enterprise.public_token, "a-new-code"])


def test_many_changes_at_once_are_told_as_many(told):
    LicenceFactory.create_batch(21, premises=None)
    told()
    Licence.objects.update(scope="热食")
    assert told() == [EVERY_PAGE]


@contextmanager
def web_processes():
    """Two real web processes with their caches on; gives their port and the folder of their log."""
    port = free_port()
    address = dict(settings.DATABASES["default"])
    url = f"postgresql:///{connection.settings_dict['NAME']}?host={address['HOST']}&user={address['USER']}"
    argv = [sys.executable, "-m", "gunicorn", "portal.wsgi", "-b", f"127.0.0.1:{port}", "-k", "gthread"]
    child = Child(
        "web",
        [*argv, "--threads", "2", "--workers", "2", "--no-control-socket", "--log-level", "warning"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url, "PUBLIC_CACHE": "1"},
    )
    child.start()
    try:
        yield port
    finally:
        stop([child])


def ask(port, token):
    """(status, text) from whichever process answers."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as link:
        link.request("GET", f"/e/{token}/")
        answer = link.getresponse()
        return answer.status, answer.read().decode()


def _await(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _answers(port):
    try:
        return ask(port, "nobody")[0] in (404, 429)
    except OSError:
        return False


def _listeners():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND datname = current_database()",
            [cache.APPLICATION],
        )
        return cursor.fetchone()[0]


def _says_valid(port, token):
    return any("有效证照（1）" in ask(port, token)[1] for _ in range(8))


def _times(text):
    return text.partition('<time datetime="')[2][:25]


@pytest.mark.django_db(transaction=True)
def test_two_processes_forget_at_once_and_without_their_listeners_keep_nothing():
    first, second = LicenceFactory(), LicenceFactory()
    with web_processes() as port:
        _await(lambda: _answers(port))
        # Each begins to listen at the first page it is asked for.
        _await(lambda: ask(port, first.holder.public_token) and _listeners() == 2)
        shown = {_times(ask(port, first.holder.public_token)[1]) for _ in range(40)}
        assert len(shown) <= 4, "asked forty times, read a few times"
        Licence.objects.filter(pk=first.pk).update(status=LicenceStatus.ANNULLED)
        annulled_at = time.monotonic()
        _await(lambda: not _says_valid(port, first.holder.public_token), 5)
        assert time.monotonic() - annulled_at < 5
        assert _says_valid(port, second.holder.public_token)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
                [cache.APPLICATION],
            )
        Licence.objects.filter(pk=second.pk).update(status=LicenceStatus.ANNULLED)
        _await(lambda: not _says_valid(port, second.holder.public_token), 5)
        _await(lambda: ask(port, first.holder.public_token) and _listeners() == 2, 10)
