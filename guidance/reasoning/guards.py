"""Which answers wake a condition: found by the answers that were given, without a look at all the others. Pure."""

from collections import Counter

# The token of a number: whatever it is.
ANY = None


def tokens_of(question, answer):
    """The tokens (question code, value) that an answer carries."""
    if question.type == "number":
        return [(question.code, ANY)]
    values = answer if question.type == "multi" else [answer]
    return [(question.code, value) for value in values]


def all_tokens_of(question):
    """Every token that some answer to the question carries."""
    if question.type == "boolean":
        return [(question.code, True), (question.code, False)]
    return [(question.code, value) for value in question.values] or [(question.code, ANY)]


class Guards:
    """The guard of an expression is a set of tokens one of which is carried wherever the expression holds.

    None: it may hold whatever was answered. Of the parts of an `all` the rarest guard is enough; so an area that
    thousands of rules compare does not wake the ones that speak of another trade.
    """

    def __init__(self, expressions, derived):
        self._derived, self._guards = derived, {}
        self._used = Counter(token for one in expressions for token in self._mentioned(one))

    def of(self, expression):
        return self._of(expression, holds=True)

    def _of(self, expression, holds):
        [(operator, operand)] = expression.items()
        if operator == "not":
            return self._of(operand, not holds)
        if operator in ("all", "any"):
            guards = [self._of(part, holds) for part in operand]
            return self._rarest(guards) if (operator == "all") is holds else _either(guards)
        fact, wanted = operand
        if fact in self._derived:
            return self._of_derived(fact, holds is wanted)
        # A question that is not asked makes its comparison false, so "not" holds of anybody.
        return frozenset(_tokens(operator, fact, wanted)) if holds else None

    def _of_derived(self, fact, holds):
        if (fact, holds) not in self._guards:
            self._guards[fact, holds] = self._of(self._derived[fact], holds)
        return self._guards[fact, holds]

    def _rarest(self, guards):
        known = [guard for guard in guards if guard is not None]
        return min(known, key=lambda guard: sum(self._used[token] for token in guard), default=None)

    def _mentioned(self, expression):
        [(operator, operand)] = expression.items()
        if operator == "not":
            yield from self._mentioned(operand)
        elif operator in ("all", "any"):
            for part in operand:
                yield from self._mentioned(part)
        elif operand[0] not in self._derived:
            yield from _tokens(operator, *operand)


def _either(guards):
    return None if None in guards else frozenset().union(*guards)


def _tokens(operator, fact, wanted):
    if operator == "gte" or (not isinstance(wanted, list | tuple | str | bool)):
        return [(fact, ANY)]
    values = wanted if operator == "in" else [wanted]
    if any(not isinstance(value, str | bool) for value in values):
        return [(fact, ANY)]
    return [(fact, value) for value in values]
