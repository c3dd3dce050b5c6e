"""The public page as bytes, in Chinese or English: compiled templates, no request, no context processors.

Measured with seven licences: Django's own templates took more than the rest of the request, these a twelfth of that.
"""

from functools import lru_cache
from operator import itemgetter

from django.template.loader import get_template
from django.templatetags.static import static
from jinja2 import Environment
from markupsafe import Markup, escape

from certificates.models import LicenceStatus
from certificates.public import english
from certificates.public.facts import DEEMED, EXPIRED
from licensing.wording import day_text

CHINESE, ENGLISH = "zh", "en"
# Bytes of a whole page, which a phone far from a mast gets in a second; of its frame with headings and links; and of a
# licence without what is registered.
LIMIT, _FRAME, _MARKUP = 30_000, 4_000, 950
# Letters of a text that are shown: some offices register whole paragraphs.
LONGEST = 1_200
# What the template takes of a licence, in its order.
_CARD = itemgetter(
    *("item_code", "name", "number", "scope", "premises", "authority"),
    *("issued_on", "valid_until", "state", "status", "ended_on"),
)
_TITLES = ("有效证照", "暂扣的证照", "已失效证照")
_TURNING = {"prev": "上一页", "next": "下一页"}
_MEANINGS = {
    LicenceStatus.VALID: "",
    DEEMED: "",
    EXPIRED: "有效期已经届满。",
    LicenceStatus.SUSPENDED: "发证机关暂时扣下，发还以前不能凭它经营。",
    LicenceStatus.WITHDRAWN: "当初依法准予，因法律或者客观情况变化收回。",
    LicenceStatus.ANNULLED: "当初不该准予，准予的决定已经撤销。",
    LicenceStatus.CANCELLED: "应本人申请，或者因为已经终止，从登记中注销。",
    LicenceStatus.LAPSED: "已经失去效力。",
    LicenceStatus.REVOKED: "因违法被处罚，证照已经吊销。",
    LicenceStatus.TRANSFERRED: "登记已经转到别的机关，请向那里核实。",
}


def environment(**options):
    # Constants run through a filter are worked out when the template is compiled, at the first page: after the static
    # files were collected, and at no cost to any later page.
    made = Environment(**options, trim_blocks=True, lstrip_blocks=True)  # noqa: S701 - Django's backend sets autoescape.
    made.filters |= {"static": static, "words": str, "tongue": lambda language: "", "turning": _TURNING.get}
    made.filters["day"] = lru_cache(4096)(day_text)
    made.globals |= {"english": False, "language": "zh-Hans", "other": "en"}
    return made


def english_environment(**options):
    made = environment(**options)
    made.filters |= {"words": english.phrase, "turning": english.TURNING.get, "day": lru_cache(4096)(english.day_text)}
    made.globals |= {"english": True, "language": "en", "other": "zh-Hans"}
    # What was registered is read aloud as Chinese.
    made.filters["tongue"] = Markup(' lang="{}"').format
    return made


def enterprise(facts, language=CHINESE, number=1, *, asked=None):
    """The page of look_up's facts; of one with too many licences for LIMIT the page of this number.

    asked: (name, value) of the field that was posted to find it, for the way to further pages; None for the page
    behind a code, which alone tells its own address.
    """
    shown = _grouped(facts["licences"])
    parts = _parts(facts, shown)
    number = min(max(number, 1), len(parts))
    start, end = parts[number - 1]
    context = facts | {
        "groups": _part(shown, start, end),
        "number": number,
        "count": len(parts),
        "asked": asked,
        "longest": LONGEST,
        "meanings": _MEANINGS,
    }
    if language == ENGLISH:
        context |= _in_english(facts)
    return _rendered("enterprise", language, context)


def missing(language=CHINESE):
    return _rendered("missing", language, {})


def too_many(language=CHINESE):
    return _rendered("too_many", language, {})


def _rendered(name, language, context):
    using = "public" if language == CHINESE else "public-english"
    return get_template(f"public/{name}.html", using=using).render(context).encode()


def _in_english(facts):
    state, ended_on = facts["standing"]
    status = {None: "Verified", LicenceStatus.VALID: "In business"}.get(state) or english.STATES[state]
    return {
        "type": english.ENTITY_TYPES.get(facts["entity_type"], ""),
        "status": f"{status} ({english.day_text(ended_on)})" if ended_on and state != LicenceStatus.VALID else status,
        "names": english.CERTIFICATES,
        "states": english.STATES,
        "meanings": english.MEANINGS,
    }


def _grouped(licences):
    """(valid, suspended, no longer in force), as the page shows them."""
    valid, suspended, ended = [], [], []
    for licence in licences:
        if licence["valid"]:
            valid.append(licence)
        else:
            (suspended if licence["state"] == LicenceStatus.SUSPENDED else ended).append(licence)
    return valid, suspended, ended


def _parts(facts, groups):
    """[(first, last + 1)] of the licences on each page, so that none is larger than LIMIT."""
    licences = [licence for group in groups for licence in group]
    room = LIMIT - _FRAME - _size(facts["name"], facts["address"], facts["scope"][:LONGEST])
    texts = sum(len(text) for licence in licences for text in _texts(licence))
    # Nearly always: no letter takes more than 6 bytes, as HTML writes it.
    if len(licences) * _MARKUP + texts * 6 <= room:
        return [(0, len(licences))]
    parts, start, left = [], 0, room
    for place, licence in enumerate(licences):
        size = _MARKUP + _size(*_texts(licence))
        if size > left and place > start:
            parts.append((start, place))
            start, left = place, room
        left -= size
    return [*parts, (start, len(licences))]


def _texts(licence):
    premises = licence["premises"] or ""
    return licence["name"], licence["number"], licence["authority"], premises, licence["scope"][:LONGEST]


def _size(*texts):
    return sum(len(escape(text).encode()) for text in texts)


def _part(groups, start, end):
    """[(title, how many the group has, those of it between start and end)]; the places count through all groups."""
    shown, before = [], 0
    for title, group in zip(_TITLES, groups, strict=True):
        cards = group[max(start - before, 0) : max(end - before, 0)]
        # That nothing is in force is said, on the first page.
        if cards or (title == _TITLES[0] and not group and start == 0):
            shown.append((title, len(group), list(map(_CARD, cards))))
        before += len(group)
    return shown
