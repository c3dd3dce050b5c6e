"""延续 and 变更 (Licensing Law arts. 49, 50): which licence can still be carried on or altered, in sentences. Pure."""

from licensing.models import Purpose


def not_in_force(licence, purpose):
    """Return why an application to carry the licence on or alter it can no longer be made, or "".

    licence: with its `name`, `number`, `status`, `status_text` and `is_valid`. Art. 50 wants it while the licence is in
    force; whoever comes later applies anew.
    """
    word = Purpose(purpose).label
    if licence.is_valid:
        return ""
    which = f"“{licence.name}”（编号 {licence.number}）"
    if licence.status == "valid":
        return f"{which}已经过期，不能再{word}。还要继续做的，请重新申请；拿到新证以前不能再凭它经营。"
    if licence.status == "suspended":
        return f"{which}现在被暂扣，发还以后才能{word}。"
    return f"{which}现在是“{licence.status_text}”，不能{word}。还要做的，请重新申请。"
