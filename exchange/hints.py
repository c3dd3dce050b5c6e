"""Hints to the workers, sent from a thread: a Redis that is down, mute or slow never makes a request wait.

Measured without it: publishing to a Redis that accepts and says nothing blocked a request for more than 40 s.
"""

import logging
import queue
import threading

from celery import current_app

logger = logging.getLogger(__name__)

_waiting = queue.Queue(maxsize=10_000)
_starting = threading.Lock()
_publisher = None


def publish(delivery_ids):
    """Ask the workers to attempt these deliveries soon. Never blocks and never raises; a lost hint costs seconds."""
    _ensure_publisher()
    for delivery_id in delivery_ids:
        try:
            _waiting.put_nowait(delivery_id)
        except queue.Full:
            return  # the sweeper finds them


def _ensure_publisher():
    # Started on first use, not on import: a web server forks its processes after importing us.
    global _publisher
    with _starting:
        if _publisher is None or not _publisher.is_alive():
            _publisher = threading.Thread(target=_publish_for_ever, name="hints", daemon=True)
            _publisher.start()


def _publish_for_ever():
    while True:
        delivery_id = _waiting.get()
        try:
            current_app.send_task("exchange.tasks.deliver", args=[delivery_id], retry=False)
        except Exception as error:
            logger.warning("a hint was not sent (%s); the sweeper will find its delivery", type(error).__name__)
        finally:
            _waiting.task_done()
