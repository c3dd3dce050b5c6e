"""Keeping the answers of a guidance session."""

from django.db import transaction

from guidance import releases
from guidance.engine import replay
from guidance.models import GuidanceSession, Source


def begin(release, theme=None, known=None):
    """Open a session under that release, half answered by the theme and by what else is known.

    known: {question: (answer, Source)}. The theme was picked just now, for what is planned: it yields to what is
    registered, and an earlier application yields to it.
    """
    seeded = {code: (answer, Source.THEME) for code, answer in theme.seed_answers.items()} if theme else {}
    known = known or {}
    sure = {code: told for code, told in known.items() if told[1] != Source.EARLIER}
    told = dict(sorted((known | seeded | sure).items()))
    return GuidanceSession.objects.create(
        release=release,
        theme_code=theme.code if theme else "",
        answers={code: answer for code, (answer, _source) in told.items()},
        sources={code: source for code, (_answer, source) in told.items()},
    )


@transaction.atomic
def answer(session, code, value):
    """Keep one answer and return the new Situation; its `dropped` answers fell away. Raises InvalidAnswer."""
    # Two tabs may answer at once; without the lock the later would undo the earlier.
    session = GuidanceSession.objects.select_for_update().get(pk=session.pk)
    situation = replay(releases.load(session.release_id), {**session.answers, code: value})
    session.answers = situation.answers
    session.sources = {one: who for one, who in session.sources.items() if one in situation.answers and one != code}
    session.save(update_fields=["answers", "sources", "updated_at"])
    return situation


def choose(session, situation, chosen):
    """Keep which of the needed items the person leaves out this time (点餐); return their codes."""
    session.declined = [code for code in situation.items if code not in chosen and code not in situation.blocked_items]
    session.save(update_fields=["declined", "updated_at"])
    return session.declined
