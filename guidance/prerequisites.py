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


def _bars(prerequisite, item, chosen):
    return prerequisite.relation == "before" and (not item.deferrable or chosen[prerequisite.item].pre_registration)
