"""A second factor (动态验证码) as a person's telephone makes it."""

import time

from allauth.mfa.totp.internal import auth


def with_authenticator(user):
    """Returns the secret."""
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(user, secret)
    return secret


def code_of(secret):
    return auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30))
