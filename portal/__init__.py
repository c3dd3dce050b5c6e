# shared_task of the apps binds to this Celery app once it is imported.
from portal.celery import app as celery_app

__all__ = ["celery_app"]
