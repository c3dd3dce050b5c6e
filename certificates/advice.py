"""What a holder is told of a licence that is not in force, in plain words: what it means, and what to do next.

行政许可法 arts. 8, 50, 69, 70; 行政处罚法 art. 9 for 暂扣 and 吊销.
"""

from certificates.models import LicenceStatus
from certificates.public.facts import EXPIRED

# By status, and by the one that no column holds: (what it means, what to do).
_TOLD = {
    EXPIRED: (
        "有效期已经过了，不能再凭它经营。",
        "还要继续做这一项的，请尽快重新申请，拿到新证以前先停下；不再做的，请联系发证机关办理注销。",
    ),
    LicenceStatus.SUSPENDED: (
        "证照被暂扣，期间不能凭它经营；发还以后照常使用，不用重新申请。",
        "请按决定书的要求改正，再联系发证机关问清楚什么时候发还。不服的，可以按决定书写明的期限申请行政复议或者提起诉讼。",
    ),
    LicenceStatus.LAPSED: (
        "证照失去效力，不能再凭它经营。没有人作出处罚，只是它依法不再有效了。",
        "还要继续做的，请重新申请。觉得不对的，请联系发证机关核对。",
    ),
    LicenceStatus.WITHDRAWN: (
        "当初发证没有错，因为法律或者客观情况变了，发证机关依法收回。",
        "因此受到损失的，可以依法要求补偿，请联系发证机关；不服的，可以申请行政复议或者提起诉讼。",
    ),
    LicenceStatus.ANNULLED: (
        "发证机关认定当初不应当发这份证照，从撤销起不能再凭它经营。",
        "条件具备以后可以重新申请。不服的，决定书里写了怎样申请行政复议或者提起诉讼。",
    ),
    LicenceStatus.CANCELLED: ("证照已经办理注销，不能再凭它经营。", "以后又要做这一项的，请重新申请。"),
    LicenceStatus.REVOKED: (
        "因为违法，证照被依法吊销，不能再凭它经营。",
        "什么时候可以重新申请，法律对不同证照有不同规定，请先问发证机关。不服的，可以按处罚决定书写明的期限申请行政复议或者提起诉讼。",
    ),
    LicenceStatus.TRANSFERRED: ("证照已经转到别的发证机关管理，不再由原来的机关管。", "请使用新的发证机关发的证照。"),
}


def advice_on(licence):
    """(what it means, what to do next) of a licence as it stands today; None for one in force."""
    if licence.status == LicenceStatus.VALID:
        return _TOLD[EXPIRED] if licence.has_expired else None
    return _TOLD[licence.status]
