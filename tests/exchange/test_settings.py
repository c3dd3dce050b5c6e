"""How Celery must be set for a lost or doubled message to cost nothing but seconds."""

from exchange import outbox
from portal.celery import app

conf = app.conf


def test_a_message_is_acknowledged_after_the_work_and_given_back_when_the_worker_dies():
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1


def test_no_result_is_kept():
    assert conf.task_ignore_result
    assert conf.result_backend is None


def test_messages_are_json_and_nothing_else():
    assert conf.task_serializer == "json"
    assert conf.accept_content == ["json"]


def test_a_message_is_given_to_another_worker_only_after_the_task_must_have_ended():
    assert conf.task_soft_time_limit < conf.task_time_limit
    assert conf.task_time_limit < outbox._LEASE.total_seconds()
    timeouts = (
        conf.broker_transport_options["visibility_timeout"],
        conf.result_backend_transport_options["visibility_timeout"],
        conf.visibility_timeout,
    )
    assert set(timeouts) == {120}
    assert max(timeouts) > conf.task_time_limit


def test_publishing_neither_retries_nor_waits_for_a_mute_socket():
    assert conf.task_publish_retry is False
    assert conf.broker_transport_options["socket_timeout"] <= 2
    assert conf.broker_transport_options["socket_connect_timeout"] <= 1


# Nobody waits for bytes to be gone, nor on the minute to be told what ends in a month.
HOUSEKEEPING = {
    "certificates.tasks.forget_imports",
    "certificates.tasks.remind_of_ends",
    "certificates.tasks.remove_bytes",
    "licensing.tasks.remove_bytes",
}


def test_a_sweep_that_waited_too_long_is_dropped_and_nobody_waits_more_than_thirty_seconds_for_one():
    for entry in conf.beat_schedule.values():
        assert entry["schedule"] <= 30 or entry["task"] in HOUSEKEEPING
        assert entry["options"]["expires"] <= entry["schedule"]
