"""双轨 (plan art. 21): one item alone in the traditional way, from the start or out of a combined draft.

A combined draft stays as it is when single ones are made of it, so nothing is lost and nothing is decided for anybody:
the applicant goes on with either and deletes the other.
"""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Prefetch

from exchange import outbox
from guidance import releases
from licensing import drafts, papers
from licensing.models import Application, AssistedFiling, FileState, Mode, Status, StoredFile, SubmittedMaterial
from licensing.plan import KNOWN, SINGLE, plan_for, single_of

_ASSISTANCE = ("hall", "clerk", "authority", "person_name", "person_id_number", "proof")


class NothingToSeparate(ValueError):
    """The draft does not have several items now."""


@transaction.atomic
def begin(code, user):
    """Return a draft of the user for this item alone; one begun before and not yet touched is found again.

    Raises LookupError for a code that the current release does not have.
    """
    release = releases.current()
    if code not in releases.load(release.pk).items:
        raise LookupError(code)
    # The second of two clicks waits here for the first.
    get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)
    begun = {"filer": user, "release": release, "mode": Mode.TRADITIONAL, "status": Status.DRAFT}
    untouched = Application.objects.filter(**begun, enterprise=None, answers={}, **{f"wizard__{SINGLE}": code})
    return untouched.first() or Application.objects.create(**begun, wizard={SINGLE: code})


@transaction.atomic
def separate(draft):
    """Return a single Application for each chosen item of a combined draft, with all that was filled in for it.

    Those made of it before are returned as they are, submitted ones too. Raises NothingToSeparate, and
    Application.DoesNotExist when the draft was submitted meanwhile.
    """
    Application.objects.lock(pk=draft.pk)
    draft = Application.objects.drafts().select_related("enterprise", "premises__division", "release").get(pk=draft.pk)
    plan = plan_for(draft)
    if single_of(draft) or len(plan.chosen) < 2:
        raise NothingToSeparate
    there = {single_of(single): single for single in draft.split_into.all()}
    return [there.get(code) or _single(draft, plan, code) for code in plan.chosen]


def _single(draft, plan, code):
    fields = _fields_of(plan, code)
    filled = {one: value for one, value in plan.values.items() if one not in plan.known}
    single = Application.objects.create(
        enterprise=draft.enterprise,
        premises=draft.premises,
        filer=draft.filer,
        release=draft.release,
        mode=Mode.TRADITIONAL,
        split_from=draft,
        answers=plan.situation.answers,
        # Also what an answer said: the single form may ask for it where its questions do not.
        values=_only(draft.values | filled, fields),
        disputes=_only(draft.disputes, fields),
        chosen=[code],
        committed=[code] if code in plan.committed else [],
        wizard={SINGLE: code, KNOWN: draft.wizard.get(KNOWN, {})} | _typed(draft.wizard, fields),
    )
    today = plan_for(single)
    if plan.is_agreed(draft):
        drafts.agree(single, today)
    _copy_papers(draft, single, today)
    _copy_assistance(draft, single)
    return single


def _fields_of(plan, code):
    """Codes of the item's form fields, and of the tables that some of them are computed from."""
    fields = set(plan.catalogue.items[code].form_fields)
    computed = [plan.catalogue.elements[one].computed for one in fields]
    return fields | {rule["rows"] for rule in computed if rule}


def _only(values, fields):
    return {code: value for code, value in values.items() if code in fields}


def _typed(wizard, fields):
    """What was typed into the form's pages and is not saved yet, and which pages were saved."""
    kept = {
        step: {name: texts for name, texts in typed.items() if name.partition("-")[0] in fields}
        for step, typed in wizard.get("step_data", {}).items()
    }
    return {
        "step_data": {step: typed for step, typed in kept.items() if typed},
        "unchecked": wizard.get("unchecked", []),
        "saved_at": dict.fromkeys(wizard.get("saved_at", {}), 0),
    }


def _copy_papers(draft, single, plan):
    """What was handed in or decided for the papers that this item asks for; the bytes themselves are kept once."""
    asked = {paper.code for paper in papers.ways(single, plan)}
    copies = []
    # A check that ends meanwhile would let go of the bytes that the copy is to stand on.
    held = Prefetch("files", StoredFile.objects.select_for_update(of=["self"]).order_by("pk"))
    for row in draft.materials.filter(code__in=asked).prefetch_related(held):
        copied = SubmittedMaterial.objects.create(
            application=single, code=row.code, name=row.name, how=row.how, note=row.note
        )
        files = [_copy(file) for file in row.files.all()]
        copied.files.add(*files)
        copies += files
    waiting = [{"file_id": file.pk} for file in copies if file.state == FileState.CHECKING]
    outbox.emit_many("file.uploaded", waiting)


def _copy(file):
    fields = ("uploaded_by", "name", "content_type", "size", "blob", "state", "finding", "checked_at", "scanned_at")
    return StoredFile.objects.create(**{field: getattr(file, field) for field in fields})


def _copy_assistance(draft, single):
    """The clerk who helps with the one helps with the others, by the same authority."""
    for assisted in AssistedFiling.objects.filter(application=draft, ended_at=None):
        AssistedFiling.objects.create(application=single, **{field: getattr(assisted, field) for field in _ASSISTANCE})
