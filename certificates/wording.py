"""Words of the pages on licences."""

from datetime import date

from certificates.grounds import GROUNDS
from licensing.log import in_words
from licensing.wording import day_text

# By the event of the licence's log.
EVENTS = {
    "issued": "发证",
    "imported": "录入已有证照",
    "identified": "给出电子证照标识",
    "superseded": "换发新的一版",
    "deemed_renewed": "视为准予延续",
    "annulled": "撤销",
    "withdrawn": "撤回",
    "cancelled": "注销",
    "suspended": "暂扣",
    "given_back": "暂扣后发还",
    "revoked": "吊销",
    "lapsed": "失效",
    "transferred": "办理转出",
}


def life_in_words(events):
    """Return the rows of a licence's log as a list, each with its `words` and its `facts`, pairs of label and text."""
    rows = in_words(events, EVENTS)
    for row in rows:
        row.facts = facts_of(row.detail)
    return rows


def facts_of(detail):
    """What a row of the log says besides its reason: [(label, text)], on what document first."""
    facts = [(label, detail.get(name)) for name, label in _FACTS.items()]
    if number := detail.get("document_number"):
        facts.insert(0, ("文书", f"{number}（{detail['authority']}，{_day(detail['document_date'])}）"))
    if detail.get("ground"):
        facts.append(("情形", _GROUNDS.get(detail["ground"])))
    if detail.get("until"):
        facts.append(("暂扣至", _day(detail["until"])))
    if detail.get("application"):
        facts.append(("新的一版", f"第 {detail['version']} 版（{detail['number']}），办件 {detail['application']}"))
    if detail.get("row"):
        facts.append(("导入的表格", f"第 {detail['row']} 行"))
    return [(label, text) for label, text in facts if text]


_FACTS = {"document": "文书", "identifier": "电子证照标识", "receiver": "转入地机关", "heard": "告知和陈述申辩"}
_GROUNDS = {code: words for grounds in GROUNDS.values() for code, words in grounds.items()}


def _day(text):
    return day_text(date.fromisoformat(text))
