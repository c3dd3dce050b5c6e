"""The papers of a task's item for its officer: what was signed, and what came later."""

from dataclasses import dataclass
from datetime import date

from licensing.models import FileState, StoredFile
from routing.wording import HOW


@dataclass(frozen=True)
class PaperFile:
    """kind: image or pdf, how a page shows it; is_later: handed in after signing; only a clean file opens."""

    public_id: str
    name: str
    size: int
    kind: str
    is_later: bool
    clean: bool
    scanned: bool  # for viruses, where the city has a scanner


@dataclass(frozen=True)
class Paper:
    code: str
    name: str
    how: str
    note: str
    files: tuple  # PaperFiles
    due_on: date | None = None  # until when a paper left for later is still to come


def papers_of(task):
    """Return the Papers of this item: what was signed, and what was handed in later, by correction or deferral."""
    snapshot = task.application.snapshot
    codes = snapshot["items"][task.item_code]["materials"]
    kept = task.application.materials.filter(code__in=codes).prefetch_related("files")
    now = {material.code: list(material.files.all()) for material in kept}
    missing = {code for code in codes if code not in now}
    signed = {file for code in missing for file in snapshot["materials"][code]["files"]}
    others = {str(file.public_id): file for file in StoredFile.objects.filter(public_id__in=signed)} if signed else {}
    due = {one.material.code: one.due_on for one in task.deferrals.select_related("material") if not one.supplied_at}
    return [_paper(code, snapshot["materials"][code], now.get(code), others, due.get(code)) for code in codes]


def _paper(code, met, files, others, due_on):
    if files is None:
        files = [others[one] for one in met["files"] if one in others]
    shown = sorted(
        (file_of(file, str(file.public_id) not in met["files"]) for file in files), key=lambda f: not f.is_later
    )
    return Paper(code, met["name"], HOW[met["how"]], met["note"], tuple(shown), due_on)


def file_of(file, is_later=True):
    kind = "pdf" if file.content_type == "application/pdf" else "image"
    return PaperFile(
        str(file.public_id), file.name, file.size, kind, is_later, file.state == FileState.CLEAN, bool(file.scanned_at)
    )


def deferral_promise_of(task):
    """What the applicant promised about the papers left for later, where this item has one of them."""
    snapshot = task.application.snapshot
    deferred = [
        code
        for code in snapshot["items"][task.item_code]["materials"]
        if snapshot["materials"][code]["how"] == "deferred"
    ]
    return snapshot.get("deferral_promise", "") if deferred else ""
