"""The city's lists of items, as pages and as files."""

import functools

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from exchange import spreadsheets
from guidance import releases
from guidance.lists import LISTS
from guidance.views.finding import entry

_ROWS_A_PAGE = 100
_KINDS = {"csv": spreadsheets.CSV, "xlsx": spreadsheets.XLSX}


@require_safe
def lists(request):
    release = releases.current()
    counted = [(one, _counts(release.pk, code)) for code, one in LISTS.items()]
    return render(request, "guidance/lists.html", {"lists": counted, "release": release})


@require_safe
def item_list(request, code):
    one, release = entry(LISTS, code), releases.current()
    page = Paginator(_rows(release.pk, code), _ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [(row.item, list(zip(one.headings[1:], row.texts, strict=True))) for row in page]
    context = {"list": one, "rows": rows, "page_obj": page, "counts": _counts(release.pk, code)}
    return render(request, "guidance/list.html", context)


@require_safe
def list_file(request, code, kind):
    """The whole list as a csv or xlsx file."""
    one, release = entry(LISTS, code), releases.current()
    if kind not in _KINDS:
        raise Http404
    answer = HttpResponse(_file(release.pk, code, kind), content_type=_KINDS[kind])
    answer["Content-Disposition"] = content_disposition_header(True, f"{one.name}清单-{release}.{kind}")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


# A release never changes, so neither do its lists: whoever asks again and again costs nothing.
@functools.lru_cache(maxsize=16)
def _rows(release_id, code):
    return tuple(LISTS[code].rows(releases.load(release_id)))


@functools.lru_cache(maxsize=32)
def _counts(release_id, code):
    """{"listed": how many items stand on it, "of": how many there are, "rows", "left_out": items with a reason}."""
    rows = _rows(release_id, code)
    return {
        "listed": len({row.item.code for row in rows if row.included}),
        "of": len(releases.load(release_id).items),
        "rows": len(rows),
        "left_out": sum(not row.included for row in rows),
    }


@functools.lru_cache(maxsize=16)
def _file(release_id, code, kind):
    one = LISTS[code]
    table = one.table(releases.load(release_id))
    if kind == "csv":
        return spreadsheets.csv_of(one.headings, table)
    return spreadsheets.xlsx_of(one.name, one.headings, table)
