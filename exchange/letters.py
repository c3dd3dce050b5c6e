"""A message of the inbox as an e-mail."""

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from exchange.models import Message
from exchange.outbox import outside


class NotSent(Exception):
    """The mail server or text gateway did not take a message; the outbox tries again."""


@outside
def send(message_id):
    """Send the message to its reader's address, if there is one. May come twice when a worker dies, never not."""
    message = Message.objects.select_related("user").filter(pk=message_id).first()
    if message is None or not (message.user.is_active and message.user.email):
        return
    address = settings.PUBLIC_URL + message.path if message.path else ""
    text = render_to_string("exchange/letter.txt", {"text": message.text, "address": address})
    post(message.user.email, message.subject, text)


def post(address, subject, text):
    """Send one letter. Raises NotSent."""
    try:
        send_mail(f"【一照通行】{subject}", text, None, [address])
    except (SMTPException, OSError) as error:
        # Its message names the recipient, and would stand in the log of the outbox.
        raise NotSent(type(error).__name__) from None
