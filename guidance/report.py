"""A Situation as JSON for other programs: `manage.py recommend` and the API say the same. Pure."""

from guidance.explaining.whys import Explainer


def report(situation):
    """Return {"items", "possible", "blocks", "notices", "reasons", "dropped", "next"}; lists of sorted codes."""
    return {
        "items": list(situation.items),
        "possible": list(situation.possible),
        "blocks": list(situation.blocks),
        "notices": list(situation.notices),
        "reasons": {item: [reason.because for reason in situation.reasons[item]] for item in situation.items},
        "dropped": list(situation.dropped),
        "next": situation.next,
    }


def explanation(catalogue, situation):
    """Return why items are needed, why others are not, and what would drop the needed ones.

    {"why": {item: [{"because", "basis", "answers"}, … a rule that holds]},
     "why_not": {other item: [{"because", "basis", "answers", "text"}, … a rule, the nearest first]},
     "drop_by": {item: {"answers", "text", "items_lost", "items_gained", "items_possible", "answers_dropped",
                        "asks_more"}, or null where no change of two answers would do}}

    "answers" are {question code: answer}: in why those that make the rule hold, else those to be put in place of, or
    to, the ones given; {} in why_not where that would be a quite different business; null where the conditions cross
    too much to be worked out, as text then says. The other lists are codes.
    """
    explainer = Explainer(catalogue, situation)
    return {
        "why": {code: [_why(situation, reason) for reason in situation.reasons[code]] for code in situation.items},
        "why_not": {
            code: [_why_not(need) for need in explainer.why_not(code)]
            for code in catalogue.items
            if code not in situation.items
        },
        "drop_by": {code: _drop_by(explainer.drop_by(code)) for code in situation.items},
    }


def _why(situation, reason):
    answers = {code: situation.answers[code] for code in reason.causes}
    return {"because": reason.because, "basis": reason.basis, "answers": answers}


def _why_not(need):
    return {"because": need.rule.because, "basis": need.rule.basis, "answers": need.answers, "text": need.text}


def _drop_by(drop):
    return drop and {
        "answers": drop.answers,
        "text": drop.text,
        "items_lost": list(drop.effect.lost),
        "items_gained": list(drop.effect.gained),
        "items_possible": list(drop.effect.possible),
        "answers_dropped": list(drop.effect.dropped),
        "asks_more": drop.effect.asks_more,
    }
