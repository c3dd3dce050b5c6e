"""Rows by the hundred thousand, through PostgreSQL's COPY: a table is filled as fast as the server takes it."""

import io
import json
import re
from datetime import datetime

from django.db import connection, models

_UNSAFE = re.compile(r"[\\\t\n\r]").search
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def without_checks():
    """Leave foreign keys unchecked in this session, where PostgreSQL lets us: they would take half of the time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            cursor.execute("SET session_replication_role = replica")


class Table:
    """Rows of a model on their way to its table; what is not given takes the field's default.

    Rows refer to each other by ids, so the tables are flushed together, the referred to first.
    """

    def __init__(self, model, now):
        fields = model._meta.concrete_fields
        self.name, self.names = model._meta.db_table, [field.attname for field in fields]
        # A time that the ORM sets by itself is now.
        self.defaults = {
            field.attname: now if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False) else None
            for field in fields
        }
        self.callables = {}
        for field in fields:
            if field.has_default():
                if callable(field.default) and not isinstance(field, models.JSONField):
                    self.callables[field.attname] = field.default
                else:
                    self.defaults[field.attname] = field.get_default()
            elif field.empty_strings_allowed and not field.null and not field.primary_key:
                self.defaults[field.attname] = ""
        self.lines, self.last = [], self._first() - 1

    @property
    def next_id(self):
        return self.last + 1

    def add(self, **values):
        """Return the id that the row will have."""
        self.last += 1
        made = {name: make() for name, make in self.callables.items() if name not in values}
        row = self.defaults | made | values | {"id": self.last}
        self.lines.append("\t".join([_text(row[name]) for name in self.names]))
        return self.last

    def flush(self):
        """Send what is left, and let the next row of the portal's own take the next id."""
        if not self.lines:
            return
        columns = ", ".join(f'"{name}"' for name in self.names)
        with connection.cursor() as cursor:
            lines = io.StringIO("\n".join(self.lines) + "\n")
            cursor.cursor.copy_expert(f"COPY {self.name} ({columns}) FROM STDIN", lines)
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [self.name, self.last])
        self.lines = []

    def _first(self):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {self.name}")  # noqa: S608
            return cursor.fetchone()[0]


def _text(value):
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int | datetime):
        return str(value)
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    text = str(value)
    return text.translate(_ESCAPED) if _UNSAFE(text) else text
