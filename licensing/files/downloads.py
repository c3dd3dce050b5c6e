"""The answer that hands a file out: always a download, never rendered as a page of ours, kept by no cache."""

from django.http import FileResponse


def download(content, name, content_type):
    """content: a binary file object, which the answer closes."""
    response = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
