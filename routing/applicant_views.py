"""The applicant's pages after submission; "why this date" and documents, which the office's officers open too.

Everything is looked for among what the user may follow: a stranger's answers like a missing one.
"""

from contextlib import contextmanager

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from guidance.models import Office
from guidance.schema import LICENCE
from licensing import uploads
from licensing.models import Application, How, Status
from licensing.wording import day_text
from routing import correcting, deferring, explaining, refusals, terms, withdrawal, withdrawing
from routing.applicant_forms import CorrectionForm, SupplyForm, WithdrawalForm
from routing.models import ApprovalTask, Document
from routing.values import current_values

get_or_post = require_http_methods(["GET", "HEAD", "POST"])
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
    except refusals.NotAllowed as reason:
        messages.error(request, str(reason))
        return redirect("licensing:detail", task.application.public_id)


def _answer(request, task, asked):
    form = _correction_form(task, asked, request.POST, request.FILES)
    only_kept = "add" in request.POST or "drop" in request.POST
    if only_kept or not form.is_valid():
        return _keep(request, task, asked, form, quiet=only_kept)
    with _stored(form.uploads, request.user) as files:
        answered = correcting.answer(task, request.user, form.answers, files)
    messages.success(request, _what_comes_next(answered))
    return redirect("licensing:detail", task.application.public_id)


def _keep(request, task, asked, form, *, quiet):
    """Show the form again: what was typed stays in it, the files that were right are kept at their points."""
    if form.uploads:
        with _stored(form.uploads, request.user) as files:
            correcting.keep(task, request.user, files)
    if unwanted := request.POST.get("drop"):
        correcting.drop(task, request.user, unwanted)
    if quiet:
        judged, data = form, form.with_more_rows(request.POST.get("add", ""))
        form = _correction_form(task, asked, data, quiet=True)
        # A file that was not taken is gone: that alone is told at once.
        for name in judged.errors.keys() & request.FILES.keys():
            form.add_error(name, judged.errors[name].as_data())
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
def _stored(files, user):
    """Store {point number: UploadedFiles}, yield {point number: StoredFiles}; see licensing.uploads.stored."""
    numbered = [(number, upload) for number, given in files.items() for upload in given]
    with uploads.stored([upload for _, upload in numbered], user) as rows:
        by_point = {}
        for (number, _), row in zip(numbered, rows, strict=True):
            by_point.setdefault(number, []).append(row)
        yield by_point


@get_or_post
def supply(request, public_id, code):
    """Hand in a paper that was left for later (容缺)."""
    application = _submitted(request, public_id)
    material = get_object_or_404(application.materials.filter(how=How.DEFERRED), code=code)
    tasks = deferring.waiting_for(application, material)
    closed = deferring.why_not_supplied(application, material, tasks)
    posted = request.method == "POST" and not closed
    form = SupplyForm(request.POST, request.FILES) if posted else SupplyForm()
    if posted and form.is_valid():
        try:
            deferring.supply(application, material, form.cleaned_data["files"], request.user)
        except refusals.NotAllowed as reason:
            messages.error(request, str(reason))
        else:
            messages.success(request, f"“{material.name}”已经补交，用到它的部门都能看到。")
        return redirect("licensing:detail", public_id)
    context = {"application": application, "material": material, "closed": closed, "form": form}
    context["terms"] = deferring.terms_of(material, tasks)
    return render(request, "routing/applicant/supply.html", context)


@get_or_post
def withdraw(request, public_id):
    """Choose items, see what their withdrawal means, confirm it by a POST."""
    application = _submitted(request, public_id)
    open_items = withdrawal.open_items(application)
    if not open_items:
        messages.info(request, "这次申请的事项都已经办结，没有可以撤回的。")
        return redirect("licensing:detail", public_id)
    given = request.POST if request.method == "POST" else request.GET
    form = WithdrawalForm(given if "items" in given or given is request.POST else None, open_items=open_items)
    chosen = form.cleaned_data["items"] if form.is_valid() else None
    if chosen and request.method == "POST":
        return _withdraw(request, application, chosen)
    context = {"application": application, "form": form}
    context["meaning"] = chosen and withdrawal.meaning_of(application, chosen)
    return render(request, "routing/applicant/withdraw.html", context)


