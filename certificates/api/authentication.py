"""Who asks for shared licences: a department's system, by the token in its Authorization header, without a session."""

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission

from certificates.clients import client_of
from certificates.models import DepartmentClient

_REFUSED = "没有这个令牌，或者它已经停用。"


class ClientAuthentication(BaseAuthentication):
    """Gives the DepartmentClient as request.auth; asked in each call, so that a revoked token is refused at once."""

    def authenticate(self, request):
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        client = client_of(_token(words))
        if client is None:
            raise AuthenticationFailed(_REFUSED)
        return AnonymousUser(), client

    def authenticate_header(self, request):
        return 'Bearer realm="sharing"'


class IsClient(BasePermission):
    def has_permission(self, request, view):
        return isinstance(request.auth, DepartmentClient)


class ClientScheme(OpenApiAuthenticationExtension):
    target_class = "certificates.api.authentication.ClientAuthentication"
    name = "departmentToken"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "The token of a department's system."}


def _token(words):
    try:
        return words[1].decode("ascii") if len(words) == 2 else ""
    except UnicodeDecodeError:
        return ""
