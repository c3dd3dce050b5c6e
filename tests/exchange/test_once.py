"""A named call of the API is answered once, also when it is asked again before the first answer is there."""

import threading

import pytest
from django.db import connection, transaction

from exchange.models import Call
from exchange.once import OtherBody, StillRunning, once
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_second_call_gets_the_first_ones_answer_and_does_nothing():
    user, done = UserFactory(), []
    act = lambda: (201, {"id": len(done) or done.append(1) or 1})  # noqa: E731
    assert once(user, "a", {"x": 1}, act) == once(user, "a", {"x": 1}, act) == (201, {"id": 1})
    assert done == [1]


def test_a_key_means_one_body_of_one_person():
    user, act = UserFactory(), lambda: (201, {})
    once(user, "a", {"x": 1}, act)
    with pytest.raises(OtherBody):
        once(user, "a", {"x": 2}, act)
    assert once(UserFactory(), "a", {"x": 2}, act) == (201, {})


def test_what_was_refused_leaves_no_key():
    def refuse():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once(UserFactory(), "a", {}, refuse)
    assert not Call.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_call_asked_meanwhile_is_told_so_instead_of_waiting():
    user, begun, end = UserFactory(), threading.Event(), threading.Event()

    def slow():
        begun.set()
        assert end.wait(10)
        return 201, {"id": 1}

    def first():
        once(user, "a", {}, slow)
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert begun.wait(10)
    try:
        with pytest.raises(StillRunning), transaction.atomic():
            once(user, "a", {}, slow)
    finally:
        end.set()
        thread.join()
    assert once(user, "a", {}, slow) == (201, {"id": 1})
