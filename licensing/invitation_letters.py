"""The letter that brings an invitation (经办人邀请): the link in it is made here and kept nowhere."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from exchange import letters
from exchange.outbox import outside
from licensing import members
from licensing.models import Invitation


@outside
def send(invitation_id):
    """Send the letter, unless the invitation is no longer open. It may come twice, with the same link."""
    invitation = Invitation.objects.open().filter(pk=invitation_id).first()
    if invitation is None:
        return
    address = settings.PUBLIC_URL + reverse("licensing:invitation", args=[members.token_of(invitation)])
    last_day = timezone.localdate(invitation.expires_at)
    text = render_to_string("licensing/invitation_letter.txt", {"address": address, "last_day": last_day})
    letters.post(invitation.email, "有人邀请您做经办人", text)
