"""How each paper of an application is met: nobody brings what the portal can know, make or wait for (plan art. 7)."""

from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import transaction

from guidance.requirements import results_of
from licensing import uploads
from licensing.models import Application, How, StoredFile, SubmittedMaterial, UntrustworthyEntry
from licensing.prefilling import held_licences
from licensing.registration import REGISTRATION

MAX_FILES = 10
# The applicant may hand these in all the same; what is made or granted only later nobody can have yet.
REPLACEABLE = (How.HELD_LICENCE, How.DEPARTMENT)


@dataclass(frozen=True)
class Later:
    """容缺受理: how long and in which way a paper may be handed in after acceptance."""

    days: int  # working days from acceptance: the strictest of the items that ask for it
    method: str


@dataclass(frozen=True)
class Paper:
    code: str
    name: str
    how: How
    note: str  # why it is met this way, for the applicant
    items: tuple  # codes of the items that ask for it
    files: tuple = ()  # StoredFiles
    otherwise: "Paper | None" = None  # how it would be met had the applicant not chosen to upload it
    later: Later | None = None  # None: it must be there at submission

    @property
    def uploaded(self):
        return self.how == How.UPLOAD

    @property
    def replaceable(self):
        return self.how in REPLACEABLE

    @property
    def missing(self):
        return self.uploaded and not self.files

    @property
    def deferred(self):
        return self.how == How.DEFERRED

    @property
    def deferrable(self):
        """May the applicant leave it for later now? What is there already need not wait."""
        return self.missing and self.later is not None

    @property
    def taken(self):
        """May files be handed in for it?"""
        return self.uploaded or self.replaceable or self.deferred


class NotUploadable(LookupError):
    """The plan does not let the applicant hand in this paper."""


class NotDeferrable(ValueError):
    """The paper may not be left for later. The message is a sentence for the applicant."""


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
    if not paper.taken:
        raise NotUploadable(paper.code)
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
        if len(kept) + len(fresh) > MAX_FILES:
            raise ValidationError(f"一份材料最多上传 {MAX_FILES} 个文件，请合并成一个 PDF 再传。")
        row.files.add(*fresh.values())


@transaction.atomic
def choose_upload(application, paper):
    """The applicant hands in what the portal would get by itself, or what was left for later. Raises NotUploadable."""
    if not paper.taken:
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
def defer(application, paper):
    """Leave a paper for after acceptance (容缺受理). Raises NotUploadable, and NotDeferrable with the reason."""
    if paper.later is None:
        raise NotUploadable(paper.code)
    if UntrustworthyEntry.objects.bars(application.enterprise):
        raise NotDeferrable("这家经营主体现在列入失信主体名单，不能适用容缺受理，请现在就交齐材料。")
    row = _own_row(application, paper)
    # Another tab may have handed it in meanwhile.
    if row.files.exists():
        raise NotDeferrable(f"“{paper.name}”已经上传了，不用留到以后补交。")
    application.materials.filter(pk=row.pk).update(how=How.DEFERRED)


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
    """The row that says the applicant hands the paper in, now."""
    _lock(application)
    said = {"name": paper.name, "how": How.UPLOAD}
    return application.materials.update_or_create(code=paper.code, defaults=said)[0]


def _as_chosen(paper, row):
    """The paper as the applicant decided: a row in the draft says that they hand it in, or leave it for later."""
    if row is None or not (paper.uploaded or paper.replaceable):
        return paper
    if row.how == How.DEFERRED:
        # Where an item now chosen needs it at once, or a licence has come that is the paper, the choice is void.
        return replace(paper, how=How.DEFERRED, note=_note_of(paper.later)) if paper.later else paper
    if row.how != How.UPLOAD:
        return paper
    files = tuple(row.files.all())
    if paper.uploaded:
        return replace(paper, files=files)
    return replace(paper, how=How.UPLOAD, note="您选择自己上传", files=files, otherwise=paper)


def _note_of(later):
    return f"受理后 {later.days} 个工作日内补交，{later.method}"


def _met(wanted, application, plan, licences):
    material, chosen = wanted.material, set(plan.chosen)
    results, items, later = results_of(plan.catalogue, material), wanted.needing or wanted.items, None
    if material.source == "generated":
        made_of = "的承诺" if material.only_when_committed else "填写的内容"
        how, note = How.GENERATED, f"按您{made_of}自动生成"
    elif held := _held(application, {material.reusable_certificate, *results}, licences):
        how, note = How.HELD_LICENCE, held
    elif coming := [code for code in results if code in chosen and code not in items]:
        how, note = How.ITEM_RESULT, f"“{'、'.join(plan.names(coming))}”办好后自动取得"
    elif not wanted.needing:
        how, note = How.PROMISE, "按告知承诺办理，以您的承诺代替"
    elif material.waits_for_item:
        how, note = How.UPLOAD, f"这次没有办理“{'、'.join(plan.names(results))}”，已经办好的请上传"
    elif material.source == "shared":
        how, note = How.DEPARTMENT, f"由{_departments(plan, items)}核验"
    else:
        how, note, later = How.UPLOAD, _besides_promise(plan, wanted), _later(plan, wanted)
    return Paper(wanted.code, wanted.name, how, note, items, later=later)


def _besides_promise(plan, wanted):
    promised = "、".join(plan.names(wanted.promised))
    return f"“{promised}”以承诺代替，其他事项还要用" if promised else ""


def _later(plan, wanted):
    """The Later of a paper that every item needing it lets wait (plan art. 7), else None: a main paper."""
    asking = {code: wanted.variants[code] for code in wanted.needing}
    if not all(one.deferrable and plan.catalogue.items[code].deferrable for code, one in asking.items()):
        return None
    strictest = min(asking.values(), key=lambda material: material.defer_days)
    return Later(strictest.defer_days, strictest.defer_method)


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
