"""What the holder is told of licences, and of the end of an application."""

from django.urls import reverse

from certificates.models import Ending
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
