"""A Situation as JSON for other programs: `manage.py recommend` and the API say the same. Pure."""


def report(situation):
    """Return {"items", "possible", "blocks", "notices", "reasons", "dropped", "next"}; lists of sorted codes."""
    return {
        "items": list(situation.items),
        "possible": list(situation.possible),
        "blocks": list(situation.blocks),
        "notices": list(situation.notices),
        "reasons": {item: [reason.because for reason in situation.reasons[item]] for item in situation.items},
        "dropped": list(situation.dropped),
        "next": situation.next,
    }
