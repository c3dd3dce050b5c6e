from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.contrib import admin
from django.urls import include, path, re_path

from portal import phone, views

# Only those of allauth's addresses that our people need. Its names are kept: its own code looks them up.
account_urls = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("confirm-email/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/code/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/password/", account.reauthenticate, name="account_reauthenticate"),
    path("2fa/on/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]

portal_urls = [
    path("", views.home, name="home"),
    path("privacy/", views.privacy, name="privacy"),
    path("accounts/phone/", phone.phone, name="phone"),
    path("kiosk/end/", views.kiosk_end, name="kiosk-end"),
    path("kiosk/stay/", views.kiosk_stay, name="kiosk-stay"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

urlpatterns = [
    # First, since the page behind a code is asked for most and looks for its address in order.
    path("", include("certificates.urls")),
    path("", include((portal_urls, "portal"))),
    path("", include("exchange.urls")),
    path("", include("guidance.urls")),
    path("", include("licensing.urls")),
    path("", include("routing.urls")),
    path("", include("window.urls")),
    path("accounts/", include(account_urls)),
    path("api/v1/", include("portal.api")),
    path("admin/", admin.site.urls),
]
