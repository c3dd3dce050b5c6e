"""The papers of an application: how each is met (ladder), and what the applicant hands in or decides (handing_in)."""

from licensing.papers.handing_in import (
    CHOICES,
    MAX_FILES,
    NotDeferrable,
    NotUploadable,
    attach,
    choose_portal,
    choose_upload,
    defer,
    detach,
    save_materials,
)
from licensing.papers.ladder import askable, ways, ways_ahead
from licensing.papers.paper import Later, Paper

__all__ = [
    "CHOICES",
    "MAX_FILES",
    "Later",
    "NotDeferrable",
    "NotUploadable",
    "Paper",
    "askable",
    "attach",
    "choose_portal",
    "choose_upload",
    "defer",
    "detach",
    "save_materials",
    "ways",
    "ways_ahead",
]
