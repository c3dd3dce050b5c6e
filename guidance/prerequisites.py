"""Which items of one application wait for which (catalogue/README.md, "What the keys mean in a case"). Pure."""


def barriers(item, chosen):
    """Codes of chosen items that must be granted before `item` is received at all. chosen: {code: catalogue item}."""
    return [each.item for each in item.prerequisites if each.item in chosen and _bars(each, item, chosen)]


def gates(item, chosen):
    """Codes of the chosen items that only the grant of `item` waits for: the work on both runs side by side."""
    return [each.item for each in item.prerequisites if each.item in chosen and not _bars(each, item, chosen)]


def needed(item, chosen):
    """Codes of chosen items that must be granted before `item` can be: its barriers and its gates."""
    return [each.item for each in item.prerequisites if each.item in chosen]


def results_due(catalogue, chosen, required, there):
    """Return {code of an item: codes of the chosen items that wait for its result}, which the applicant then brings.

    chosen, required: codes of the items filed here, and of all that are needed. there: codes whose result is held, or
    is a paper of the chosen items anyhow.
    """
    due = {}
    for code in chosen:
        for each in catalogue.items[code].prerequisites:
            counts = not each.if_required or each.item in required
            if counts and each.item not in {*chosen, *there}:
                due.setdefault(each.item, []).append(code)
    return due


def result_name(item):
    """What the result of an item is called as a paper."""
    return item.certificate_name or f"“{item.name}”的办理结果"


def _bars(prerequisite, item, chosen):
    return prerequisite.relation == "before" and (not item.deferrable or chosen[prerequisite.item].pre_registration)
