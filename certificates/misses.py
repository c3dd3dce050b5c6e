"""Counting what an address asks for and nobody has, so that guessing ends while honest neighbours go on."""

from allauth.core.internal import ratelimit

# The public door of the same module leaves GET uncounted, by which codes are guessed.
_APP = "allauth.account"


def one_more(request, limit):
    """Count one, by a name of settings.ACCOUNT_RATE_LIMITS; False: there were too many."""
    return ratelimit.consume(request, app=_APP, action=limit, limit_get=True) is not None
