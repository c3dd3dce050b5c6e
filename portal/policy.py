"""Who may open which address: one table over every URL name. What is not in it does not exist for anybody.

The table keeps whole groups out; which rows of a page somebody sees is the querysets' business (`for_applicant`, ...).
"""

from enum import StrEnum

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, JsonResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from portal import second_factor


class Access(StrEnum):
    PUBLIC = "public"
    APPLICANT = "applicant"
    # Whoever has a post or a place at a window.
    STAFF = "staff"
    CLERK = "clerk"
    OFFICER = "officer"
    OPERATOR = "operator"


PUBLIC, APPLICANT, STAFF, CLERK, OFFICER, OPERATOR = Access

# In the order of the alphabet, one line an address.
TABLE = {
    "account_change_password": APPLICANT,
    "account_confirm_email": PUBLIC,
    "account_email_verification_sent": PUBLIC,
    "account_inactive": PUBLIC,
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_reauthenticate": APPLICANT,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_signup": PUBLIC,
    "admin:admin_logentry_changelist": OPERATOR,
    "admin:certificates_certificatetype_add": OPERATOR,
    "admin:certificates_certificatetype_change": OPERATOR,
    "admin:certificates_certificatetype_changelist": OPERATOR,
    "admin:certificates_departmentclient_add": OPERATOR,
    "admin:certificates_departmentclient_changelist": OPERATOR,
    "admin:certificates_departmentclient_revoke": OPERATOR,
    "admin:certificates_licence_approve": OFFICER,
    "admin:certificates_licence_change": OFFICER,
    "admin:certificates_licence_changelist": OFFICER,
    "admin:certificates_licence_end": OFFICER,
    "admin:certificates_licence_move": OFFICER,
    "admin:certificates_licence_send_back": OFFICER,
    "admin:certificates_licencefile_changelist": OPERATOR,
    "admin:certificates_licencefile_retry": OPERATOR,
    "admin:certificates_licenceimport_add": OFFICER,
    "admin:certificates_licenceimport_change": OFFICER,
    "admin:certificates_licenceimport_changelist": OFFICER,
    "admin:certificates_licenceimport_errors": OFFICER,
    "admin:certificates_licenceimport_move": OFFICER,
    "admin:certificates_licenceimport_template": OFFICER,
    "admin:certificates_officiallookup_changelist": OFFICER,
    "admin:exchange_delivery_changelist": OPERATOR,
    "admin:exchange_delivery_retry": OPERATOR,
    "admin:exchange_source_add": OPERATOR,
    "admin:exchange_source_change": OPERATOR,
    "admin:exchange_source_changelist": OPERATOR,
    "admin:guidance_clerk_add": OPERATOR,
    "admin:guidance_clerk_change": OPERATOR,
    "admin:guidance_clerk_changelist": OPERATOR,
    "admin:guidance_clerk_delete": OPERATOR,
    "admin:guidance_department_changelist": OPERATOR,
    "admin:guidance_division_add": OPERATOR,
    "admin:guidance_division_change": OPERATOR,
    "admin:guidance_division_changelist": OPERATOR,
    "admin:guidance_hall_add": OPERATOR,
    "admin:guidance_hall_change": OPERATOR,
    "admin:guidance_hall_changelist": OPERATOR,
    "admin:guidance_office_add": OPERATOR,
    "admin:guidance_office_change": OPERATOR,
    "admin:guidance_office_changelist": OPERATOR,
    "admin:guidance_post_add": OPERATOR,
    "admin:guidance_post_change": OPERATOR,
    "admin:guidance_post_changelist": OPERATOR,
    "admin:guidance_post_delete": OPERATOR,
    "admin:guidance_release_changelist": OPERATOR,
    "admin:guidance_searchmiss_change": OPERATOR,
    "admin:guidance_searchmiss_changelist": OPERATOR,
    "admin:index": OFFICER,
    "admin:licensing_untrustworthyentry_add": OPERATOR,
    "admin:licensing_untrustworthyentry_change": OPERATOR,
    "admin:licensing_untrustworthyentry_changelist": OPERATOR,
    "admin:login": PUBLIC,
    "admin:logout": PUBLIC,
    "admin:portal_user_add": OPERATOR,
    "admin:portal_user_change": OPERATOR,
    "admin:portal_user_changelist": OPERATOR,
    "admin:portal_user_reset_second_factor": OPERATOR,
    "admin:routing_aftercheck_annul": OFFICER,
    "admin:routing_aftercheck_change": OFFICER,
    "admin:routing_aftercheck_changelist": OFFICER,
    "admin:routing_aftercheck_move": OFFICER,
    "admin:routing_approvaltask_accept_selected": OFFICER,
    "admin:routing_approvaltask_change": OFFICER,
    "admin:routing_approvaltask_changelist": OFFICER,
    "admin:routing_approvaltask_disclose": OFFICER,
    "admin:routing_approvaltask_form": OFFICER,
    "admin:routing_approvaltask_load": OFFICER,
    "admin:routing_approvaltask_move": OFFICER,
    "admin:routing_approvaltask_preview": OFFICER,
    "admin:routing_approvaltask_reassign_selected": OFFICER,
    "admin:routing_calendaryear_add": OPERATOR,
    "admin:routing_calendaryear_change": OPERATOR,
    "admin:routing_calendaryear_changelist": OPERATOR,
    "admin:routing_calendaryear_delete": OPERATOR,
    "admin:routing_term_change": OPERATOR,
    "admin:routing_term_changelist": OPERATOR,
    "api:agree": APPLICANT,
    "api:application": APPLICANT,
    "api:applications": APPLICANT,
    "api:enterprise": PUBLIC,
    "api:items": PUBLIC,
    "api:licence": PUBLIC,
    "api:paper": APPLICANT,
    "api:replay": PUBLIC,
    # Open to no person at all, but to systems of departments, by a token that their views ask for.
    "api:sharing": PUBLIC,
    "api:sharing-file": PUBLIC,
    "api:submit": APPLICANT,
    "api:values": APPLICANT,
    "api:verify": PUBLIC,
    "certificates:ask-file": APPLICANT,
    "certificates:calendar": APPLICANT,
    "certificates:change": APPLICANT,
    "certificates:door-sign": APPLICANT,
    "certificates:ending": APPLICANT,
    "certificates:file": APPLICANT,
    "certificates:life": APPLICANT,
    "certificates:look-up": PUBLIC,
    "certificates:lookups": APPLICANT,
    "certificates:official": STAFF,
    "certificates:official-file": STAFF,
    "certificates:public": PUBLIC,
    "certificates:qr": APPLICANT,
    "certificates:recode": APPLICANT,
    "certificates:register": APPLICANT,
    "certificates:renew": APPLICANT,
    "certificates:verify": PUBLIC,
    "exchange:inbox": APPLICANT,
    "exchange:read": APPLICANT,
    "exchange:read-all": APPLICANT,
    "guidance:come-back": PUBLIC,
    "guidance:explain": PUBLIC,
    "guidance:item": PUBLIC,
    "guidance:list": PUBLIC,
    "guidance:list-file": PUBLIC,
    "guidance:lists": PUBLIC,
    "guidance:notice": PUBLIC,
    "guidance:notice-pdf": PUBLIC,
    "guidance:question": PUBLIC,
    "guidance:result": PUBLIC,
    "guidance:resume": PUBLIC,
    "guidance:search": PUBLIC,
    "guidance:start": PUBLIC,
    "guidance:summary": PUBLIC,
    "guidance:themes": PUBLIC,
    "guidance:why-not": PUBLIC,
    "licensing:ask-to-sign": APPLICANT,
    "licensing:by-code": APPLICANT,
    "licensing:confirmation": CLERK,
    "licensing:confirmations": CLERK,
    "licensing:delete": APPLICANT,
    "licensing:detail": APPLICANT,
    "licensing:dispute": APPLICANT,
    "licensing:enterprise": APPLICANT,
    "licensing:enterprise-add": APPLICANT,
    "licensing:enterprises": APPLICANT,
    "licensing:file": APPLICANT,
    "licensing:file-bytes": APPLICANT,
    "licensing:file-row": APPLICANT,
    "licensing:form": APPLICANT,
    "licensing:guide": APPLICANT,
    "licensing:invitation": APPLICANT,
    "licensing:item-form": APPLICANT,
    "licensing:list": APPLICANT,
    "licensing:members": APPLICANT,
    "licensing:package": APPLICANT,
    "licensing:paper-choose": APPLICANT,
    "licensing:paper-remove": APPLICANT,
    "licensing:paper-upload": APPLICANT,
    "licensing:papers": APPLICANT,
    "licensing:papers-ask": APPLICANT,
    "licensing:plan": APPLICANT,
    "licensing:premises-add": APPLICANT,
    "licensing:preview": APPLICANT,
    "licensing:promises": APPLICANT,
    "licensing:question": APPLICANT,
    "licensing:resume": APPLICANT,
    "licensing:review": APPLICANT,
    "licensing:sample-form": PUBLIC,
    "licensing:separate": APPLICANT,
    "licensing:single": APPLICANT,
    "licensing:start": APPLICANT,
    "licensing:submit": APPLICANT,
    "licensing:table": APPLICANT,
    "licensing:table-template": APPLICANT,
    "licensing:where": APPLICANT,
    "licensing:who": APPLICANT,
    "mfa_activate_totp": APPLICANT,
    "mfa_authenticate": PUBLIC,
    "mfa_deactivate_totp": APPLICANT,
    "mfa_generate_recovery_codes": APPLICANT,
    "mfa_index": APPLICANT,
    "mfa_reauthenticate": APPLICANT,
    "mfa_view_recovery_codes": APPLICANT,
    "portal:healthz": PUBLIC,
    "portal:home": PUBLIC,
    "portal:kiosk-end": PUBLIC,
    "portal:kiosk-stay": PUBLIC,
    "portal:phone": APPLICANT,
    "portal:privacy": PUBLIC,
    "portal:readyz": PUBLIC,
    "routing:correction": APPLICANT,
    "routing:document": APPLICANT,
    "routing:document-pdf": APPLICANT,
    "routing:documents": APPLICANT,
    "routing:draft-map": APPLICANT,
    "routing:hold": APPLICANT,
    "routing:map": PUBLIC,
    "routing:supply": APPLICANT,
    "routing:why": APPLICANT,
    "routing:withdraw": APPLICANT,
    "window:assist": CLERK,
    "window:case": CLERK,
    "window:given": CLERK,
    "window:hall": CLERK,
    "window:hand-over": CLERK,
    "window:holder": CLERK,
    "window:home": CLERK,
    "window:own-receipt": APPLICANT,
    "window:receipt": CLERK,
    "window:receipt-pdf": CLERK,
    "window:receive": CLERK,
    "window:shelf": CLERK,
    "window:slip": CLERK,
    "window:start": CLERK,
    "window:stop": CLERK,
    "window:submit": CLERK,
    "window:take-over": CLERK,
    "window:today": CLERK,
}

