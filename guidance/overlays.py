"""A city's changes of the common catalogue: only what it changes is written down, the rest stays common. Pure.

What an overlay may change is held by guidance.linting.overlays; here it is applied.
"""

# What the city may say of a paper beside dropping it.
PAPER_KEYS = ("source", "deferrable", "defer_days", "defer_method")
_SOURCES = {
    "applicant": "由申请人提供",
    "shared": "由部门之间获取，不用申请人提交",
    "commitment": "由申请人提供，选告知承诺的不用交",
}


def apply(documents, overlay):
    """Return (the documents as they hold in the city, differences); the given ones stay as they are.

    A difference is {"place", "was", "now", "why"}: the place as the lint prints it, the rest in plain words.
    overlay: linted. An item's new paper comes last.
    """
    changed = {entry["code"]: entry for entry in overlay["items"]}
    items, differences = [], []
    for item in documents["items"]["items"]:
        if item["code"] in changed:
            item, found = _applied(item, changed[item["code"]])
            differences += found
        items.append(item)
    return {**documents, "items": {**documents["items"], "items": items}}, differences


def of_item(overlay, code):
    """The differences (of Release.overlay, {} included) that concern this item."""
    return [one for one in overlay.get("differences", ()) if one["place"].split(" › ")[1] == f"items[{code}]"]


def _applied(item, change):
    differences = []

    def note(key, was, now):
        place = f"items.yaml › items[{item['code']}] › {key}"
        differences.append({"place": place, "was": was, "now": now, "why": change["why"]})

    item = dict(item)
    if "committed_days" in change:
        note("committed_days", _within(item["committed_days"]), _within(change["committed_days"]))
        item["committed_days"] = change["committed_days"]
    if "commitment" in change:
        was, now = item["commitment"]["committed_days"], change["commitment"]["committed_days"]
        note("commitment.committed_days", f"告知承诺：{_within(was)}", f"告知承诺：{_within(now)}")
        item["commitment"] = {**item["commitment"], "committed_days": now}
    item["materials"] = _papers(item["materials"], change.get("materials", []), note)
    item["conditions"] = _conditions(item["conditions"], change.get("conditions", []), note)
    return item, differences


def _papers(papers, changes, note):
    wanted, kept = {change["code"]: change for change in changes}, []
    for paper in papers:
        change = wanted.pop(paper["code"], {})
        now = paper | {key: change[key] for key in PAPER_KEYS if key in change}
        if now["source"] == "shared" and "deferrable" not in change and paper["source"] != "shared":
            # What a department fetches nobody brings later.
            now |= {"deferrable": False, "defer_days": None, "defer_method": None}
        if change:
            gone = "不再收取" if change.get("drop") else _said(now)
            note(f"materials[{paper['code']}]", f"{paper['name']}：{_said(paper)}", f"{paper['name']}：{gone}")
        if not change.get("drop"):
            kept.append(now)
    for new in wanted.values():
        law = new["legal_basis"]
        basis = f"《{law['title']}》{law['article']}"
        note(f"materials[{new['code']}]", f"{new['name']}：不收取", f"{new['name']}：{_said(new)}（依据{basis}）")
        kept.append({key: value for key, value in new.items() if key != "legal_basis"})
    return kept


def _conditions(conditions, changes, note):
    wanted = {change["text"]: change for change in changes}
    kept = []
    for place, condition in enumerate(conditions, start=1):
        change = wanted.get(condition["text"])
        if change:
            note(f"conditions[第{place}项]", condition["text"], change["becomes"])
            check = {**condition["check"], "value": change["value"]}
            condition = {**condition, "text": change["becomes"], "check": check}
        kept.append(condition)
    return kept


def _within(days):
    return f"承诺{days}个工作日办结" if days else "承诺当日办结"


def _said(paper):
    later = f"，可以在{paper['defer_days']}个工作日内后补" if paper["deferrable"] else ""
    return _SOURCES.get(paper["source"], "系统生成") + later
