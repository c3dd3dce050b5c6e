"""Telling people: into their inbox here, and by the outbox on to their mail and telephone.

Mail and SMS are open to whoever looks over a shoulder: nothing told names a person, an enterprise or a paper.
"""

from django.utils import timezone

from exchange import outbox
from exchange.models import Message

_LONGEST = 500


def tell(users, key, subject, text, path=""):
    """Write the message into the inbox of each active user, once for each key however often it is told.

    Must run inside the transaction that makes it true. path: a path of ours where they go on. Returns the new Messages.
    """
    written = []
    for user in {user.pk: user for user in users if user.is_active}.values():
        said = {"subject": subject, "text": text[:_LONGEST], "path": path}
        message, fresh = Message.objects.get_or_create(user=user, key=key, defaults=said)
        if fresh:
            written.append(message)
    if written:
        outbox.emit_many("message.written", [{"message_id": message.pk} for message in written])
    return written


def read(messages):
    """Note that these were read; messages: a queryset. What was read before keeps its time."""
    messages.filter(read_at=None).update(read_at=timezone.now())