# Of the applicants' pages those that offices and windows read too: papers, decisions, ends of licences.
_READ_BY_STAFF_TOO = {
    "certificates:ask-file",
    "certificates:ending",
    "certificates:file",
    "licensing:file",
    "licensing:file-bytes",
    "licensing:preview",
    "routing:document",
    "routing:document-pdf",
    "routing:documents",
    "routing:why",
}


class PolicyMiddleware:
    """Ask the table before any view runs. A signed-in stranger is told what a missing page tells: nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # PostgreSQL knows no such letter, so nothing can have this address.
        # But the page behind a code answers alike whatever is asked of it.
        if "\0" in request.path_info and not request.path_info.startswith("/e/"):
            raise Http404
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not response.has_header("Cache-Control"):
            # On a computer in the hall, "back" after signing out must not show the last person's pages.
            add_never_cache_headers(response)
        return response

    def process_view(self, request, view, args, kwargs):
        access = TABLE.get(request.resolver_match.view_name)
        if access is None:
            raise Http404
        if access == PUBLIC:
            return None  # Without touching request.user: a public page costs no query for its visitor.
        if not request.user.is_authenticated:
            return _ask_to_sign_in(request)
        if not may_open(request.user, access):
            raise Http404
        if _for_staff(request, access) and second_factor.is_missing(request.user):
            return second_factor.ask_to_set_up(request)
        return None


def _for_staff(request, access):
    """Is it a page of the staff's, or one that this member of the staff may read by a post or place at a window?"""
    if access != APPLICANT:
        return True
    shared = request.resolver_match.view_name in _READ_BY_STAFF_TOO
    return shared and (request.user.is_officer or request.user.is_clerk)


def may_open(user, access):
    return {
        PUBLIC: lambda: True,
        APPLICANT: lambda: user.is_authenticated,
        STAFF: lambda: user.is_clerk or user.is_officer,
        CLERK: lambda: user.is_clerk,
        OFFICER: lambda: user.is_officer,
        OPERATOR: lambda: user.is_superuser,
    }[access]()


def _ask_to_sign_in(request):
    if "api" in request.resolver_match.namespaces:
        return JsonResponse({"detail": "请先登录。"}, status=403)
    answer = redirect_to_login(_way_back(request), reverse("account_login"))
    # htmx would put the sign-in page into the middle of the page it was asked from; this makes it go there.
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer


def _way_back(request):
    """Where to go on after signing in: the page a form or fragment is on instead of its own address."""
    referrer = request.headers.get("Referer", "")
    of_its_own = request.method in ("GET", "HEAD") and not request.htmx
    if of_its_own or not url_has_allowed_host_and_scheme(referrer, {request.get_host()}):
        return request.get_full_path()
    return referrer
