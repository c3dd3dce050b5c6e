from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm


class AccountAdapter(DefaultAccountAdapter):
    pass


class LoginForm(AllauthLoginForm):
    pass


class SignupForm(AllauthSignupForm):
    pass