def _withdraw(request, application, codes):
    try:
        tasks = withdrawing.withdraw(application, request.user, codes)
    except refusals.NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        names = "、".join(f"“{task.item.name}”" for task in tasks)
        messages.success(request, f"已经撤回：{names}。撤回申请确认书在“文书”里。")
    return redirect("licensing:detail", application.public_id)


@get_or_post
def hold(request, public_id):
    """After a partial refusal, where the applicant chose to decide then: go on with the rest, or withdraw it."""
    application = _submitted(request, public_id)
    held = withdrawing.held_tasks(application)
    if not held:
        messages.info(request, "现在没有暂停的事项，不用您决定。")
        return redirect("licensing:detail", public_id)
    if request.method == "POST" and request.POST.get("choice") in ("go_on", "withdraw"):
        return _settle_hold(request, application, request.POST["choice"])
    context = {
        "application": application,
        "held": held,
        "rest": withdrawal.open_items(application).values(),
        "until": withdrawing.held_until(application),
        "failed": withdrawal.failed_tasks(application),
    }
    return render(request, "routing/applicant/hold.html", context)


def _settle_hold(request, application, choice):
    try:
        if choice == "go_on":
            withdrawing.go_on(application, request.user)
            messages.success(request, "其余事项继续办理，从今天起接着计时。")
        else:
            withdrawing.withdraw(application, request.user)
            messages.success(request, "其余事项都已经撤回。撤回申请确认书在“文书”里。")
    except refusals.NotAllowed as reason:
        messages.error(request, str(reason))
    return redirect("licensing:detail", application.public_id)


@require_safe
def why(request, public_id):
    """Both clocks counted line by line."""
    found = _followed(request.user).select_related(*_OF_A_TASK)
    task = get_object_or_404(found, public_id=public_id)
    context = {"task": task, "why": explaining.why(task), "is_applicant": _is_applicant(request.user, task)}
    return render(request, "routing/applicant/why.html", context)


@require_safe
def document_list(request, public_id):
    """The documents of an application; an officer sees those of their own offices' tasks."""
    tasks = _followed(request.user).filter(application__public_id=public_id)
    documents = Document.objects.filter(task__in=tasks).select_related("task__item", "task__office")
    application = Application.objects.filter(public_id=public_id).exclude(status=Status.DRAFT).first()
    own = application and Application.objects.for_applicant(request.user).filter(pk=application.pk).exists()
    if not (own or tasks.exists()):
        raise Http404
    context = {"application": application, "documents": documents.order_by("-issued_at", "-pk"), "is_applicant": own}
    return render(request, "routing/applicant/documents.html", context)


@require_safe
def document(request, public_id):
    """One document as it was issued, to be read and printed."""
    documents = Document.objects.filter(task__in=_followed(request.user))
    found = get_object_or_404(
        documents.select_related("task__item", "task__office", "task__application"), public_id=public_id
    )
    return render(request, "routing/document.html", {"document": found})


def _submitted(request, public_id):
    own = Application.objects.for_applicant(request.user).exclude(status=Status.DRAFT)
    return get_object_or_404(own.select_related("enterprise", "premises"), public_id=public_id)


def _followed(user):
    """The tasks that the user follows as an applicant, and those of their offices."""
    # By the few applications and offices of a person; by the ids of an office's tasks it would be 200,000.
    own, offices = Application.objects.for_applicant(user), Office.objects.filter(posts__user=user)
    return ApprovalTask.objects.filter(Q(application__in=own) | Q(office__in=offices))


def _is_applicant(user, task):
    return Application.objects.for_applicant(user).filter(pk=task.application_id).exists()
