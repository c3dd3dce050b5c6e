"""The lawful moves of a task as one officer's buttons."""

from dataclasses import dataclass
from functools import cached_property

from routing import conditions, proposing, stopping
from routing.acts import ACTS
from routing.models import TaskStatus
from routing.moves import OFFICER, lawful, not_entitled, objection, unmet
from routing.wording import MOVE_HINTS, MOVE_WORDS

_PROPOSING = {"propose_grant": "grant", "propose_refuse": "refuse"}


@dataclass(frozen=True)
class Offer:
    """A button. why_not: which condition does not hold yet, a sentence; then there is nothing to press."""

    name: str
    words: str
    hint: str
    look: str
    why_not: str


class Desk:
    """What the user may do with the task now."""

    def __init__(self, task, user):
        self.task, self.user = task, user

    @cached_property
    def barred(self):
        """Why the user may do nothing with it at all, a sentence, or ""."""
        return not_entitled(self.task, self.user, OFFICER)

    @cached_property
    def offers(self):
        """The Offers in the order of the buttons. What is lawful only in another state is not among them."""
        if self.barred:
            return []
        names = [name for name in ACTS if self._fits(name)]
        possible = lawful(self.task, self.user, {ACTS[name].move for name in names})
        return [self._offer(name) for name in names if ACTS[name].move in possible]

    def offer(self, name):
        """The Offer of that name that can be pressed, or None."""
        return next((offer for offer in self.offers if offer.name == name and not offer.why_not), None)

    def why_not(self, name):
        """Why the act cannot be made now, though its form was sent: somebody was faster, or it was never offered."""
        waits = next((offer.why_not for offer in self.offers if offer.name == name), "")
        if not waits and name in _PROPOSING.values() and self.task.office.second_review:
            waits = "本机关的决定要经第二人复核，请先提出决定。"
        return objection(self.task, self.user, ACTS[name].move) or waits or "现在不能办这一步，请看可以办的。"

    @cached_property
    def proposal(self):
        """The decision that waits for a second officer, or None."""
        return proposing.open_proposal(self.task) if self.task.status == TaskStatus.ACCEPTED else None

    def _offer(self, name):
        words = MOVE_WORDS[name][self.task.as_catalogued.kind]
        if name == "send_back" and self._is_mine:
            words = "收回我提出的决定"
        return Offer(name, words, MOVE_HINTS.get(name, ""), ACTS[name].look, self._why_not(name))

    def _fits(self, name):
        """Whether the act belongs to this task; what only has to wait for something does, and says for what."""
        by_two, proposed = self.task.office.second_review, self.proposal is not None
        stopped = any(stop.ended_on is None and stop.kind in stopping.BY_OFFICERS for stop in self.task.stops.all())
        return {
            "grant": not by_two,
            "refuse": not by_two,
            "propose_grant": by_two and not proposed,
            "propose_refuse": by_two and not proposed,
            "approve": proposed,
            "send_back": proposed,
            "stop": not stopped and not proposed,
            "resume": stopped,
            "take": self.task.status == TaskStatus.ACCEPTED and not conditions.paper_owed(self.task),
            "extend": bool(self.task.as_catalogued.extension_days),
            "end_false_promise": self.task.by_commitment,
        }.get(name, True)

    def _why_not(self, name):
        if name in _PROPOSING:
            # What would keep the decision from being taken keeps it from being proposed.
            return unmet(self.task, "propose") or unmet(self.task, _PROPOSING[name])
        if name == "approve":
            return self._not_by_me or unmet(self.task, self._proposed_move)
        return unmet(self.task, ACTS[name].move)

    @property
    def _is_mine(self):
        return self.proposal.proposed_by_id == self.user.pk

    @property
    def _not_by_me(self):
        return "提出决定的人不能自己复核，请交给同事。" if self._is_mine else ""

    @property
    def _proposed_move(self):
        return "grant" if self.proposal.outcome == TaskStatus.GRANTED else "refuse"
