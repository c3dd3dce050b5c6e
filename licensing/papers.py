"""How each paper of an application is met: nobody brings what the portal can know, make or wait for (plan art. 7)."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from guidance.requirements import results_of
from licensing import uploads
from licensing.models import Application, How, StoredFile, SubmittedMaterial
from licensing.prefilling import held_licences
from licensing.registration import REGISTRATION

MAX_FILES = 10
# The applicant may hand these in all the same; what is made or granted only later nobody can have yet.
REPLACEABLE = (How.HELD_LICENCE, How.DEPARTMENT)


@dataclass(frozen=True)
class Paper:
    code: str
    name: str
    how: How
    note: str  # why it is met this way, for the applicant
    items: tuple  # codes of the items that ask for it
    files: tuple = ()  # StoredFiles
    otherwise: "Paper | None" = None  # how it would be met had the applicant not chosen to upload it

    @property
    def uploaded(self):
        return self.how == How.UPLOAD

    @property
    def replaceable(self):
        return self.how in REPLACEABLE

    @property
    def missing(self):
        return self.uploaded and not self.files


class NotUploadable(LookupError):
    """The plan does not let the applicant hand in this paper."""


def ways(application, plan):
    """Return a Paper for each paper of the plan, each once, those that the system makes included."""
    handed_in = {row.code: row for row in application.materials.prefetch_related("files")}
    licences = held_licences(application)
    papers = [_met(wanted, application, plan, licences) for wanted in plan.materials]
    papers += _prerequisites(plan)
    return [_as_chosen(paper, handed_in.get(paper.code)) for paper in papers]


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

    Raises ValidationError for a file not taken, NotUploadable; then nothing is kept.
    """
    if not (paper.uploaded or paper.replaceable):
        raise NotUploadable(paper.code)
    with uploads.stored(files, user) as added:
        row = _own_row(application, paper)
        kept = list(row.files.all())
        if replace:
            uploads.remove(kept)
            kept = []
        # The same file sent twice, by a double click or from a second tab, counts once.
        known = {file.sha256 for file in kept}
        fresh = {file.sha256: file for file in reversed(added) if file.sha256 not in known}
        uploads.remove(file for file in added if file not in fresh.values())
        if len(kept) + len(fresh) > MAX_FILES:
            raise ValidationError(f"一份材料最多上传 {MAX_FILES} 个文件，请合并成一个 PDF 再传。")
        row.files.add(*fresh.values())


@transaction.atomic
def choose_upload(application, paper):
    """The applicant hands in what the portal would have got by itself. Raises NotUploadable."""
    if not (paper.uploaded or paper.replaceable):
        raise NotUploadable(paper.code)
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
    _lock(application)
    return application.materials.get_or_create(code=paper.code, defaults={"name": paper.name, "how": How.UPLOAD})[0]


def _as_chosen(paper, row):
    """The paper as the applicant decided: an upload row in the draft says that they hand it in."""
    if row is None or row.how != How.UPLOAD or not (paper.uploaded or paper.replaceable):
        return paper
    note = paper.note if paper.uploaded else "您选择自己上传"
    otherwise = None if paper.uploaded else paper
    return Paper(paper.code, paper.name, How.UPLOAD, note, paper.items, tuple(row.files.all()), otherwise)


def _met(wanted, application, plan, licences):
    material, chosen = wanted.material, set(plan.chosen)
    results = results_of(plan.catalogue, material)
    if material.source == "generated":
        how, note = How.GENERATED, "按您填写的内容自动生成"
    elif held := _held(application, {material.reusable_certificate, *results}, licences):
        how, note = How.HELD_LICENCE, held
    elif coming := [code for code in results if code in chosen and code not in wanted.items]:
        how, note = How.ITEM_RESULT, f"“{'、'.join(plan.names(coming))}”办好后自动取得"
    elif material.waits_for_item:
        how, note = How.UPLOAD, f"这次没有办理“{'、'.join(plan.names(results))}”，已经办好的请上传"
    elif material.source == "shared":
        how, note = How.DEPARTMENT, f"由{_departments(plan, wanted.items)}核验"
    else:
        how, note = How.UPLOAD, ""
    return Paper(wanted.code, wanted.name, how, note, wanted.items)


def _held(application, codes, licences):
    """Say which licence of this enterprise and these premises is the paper, or None."""
    for licence in licences:
        if licence.item_code in codes:
            return f"已持有{licence.name}（{licence.number}）"
    enterprise = application.enterprise
    if REGISTRATION in codes and enterprise and not enterprise.founding:
        return "登记信息已核对" if enterprise.verified_at else "添加企业时已上传，等窗口确认"
    return None


def _prerequisites(plan):
    """A result that must be there first, that no paper of the plan stands for: the applicant brings it."""
    covered = {code for wanted in plan.materials for code in results_of(plan.catalogue, wanted.material)}
    asking = {}
    for code in plan.chosen:
        for needed in plan.catalogue.items[code].prerequisites:
            counts = not needed.if_required or needed.item in plan.required
            if counts and needed.item not in {*plan.chosen, *plan.licences, *covered}:
                asking.setdefault(needed.item, []).append(code)
    return [
        Paper(
            f"result-of-{code}",
            plan.catalogue.items[code].certificate_name or f"“{plan.catalogue.items[code].name}”的办理结果",
            How.UPLOAD,
            f"这次没有办理“{plan.catalogue.items[code].name}”，已经办好的请上传",
            tuple(items),
        )
        for code, items in asking.items()
    ]


def _departments(plan, items):
    return "、".join(dict.fromkeys(plan.catalogue.items[code].department for code in items))
