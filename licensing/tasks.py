from celery import shared_task

from licensing.files import blobs, quarantine, uploads


@shared_task
def check_files():
    quarantine.sweep()


@shared_task
def remove_bytes():
    uploads.sweep()
    blobs.sweep()
