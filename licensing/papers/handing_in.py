"""What the applicant does about a paper: hands it in, leaves it for later or to the portal; frozen at submission."""

from django.core.exceptions import ValidationError
from django.db import transaction

from licensing.files import uploads
from licensing.models import Application, FileState, How, StoredFile, SubmittedMaterial, UntrustworthyEntry
from licensing.papers.choices import OWN_CHOICE
from licensing.papers.ladder import ways

MAX_FILES = 10


class NotUploadable(LookupError):
    """There is no such choice for this paper."""


class NotDeferrable(ValueError):
    """The paper may not be left for later. The message is a sentence for the applicant."""


@transaction.atomic
def save_materials(application, plan):
    """Write how each paper is met, at submission; return the Papers. What is no longer asked for goes away."""
    papers = ways(application, plan)
    uploaded = [paper.code for paper in papers if paper.uploaded]
    uploads.remove(StoredFile.objects.filter(materials__in=application.materials.exclude(code__in=uploaded)))
    application.materials.exclude(code__in=[paper.code for paper in papers]).delete()
    SubmittedMaterial.objects.bulk_create(
        [
            SubmittedMaterial(
                application=application, code=paper.code, name=paper.name, how=paper.how, note=paper.note[:200]
            )
            for paper in papers
        ],
        update_conflicts=True,
        unique_fields=["application", "code"],
        update_fields=["name", "how", "note"],
    )
    return papers


def attach(application, paper, files, user, *, replace=False):
    """Hand in files for a paper of a draft, beside those it has or instead of them.

    Raises ValidationError for a file not taken; then nothing is kept.
    """
    with uploads.stored(files, user) as added:
        row = _own_row(application, paper)
        kept = list(row.files.all())
        if replace:
            uploads.remove(kept)
            kept = []
        # The same file sent twice, by a double click or from a second tab, counts once.
        known = {file.blob_id for file in kept}
        fresh = {file.blob_id: file for file in reversed(added) if file.blob_id not in known}
        uploads.remove(file for file in added if file not in fresh.values())
        # One that the check refused only waits to be taken away.
        standing = [file for file in kept if file.state != FileState.REJECTED]
        if len(standing) + len(fresh) > MAX_FILES:
            raise ValidationError(f"一份材料最多上传 {MAX_FILES} 个文件，请合并成一个 PDF 再传。")
        row.files.add(*fresh.values())


@transaction.atomic
def choose_upload(application, paper):
    """The applicant hands in what the portal would get by itself, or what was left for later.

    A promise given for the item stands all the same.
    """
    _own_row(application, paper)


@transaction.atomic
def choose_portal(application, paper):
    """Back to what the portal gets by itself; files handed in instead are removed. Raises NotUploadable."""
    if paper.otherwise is None:
        raise NotUploadable(paper.code)
    row = _own_row(application, paper)
    uploads.remove(row.files.all())
    row.delete()


@transaction.atomic
def defer(application, paper):
    """Leave a paper for after acceptance (容缺受理). Raises NotUploadable, and NotDeferrable with the reason."""
    if paper.later is None:
        raise NotUploadable(paper.code)
    if UntrustworthyEntry.objects.bars(application.enterprise):
        raise NotDeferrable("这家经营主体现在列入失信主体名单，不能适用容缺受理，请现在就交齐材料。")
    row = _own_row(application, paper)
    # Another tab may have handed it in meanwhile.
    if row.files.exclude(state=FileState.REJECTED).exists():
        raise NotDeferrable(f"“{paper.name}”已经上传了，不用留到以后补交。")
    uploads.remove(row.files.all())
    application.materials.filter(pk=row.pk).update(how=How.DEFERRED)


# What the applicant may decide about a paper, by the word that forms and the API send: hand it in now, hand it in after
# acceptance, let the portal get it again.
CHOICES = {"own": choose_upload, "later": defer, "portal": choose_portal}


@transaction.atomic
def detach(application, file):
    """Remove one file from a draft."""
    _lock(application)
    uploads.remove(StoredFile.objects.filter(pk=file.pk, materials__application=application))


def _lock(application):
    """Submitting takes the same lock, so no paper changes while it is being frozen.

    Raises Application.DoesNotExist when the draft was submitted meanwhile; so do all that call it.
    """
    Application.objects.drafts().select_for_update(no_key=True).get(pk=application.pk)


def _own_row(application, paper):
    """The row that says the applicant hands the paper in, now; its note, that nobody asked them to."""
    _lock(application)
    said = {"name": paper.name, "how": How.UPLOAD, "note": OWN_CHOICE if paper.spared or paper.otherwise else ""}
    return application.materials.update_or_create(code=paper.code, defaults=said)[0]
