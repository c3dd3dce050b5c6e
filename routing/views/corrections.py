"""The applicant's answer to a correction notice (补正)."""

import functools
from contextlib import contextmanager

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render

from guidance.schema import LICENCE
from licensing.files import quarantine
from licensing.wording import day_text
from routing import correcting, refusals, terms
from routing.applicant_forms import CorrectionForm
from routing.models import ApprovalTask
from routing.values import current_values
from routing.views.finding import get_or_post

_OF_A_TASK = ("item", "office", "application__enterprise")


@get_or_post
def correction(request, public_id):
    """Answer all points of the open notice at once, or keep what was typed and handed in until all is right."""
    task = get_object_or_404(
        ApprovalTask.objects.for_applicant(request.user).select_related(*_OF_A_TASK), public_id=public_id
    )
    asked = correcting.open_correction(task)
    if asked is None:
        messages.info(request, f"“{task.item.name}”现在没有要补正的内容，状态是“{task.status_text}”。")
        return redirect("licensing:detail", task.application.public_id)
    if request.method != "POST":
        return _correction_page(request, task, asked, _correction_form(task, asked))
    if request.POST.get("round", str(asked.round)) != str(asked.round):
        messages.warning(request, "这一页是上一次告知的，没有提交。请看这一次告知的内容。")
        return redirect("routing:correction", public_id)
    try:
        return _answer(request, task, asked)
    except ValidationError as reason:
        messages.error(request, "".join(reason.messages))
        return _correction_page(request, task, asked, _correction_form(task, asked, request.POST, quiet=True))
    except refusals.NotAllowed as reason:
        messages.error(request, str(reason))
        return redirect("licensing:detail", task.application.public_id)


def _answer(request, task, asked):
    form = _correction_form(task, asked, request.POST, request.FILES)
    only_kept = "add" in request.POST or "drop" in request.POST
    if only_kept or not form.is_valid():
        return _keep(request, task, asked, form, quiet=only_kept)
    refused = {}
    with _stored(form.uploads, request.user, refused) as files:
        keep = correcting.keep if refused else functools.partial(correcting.answer, answers=form.answers)
        answered = keep(task, request.user, files=files)
    if refused:
        return _shown_again(request, task, asked, form, refused)
    messages.success(request, _what_comes_next(answered))
    return redirect("licensing:detail", task.application.public_id)


def _keep(request, task, asked, form, *, quiet):
    """Show the form again: what was typed stays in it, the files that were right are kept at their points."""
    refused = {}
    if form.uploads:
        with _stored(form.uploads, request.user, refused) as files:
            correcting.keep(task, request.user, files)
    if unwanted := request.POST.get("drop"):
        correcting.drop(task, request.user, unwanted)
    if quiet:
        judged, data = form, form.with_more_rows(request.POST.get("add", ""))
        form = _correction_form(task, asked, data, quiet=True)
        # A file that was not taken is gone: that alone is told at once.
        for name in judged.errors.keys() & request.FILES.keys():
            form.add_error(name, judged.errors[name].as_data())
    return _shown_again(request, task, asked, form, refused)


def _shown_again(request, task, asked, form, refused):
    """refused: {point number: sentences} of files that turned out bad when they were looked into."""
    for number, sentences in refused.items():
        form.add_error(f"files-{number}", sentences)
    form.points = _points(asked)
    return _correction_page(request, task, asked, form)


def _correction_form(task, asked, *data, **options):
    values = current_values(task.application)
    return CorrectionForm(*data, application=task.application, points=_points(asked), values=values, **options)


def _points(asked):
    return list(asked.points.prefetch_related("files"))


def _correction_page(request, task, asked, form):
    context = {"task": task, "correction": asked, "form": form, "late": correcting.is_late(asked)}
    return render(request, "routing/applicant/correction.html", context)


def _what_comes_next(task):
    next_step = f"补正已经提交，材料回到{task.office.name}"
    if days := task.as_catalogued.kind == LICENCE and terms.load()["silence_days"]:
        return f"{next_step}。{days} 个工作日内会告诉您是否受理；到时候没有告诉您的，就算受理了。"
    return f"{next_step}，接着核对。承诺最晚 {day_text(task.committed_due_on)} 办完。"


@contextmanager
def _stored(files, user, refused):
    """Store {point number: UploadedFiles}, yield {point number: clean StoredFiles}; see quarantine.cleared.

    refused: takes {point number: sentences} of the others.
    """
    numbered = [(number, upload) for number, given in files.items() for upload in given]
    bad = {}
    with quarantine.cleared([upload for _, upload in numbered], user, bad) as rows:
        by_point = {}
        for place, ((number, _), row) in enumerate(zip(numbered, rows, strict=True)):
            if row:
                by_point.setdefault(number, []).append(row)
            else:
                refused.setdefault(number, []).append(bad[place])
        yield by_point
