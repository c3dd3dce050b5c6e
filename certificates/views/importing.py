"""The officers' pages on files of held licences (存量证照): uploading one, what was found in it, importing it."""

from django import forms
from django.contrib import messages
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certificates.importing import files, giving_back, starting
from certificates.importing.columns import COLUMNS, MAX_ROWS
from certificates.models import ImportState, LicenceImport, Outcome
from licensing.files.downloads import download
from licensing.files.file_types import display_name

PER_PAGE = 30
SHOWN = 20
_MEBI = 1024 * 1024
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CSV = "text/csv"
ACCEPT = f".xlsx,.csv,{_XLSX},{_CSV}"


class UploadHandler(TemporaryFileUploadHandler):
    """Keep no more of a file on disk than may be imported; its true size is still counted and then refused."""

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) <= files.MAX_SIZE:
            self.file.write(raw_data)


class UploadForm(forms.Form):
    """kinds: {(office, item code): name of the licence}. Cleans to the chosen pair and the file, `ending` its kind."""

    kind = forms.ChoiceField(
        label="证照种类",
        error_messages={"required": "请选择这份文件里是哪一种证照。", "invalid_choice": "请从列出的证照里选择。"},
    )
    file = forms.FileField(
        label="文件",
        help_text=f"Excel（.xlsx）或 CSV 文件，最大 {files.MAX_SIZE // _MEBI} MB，最多 {MAX_ROWS // 10_000} 万行。",
        widget=forms.FileInput({"accept": ACCEPT}),
        allow_empty_file=True,
        error_messages={"required": "请选择要上传的文件。", "invalid": "请选择要上传的文件。"},
    )

    def __init__(self, kinds, *args, **options):
        super().__init__(*args, **options)
        self.kinds = {f"{office.pk}-{code}": (office, code, name) for (office, code), name in kinds.items()}
        several = len({office for office, _code in kinds}) > 1
        choices = [
            (key, f"{name}（{office.name}）" if several else name) for key, (office, _, name) in self.kinds.items()
        ]
        self.fields["kind"].choices = choices if len(choices) == 1 else [("", "请选择"), *choices]

    def clean_kind(self):
        return self.kinds[self.cleaned_data["kind"]]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > files.MAX_SIZE:
            size = f"{file.size / _MEBI:.0f} MB"
            raise forms.ValidationError(
                f"这个文件有 {size}，超过 {files.MAX_SIZE // _MEBI} MB，请只留要导入的表，或者分成几个文件再传。"
            )
        if not file.size:
            raise forms.ValidationError("这是空文件，请重新选择。")
        self.ending = _ending(file)
        return file


def _ending(file):
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise forms.ValidationError("这是旧版 Excel（.xls）或者加了密码的文件，请去掉密码，另存为 .xlsx 再传。")
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if b"\0" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise forms.ValidationError("这不是表格文件，请上传 .xlsx 或者 .csv 文件。")
    return "csv"


@require_safe
def imports(request):
    found = LicenceImport.objects.for_officer(request.user).select_related("office", "uploaded_by")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "certificates/imports.html", {"page": page, "may_add": request.user.posts.exists()})


@csrf_exempt
def add(request):
    """Django chooses the upload's handlers before it looks for the token in the same post, so that comes second."""
    request.upload_handlers = [MemoryFileUploadHandler(request), UploadHandler(request)]
    return _add(request)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _add(request):
    kinds = starting.kinds(request.user)
    form = UploadForm(kinds, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        office, code, name = form.cleaned_data["kind"]
        upload = form.cleaned_data["file"]
        try:
            batch = starting.begin(request.user, office, code, name, upload, form.ending, display_name(upload.name))
        except starting.NotNow as why:
            form.add_error(None, str(why))
        else:
            return redirect("admin:certificates_licenceimport_change", batch.public_id)
    context = {"form": form, "kinds": kinds, "columns": COLUMNS}
    return render(request, "certificates/import_add.html", context)


@require_safe
def template(request):
    return download(giving_back.template(), "存量证照导入模板.xlsx", _XLSX)


@require_safe
def batch(request, public_id):
    found = _find(request, public_id)
    rows = found.rows.order_by("number")
    warned = rows.filter(outcome__in=[Outcome.NEW, Outcome.DONE], values__has_key="warnings")
    context = {
        "batch": found,
        "at_work": found.state in (ImportState.READING, ImportState.IMPORTING),
        "total": found.columns.get("rows", 0),
        "to_import": found.rows_imported + found.rows_new,
        "progress": _progress(found),
        "bad": _sentences(rows.filter(outcome=Outcome.BAD)[:SHOWN], lambda row: row.problems),
        "warned": _sentences(warned[:SHOWN], lambda row: row.values["warnings"]) if found.columns.get("warned") else [],
        "shown": SHOWN,
    }
    return render(request, "certificates/import.html", context)


@require_POST
def move(request, public_id, move):
    acts = {"import": starting.decide, "give-up": starting.give_up}
    if move not in acts:
        raise Http404
    found = _find(request, public_id)
    try:
        acts[move](found, request.user)
    except starting.NotNow as why:
        messages.error(request, str(why))
    return redirect("admin:certificates_licenceimport_change", public_id)


@require_safe
def errors(request, public_id):
    found = _find(request, public_id)
    if not (found.file and found.rows.filter(outcome=Outcome.BAD).exists()):
        raise Http404
    kind = files.kind_of(found)
    stem = found.file_name.rpartition(".")[0] or found.file_name
    return download(giving_back.errors(found, kind), f"{stem}-错误.{kind}", _XLSX if kind == "xlsx" else _CSV)


def _find(request, public_id):
    own = LicenceImport.objects.for_officer(request.user)
    return get_object_or_404(own.select_related("office", "uploaded_by", "decided_by"), public_id=public_id)


def _progress(batch):
    if batch.state == ImportState.READING:
        return f"已检查 {batch.rows_read} 行，共 {batch.columns.get('rows', 0)} 行"
    return f"已导入 {batch.rows_imported} 行，共 {batch.rows_imported + batch.rows_new} 行"


def _sentences(rows, told):
    """[(row number, {name of the column: sentence})]"""
    return [(row.number, told(row)) for row in rows]
