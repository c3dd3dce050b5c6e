from celery import shared_task

from exchange import outbox


@shared_task
def deliver(delivery_id):
    outbox.attempt(delivery_id)


@shared_task
def sweep():
    outbox.sweep()
