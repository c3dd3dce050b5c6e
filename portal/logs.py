"""Structured logs: one JSON object a line, with the id of the request; no field of a form is ever a log field."""

import contextvars
import json
import logging
import re
import traceback
import uuid

_request_id = contextvars.ContextVar("request_id", default="")
# A caller's id is taken over only in a harmless form: it ends up in log lines.
_ACCEPTABLE = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestIdMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        request.id = given if _ACCEPTABLE.fullmatch(given) else uuid.uuid4().hex
        token = _request_id.set(request.id)
        try:
            response = self.get_response(request)
        finally:
            _request_id.reset(token)
        response["X-Request-ID"] = request.id
        return response


class RequestIdFilter(logging.Filter):
    def filter(self, record):
        # Django logs refused requests after the middleware has ended, but hands the request over.
        record.request_id = _request_id.get() or getattr(getattr(record, "request", None), "id", "")
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record):
        entry = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", ""),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)

    def formatException(self, exc_info):
        """The places and classes of an error without its words: PostgreSQL, for one, quotes the row it refuses."""
        lines, error = [], exc_info[1]
        while error is not None:
            lines = [*traceback.format_tb(error.__traceback__), f"{type(error).__qualname__}\n", *lines]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "".join(lines)
