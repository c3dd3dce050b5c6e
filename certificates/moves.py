"""The life of a licence as one table: what the law lets an authority do to it, in which state, by whom and on what.

Pure. That a licence has expired is computed from its last day and never a move; that a new version takes its place is
issuing's (`superseded`).
"""

from dataclasses import dataclass

from certificates.models import LicenceStatus as Status
from guidance.models import Role

_IN_FORCE = (Status.VALID, Status.SUSPENDED)
# What Licensing Law art. 70(4) closes; nothing but that ground of 注销 fits a licence that has ended so.
TAKEN_AWAY = (Status.ANNULLED, Status.WITHDRAWN, Status.REVOKED)


@dataclass(frozen=True)
class Move:
    """label: the law's word. event: in the licence's log. by: whose decision it is. law: where it stands.

    document: what it is done on, where that comes from outside this portal. of_expired: also of one past its last day.
    """

    label: str
    event: str
    sources: tuple
    target: Status
    by: Role
    law: str
    document: str = ""
    of_expired: bool = True


_PENALTIES = "《行政处罚法》第九条第（三）项"
MOVES = {
    "annul": Move("撤销", "annulled", _IN_FORCE, Status.ANNULLED, Role.HEAD, "《行政许可法》第六十九条"),
    "withdraw": Move(
        "撤回",
        "withdrawn",
        _IN_FORCE,
        Status.WITHDRAWN,
        Role.HEAD,
        "《行政许可法》第八条第二款",
        of_expired=False,
    ),
    "cancel": Move(
        "注销",
        "cancelled",
        (*_IN_FORCE, Status.LAPSED, *TAKEN_AWAY),
        Status.CANCELLED,
        Role.OFFICER,
        "《行政许可法》第七十条",
    ),
    # A penalty is decided by the authority's head (art. 57), and so is what is written here of it.
    "suspend": Move(
        "暂扣",
        "suspended",
        (Status.VALID,),
        Status.SUSPENDED,
        Role.HEAD,
        _PENALTIES,
        document="行政处罚决定书",
        of_expired=False,
    ),
    "give_back": Move(
        "发还",
        "given_back",
        (Status.SUSPENDED,),
        Status.VALID,
        Role.OFFICER,
        _PENALTIES,
        document="发还通知书",
    ),
    # Art. 63: the holder is told beforehand that they may ask for a hearing.
    "revoke": Move(
        "吊销",
        "revoked",
        _IN_FORCE,
        Status.REVOKED,
        Role.HEAD,
        f"{_PENALTIES}、第六十三条",
        document="行政处罚决定书",
        of_expired=False,
    ),
    "lapse": Move(
        "失效",
        "lapsed",
        _IN_FORCE,
        Status.LAPSED,
        Role.OFFICER,
        "规定该证照失效的法律、法规、规章",
        document="认定失效的文书",
        of_expired=False,
    ),
    # Penalties are served where they were imposed, so a suspended licence does not move.
    "transfer": Move(
        "办理转出",
        "transferred",
        (Status.VALID,),
        Status.TRANSFERRED,
        Role.OFFICER,
        "《行政许可法》第四十九条",
        document="转出函",
        of_expired=False,
    ),
}


def why_not(name, status, expired):
    """Return why a licence in this state cannot be moved so, a sentence for an officer, or "".

    status: a LicenceStatus; expired: is it past its last day?
    """
    move, past = MOVES[name], expired and status == Status.VALID
    word = "已过期" if past else Status(status).label
    if status not in move.sources:
        known = "".join(f"“{Status(source).label}”" for source in move.sources)
        return f"这份证照现在是“{word}”，不能再{move.label}：依法可以{move.label}的，是{known}的证照。"
    if expired and not move.of_expired:
        return f"这份证照已经过期，没有可以{move.label}的；请办理注销。"
    return ""
