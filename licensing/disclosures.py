"""Seeing a masked number in full: only for a reason, and never without a row that says who looked."""

from django.core.exceptions import ValidationError

from guidance import releases
from licensing.masking import is_masked
from licensing.models import Disclosure
from licensing.wording import value_text

LONGEST_REASON = 200


def show_in_full(user, application, code, reason, *, values=None):
    """Record that the user sees the element in full and why; return its text, "" where nothing was filled in.

    The caller has made sure that the user may: the element is one that the user's item, or window, works with.
    values: as they stand now; those that the application keeps unless told. Raises ValidationError, keeping no row.
    """
    element = releases.load(application.release_id).elements.get(code)
    if element is None or not is_masked(element):
        raise ValidationError("这一项没有隐藏的号码，不用查看完整。")
    reason = _checked(reason)
    values = application.values if values is None else values
    text = value_text(element, values.get(code))
    if text:
        Disclosure.objects.create(viewer=user, application=application, element_code=code, reason=reason)
    return text


def seen_in_full(application, codes):
    """Who looked at these elements, when and why, latest first: Disclosures, each with its `label`. One query."""
    elements = releases.load(application.release_id).elements
    rows = list(application.disclosures.filter(element_code__in=codes).select_related("viewer").order_by("-at", "-pk"))
    for row in rows:
        row.label = elements[row.element_code].label
    return rows


def _checked(reason):
    text = " ".join(str(reason or "").replace("\0", "").split())
    if not text:
        raise ValidationError("请写明为什么要查看完整的号码，例如：核对身份证原件。")
    if len(text) > LONGEST_REASON:
        raise ValidationError(f"事由最多 {LONGEST_REASON} 个字，您写了 {len(text)} 个，请写短一些。")
    return text
