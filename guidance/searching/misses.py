"""What people searched for and did not find, kept for the editors: the words and how often, never who asked."""

import re
import unicodedata

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from guidance.models import SearchMiss

# However long somebody makes words up, the table stays one that editors can read.
MOST_KEPT = 5000
_MADE_ROOM = 100
# Nobody's number, address or mail is a word for a licence: an identity, phone or plate number, 路88号, name@….
_DIGIT = r"[\d〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺么洞]"
_DIGITS = re.compile(f"{_DIGIT}(?:.{{0,2}}?{_DIGIT}){{4,}}")
_ADDRESS = re.compile(
    f"[路街道巷村][^路街道巷村]{{0,12}}(?:{_DIGIT}|[十百])+号|\\d+(?:号楼|栋|幢|单元|室|房)|先生|女士|小姐|@"
)
_PLATE = re.compile("[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][a-z0-9]{5,6}", re.IGNORECASE)


def record(text, asked):
    """Count a search that found nothing. text: as typed; asked: as searched (searching.squeezed)."""
    # Also as searched, for whoever spaces digits out: 138   1234   5678.
    if len(asked) < 2 or is_personal(text) or is_personal(asked):
        return
    if not _count(asked):
        _make_room()
        SearchMiss.objects.bulk_create([SearchMiss(text=asked, last_on=timezone.localdate())], ignore_conflicts=True)


def is_personal(text):
    """Does it look as if it named somebody?"""
    folded = unicodedata.normalize("NFKC", text)
    return any(pattern.search(folded) for pattern in (_DIGITS, _ADDRESS, _PLATE))


def _count(asked):
    return SearchMiss.objects.filter(text=asked).update(count=F("count") + 1, last_on=timezone.localdate())


@transaction.atomic
def _make_room():
    if SearchMiss.objects.count() >= MOST_KEPT:
        rare = SearchMiss.objects.order_by("-settled", "count", "last_on").values("pk")[:_MADE_ROOM]
        SearchMiss.objects.filter(pk__in=list(rare.values_list("pk", flat=True))).delete()
