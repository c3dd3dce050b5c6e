"""A message of the inbox as an SMS, through the city's gateway.

The gateway's contract is ours, and small: POST of JSON {"id", "to", "text"} to SMS_URL; X-Timestamp is the Unix time
and X-Signature the hex HMAC-SHA256, with SMS_KEY, of that time, a full stop and the body. It answers 200 and
{"accepted": true}, and drops an id it has had. Tried against a server of ours only; no operator's gateway was reached,
and each has its own dialect that replaces `_ask`.
"""

import hashlib
import hmac
import http.client
import json
import time
from contextlib import closing
from urllib.parse import urlsplit

from django.conf import settings

from exchange.letters import NotSent
from exchange.models import Message
from exchange.outbox import outside

_SECONDS = 5
_LONGEST_ANSWER = 10_000


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
    _ask({"id": message.pk, "to": message.user.phone, "text": text})


def _ask(body):
    data = json.dumps(body, ensure_ascii=False).encode()
    now = str(int(time.time()))
    signature = hmac.new(settings.SMS_KEY.encode(), f"{now}.".encode() + data, hashlib.sha256).hexdigest()
    try:
        said = _post(data, {"Content-Type": "application/json", "X-Timestamp": now, "X-Signature": signature})
    except (OSError, http.client.HTTPException, ValueError, RecursionError) as error:
        # Its message may name the gateway or the recipient.
        raise NotSent(type(error).__name__) from None
    if not (isinstance(said, dict) and said.get("accepted") is True):
        raise NotSent("NotAccepted")


def _post(data, headers):
    """Return the JSON of a 200; this client follows no redirect, so the number goes to the configured address only."""
    url = urlsplit(settings.SMS_URL)
    connect = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    with closing(connect(url.hostname, url.port, timeout=_SECONDS)) as connection:
        connection.request("POST", url.path or "/", data, headers)
        answer = connection.getresponse()
        body = answer.read(_LONGEST_ANSWER)
    return json.loads(body) if answer.status == 200 else None
