from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import ProgrammingError
from psycopg2.errors import UndefinedTable


@contextmanager
def needed():
    """Say what to do about a database that nobody has migrated yet. Raises CommandError."""
    try:
        yield
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UndefinedTable):
            raise
        raise CommandError("数据库里还没有表：请先运行 manage.py migrate（make run 会自动做这一步）。") from None
