"""A task of 延续 or 变更 (Licensing Law arts. 49, 50): the licence it is about must still be there when it is granted.

The licence is read by the way back from its application: certificates, whose rows they are, stands to the right.
"""

from licensing.models import Purpose

# A licence that has expired meanwhile can still be carried on: art. 50 asks when it was applied for, and decides late.
_CARRIED_ON = "valid"
# One that has been taken away is not carried on, whatever was deemed before: then its renewal must be ended somehow.
_IN_FORCE = (_CARRIED_ON, "suspended")


def prior_stands(task):
    """A condition of granting: why the licence can be carried on no more, a sentence, or ""."""
    application = task.application
    return _objection(application.reissue.licence, application) if application.purpose != Purpose.NEW else ""


def not_deemed_granted(task):
    """A condition of ending it otherwise: why the renewal can only be granted any more, a sentence, or ""."""
    application = task.application
    licence = None if application.purpose == Purpose.NEW else application.reissue.licence
    if licence is None or licence.deemed_renewed_on is None or licence.status not in _IN_FORCE:
        return ""
    return "有效期届满时还没有决定，依法已经视为准予延续（行政许可法第五十条第二款），现在只能准予、换发新证。"


def hold_prior(task):
    """Lock the licence that a claimed task is about until the transaction ends; return the same as prior_stands.

    Whoever ends that licence takes this lock too: one of the two comes first, and the other sees it.
    """
    application = task.application
    if application.purpose == Purpose.NEW:
        return ""
    licences = type(application.reissue.licence).objects
    return _objection(licences.select_for_update(no_key=True).get(pk=application.reissue.licence_id), application)


def keeps_number(task):
    """Does the face that is to be granted bear the licence's own number, given by the same office?"""
    if task.application.purpose == Purpose.NEW:
        return False
    prior = task.application.reissue.licence
    return (prior.office_id, prior.number) == (task.office_id, task.face.get("number"))


def suggested_face(task):
    """What of the licence's face stays, for the officer to read and change: {} for a new licence.

    A 变更 alters what is written and leaves its term; of a 延续 the item's own term is suggested.
    """
    purpose = task.application.purpose
    if purpose == Purpose.NEW:
        return {}
    prior = task.application.reissue.licence
    stays = {"number": prior.number, "scope": prior.scope}
    if purpose == Purpose.RENEW:
        return stays
    return stays | {"valid_until": prior.valid_until, "long_term": prior.valid_until is None}


def _objection(licence, application):
    word = application.get_purpose_display()
    if licence.status != _CARRIED_ON:
        return f"原证（编号 {licence.number}）现在是“{licence.get_status_display()}”，不能准予{word}。"
    if licence.proposals.filter(settled_at=None).exists():
        return f"已经有人提出撤销原证（编号 {licence.number}），负责人决定以后才能准予{word}。"
    return ""
