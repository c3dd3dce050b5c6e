"""What happened to an enterprise's entry here, as its owners read it: its code, its people, its confirmation."""

from licensing.models import EnterpriseEvent

SHOWN = 20
_Kind = EnterpriseEvent.Kind
# Who did it by office is called by that office; its person's name is nothing an applicant needs.
_OFFICES = {
    _Kind.CONFIRMED: "窗口人员",
    _Kind.MERGED: "窗口人员",
    _Kind.REJECTED: "窗口人员",
    _Kind.REGISTERED: "发证机关",
}


def latest(enterprise):
    """[{"at", "what", "who", "whom"}] of the last SHOWN events, newest first; whom: a User, or None."""
    events = enterprise.events.select_related("actor", "subject").order_by("-at", "-pk")[:SHOWN]
    return [
        {
            "at": event.at,
            "what": event.get_kind_display(),
            "who": _OFFICES.get(event.kind) or str(event.actor),
            "whom": event.subject if event.subject != event.actor else None,
        }
        for event in events
    ]
