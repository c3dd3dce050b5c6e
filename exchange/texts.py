"""A message of the inbox as an SMS, through the city's gateway.

The gateway's contract is ours, and small: POST of JSON {"id", "to", "text"} to SMS_URL, signed with SMS_KEY in the way
of exchange/calling.py. It answers 200 and {"accepted": true}, and drops an id it has had. Tried against a server of
ours only; no operator's gateway was reached, and each has its own dialect that replaces `_accepted`.
"""

import json

from django.conf import settings

from exchange.calling import Unanswered, post
from exchange.letters import NotSent
from exchange.models import Message
from exchange.outbox import outside

# Within the 30 s of a worker's task; the outbox tries again later.
_DEADLINE = 10


@outside
def send(message_id):
    """Send the message to its reader's mobile, if they gave one and the city has a gateway; else nothing is sent."""
    if not settings.SMS_URL:
        return
    message = Message.objects.select_related("user").filter(pk=message_id).first()
    if message is None or not (message.user.is_active and message.user.phone):
        return
    # No link in it: people are told not to follow those of text messages.
    text = f"【一照通行】{message.subject}。{message.text}请登录一照通行，在“消息”里看。"
    asked = {"id": message.pk, "to": message.user.phone, "text": text}
    try:
        _headers, answer = post(settings.SMS_URL, settings.SMS_KEY, asked, within=_DEADLINE)
    except Unanswered as failure:
        raise NotSent(str(failure)) from None
    if not _accepted(answer):
        raise NotSent("not accepted")


def _accepted(answer):
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("accepted") is True
