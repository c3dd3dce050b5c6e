"""What the holder is told of licences, and of the end of an application."""

from django.urls import reverse

from certificates.models import Ending, LicenceEvent
from exchange.messages import tell
from licensing.models import Status
from licensing.telling import people_of, tell_of


def tell_of_the_end(application, status):
    """All its tasks are decided; the caller holds the transaction."""
    if status == Status.COMPLETED:
        text = "全部事项都有结果了。办成的证照，在“我的企业”里随时可以看。"
        tell_of(application, f"application.{application.pk}.completed", "申请已经办结", text)


def tell_of_ending(ending_id):
    """A licence was withdrawn, annulled or cancelled: the decision says why, and what can be done against it."""
    ending = Ending.objects.select_related("licence").get(pk=ending_id)
    text = "您持有的一份证照有了新的决定，不再有效。理由，以及您可以怎么办、在什么期限以前办，写在决定书里，请尽快看。"
    path = reverse("certificates:ending", args=[ending.public_id])
    people = people_of(ending.holder_id, ending.licence and ending.licence.premises_id)
    tell(people, f"ending.{ending_id}", "一份证照已经终止", text, path)


# By the event: the subject, and what holds from now on.
_MOVED = {
    "suspended": ("一份证照被暂扣", "您持有的一份证照被暂扣，暂扣期间不能凭它经营。"),
    "given_back": ("一份证照已经发还", "您被暂扣的一份证照已经发还。"),
    "revoked": ("一份证照被吊销", "您持有的一份证照被吊销，不能再凭它经营。"),
    "lapsed": ("一份证照已经失效", "您持有的一份证照已经失效，不能再凭它经营。"),
    "transferred": ("一份证照已经转出", "您持有的一份证照已经转到别处办理。"),
}


def tell_of_move(licence_event_id):
    """A licence was suspended, given back, revoked, lapsed or transferred: the page says why and on what document."""
    event = LicenceEvent.objects.select_related("licence__holder").get(pk=licence_event_id)
    subject, text = _MOVED[event.event]
    licence = event.licence
    path = reverse("certificates:life", args=[licence.public_id])
    people = people_of(licence.holder_id, licence.premises_id)
    tell(
        people,
        f"licence_event.{event.pk}",
        subject,
        f"{text}理由、依据的文书和期限，写在证照的记录里，请尽快看。",
        path,
    )
