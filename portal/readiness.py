"""What the portal needs before it can serve: the database with today's tables and a published catalogue."""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from redis.backoff import NoBackoff
from redis.retry import Retry

from guidance import releases


def check():
    """Return {"database", "migrations", "catalogue", "redis"}, each True or False."""
    checks = {"database": False, "migrations": False, "catalogue": False, "redis": _redis_answers()}
    try:
        connection.ensure_connection()
        checks["database"] = True
        executor = MigrationExecutor(connection)
        checks["migrations"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        releases.current()
        checks["catalogue"] = True
    except (DatabaseError, releases.NothingPublished):
        pass  # What did not get its turn stays False.
    return checks


def is_ready(checks):
    return checks["database"] and checks["migrations"] and checks["catalogue"]


def _redis_answers():
    client = redis.Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_timeout=0.5,
        socket_connect_timeout=0.5,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        return client.ping()
    except redis.RedisError:
        return False
    finally:
        client.close()
