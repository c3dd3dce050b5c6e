"""What an applicant says instead of a known value that is wrong (不对？). Pure.

What they say is what the form and the snapshot hold, and every office that reads it sees it flagged beside what is
registered. It never moves the rules: a register's answer (the kind of enterprise, say) stands until the register is
mended, since nobody changes by a word which permits he needs.
"""

from dataclasses import replace

# Another code would be another enterprise: that is chosen, not corrected.
UNCHANGING = ("uscc",)


def standing(disputes, known):
    """Of an application's disputes those about what is known today: {code: {"value", "reason", "was"}}.

    A source that is gone, has been mended, or says something else by now is disputed no more.
    """
    return {
        code: one
        for code, one in disputes.items()
        if code in known and one.get("was", known[code].value) == known[code].value != one["value"]
    }


def corrected(known, disputed):
    """The known Prefilled with what the applicant says in place of what is registered."""
    return known | {code: replace(known[code], value=one["value"]) for code, one in disputed.items()}


def frozen(plan):
    """The disputes as a snapshot keeps them: {code: {"value", "reason", "was", "source"}}."""
    return {
        code: {
            "value": one["value"],
            "reason": one["reason"],
            "was": plan.known[code].value,
            "source": plan.known[code].told,
        }
        for code, one in plan.disputed.items()
    }
