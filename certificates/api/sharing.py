"""Sharing with departments' systems over the API (GB/T 36906); certificates/sharing.py says who gets what."""

from allauth.core import ratelimit
from django.http import Http404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.response import Response
from rest_framework.views import APIView

from certificates import directory, file_links, sharing
from certificates.api.authentication import ClientAuthentication, IsClient
from certificates.api.serializers import EntrySerializer
from certificates.identifiers import check_type_code, parse
from licensing.forms.text import without_unseen
from licensing.identifiers import check_uscc

# In settings.ACCOUNT_RATE_LIMITS; only what found nothing counts.
_LIMIT = "sharing_missed"
_UNKNOWN = {"detail": "没有找到。"}
_LAST_PAGE = 1000


class VisibleField(serializers.CharField):
    """Takes only what can be seen: the holder is to read it."""

    def run_validation(self, data=serializers.empty):
        return super().run_validation(without_unseen(data) if isinstance(data, str) else data)


class SharingRequestSerializer(serializers.Serializer):
    holder_code = serializers.CharField(required=False, max_length=40, help_text="统一社会信用代码 of the holder.")
    holder_code_type = serializers.CharField(
        required=False, max_length=10, help_text="GB/T 36903 annex A: 001, with holder_code."
    )
    type_code = serializers.CharField(
        required=False, max_length=40, help_text="证照类型代码: only licences of this type; with holder_code."
    )
    identifier = serializers.CharField(
        required=False, max_length=200, help_text="电子证照标识 of one licence, instead of holder_code."
    )
    reason = VisibleField(max_length=200, help_text="用证事由, kept on record and shown to the holder.")
    case_number = VisibleField(required=False, allow_blank=True, max_length=60, help_text="办件编号.")
    page = serializers.IntegerField(
        required=False, default=1, min_value=1, max_value=_LAST_PAGE, help_text=f"{sharing.PER_PAGE} licences each."
    )

    def validate_holder_code(self, text):
        return _checked(check_uscc, text)

    def validate_identifier(self, text):
        return str(_checked(lambda text: parse(text, imported=True), text))

    def validate_type_code(self, text):
        return _checked(check_type_code, text)

    def validate_holder_code_type(self, text):
        if text != directory.USCC:
            raise serializers.ValidationError("现在只能按统一社会信用代码查，持证主体代码类型填 001。")
        return text

    def validate(self, asked):
        wrong = {}
        if ("holder_code" in asked) == ("identifier" in asked):
            wrong["holder_code"] = ["持证主体代码和电子证照标识填一个，也只填一个。"]
        elif "holder_code" in asked and "holder_code_type" not in asked:
            wrong["holder_code_type"] = ["请填写持证主体代码类型，统一社会信用代码是 001。"]
        elif "identifier" in asked and "type_code" in asked:
            wrong["type_code"] = ["按电子证照标识查的，不再填证照类型代码。"]
        if wrong:
            raise serializers.ValidationError(wrong)
        return asked


class FaceLineSerializer(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    text = serializers.CharField()


class SharedLicenceSerializer(EntrySerializer):
    face = FaceLineSerializer(many=True, help_text="Numbers of persons are masked except for the issuing department.")
    file = serializers.SerializerMethodField(
        help_text="Where this client alone may fetch the PDF within five minutes; null: none has been made yet."
    )

    def get_file(self, row) -> str | None:
        if row["file_key"] is None:
            return None
        return self.context["request"].build_absolute_uri(
            reverse("api:sharing-file", args=[row["public_id"], row["file_key"]])
        )


class SharedSerializer(serializers.Serializer):
    count = serializers.IntegerField(help_text="Licences in their newest versions, on all pages.")
    licences = SharedLicenceSerializer(many=True)


class FieldErrorsSerializer(serializers.Serializer):
    errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class _ClientView(APIView):
    authentication_classes = (ClientAuthentication,)
    permission_classes = (IsClient,)


class SharingView(_ClientView):
    @extend_schema(
        operation_id="sharing_licences",
        request=SharingRequestSerializer,
        responses={
            200: SharedSerializer,
            400: OpenApiResponse(FieldErrorsSerializer, "What is wrong, by field; nothing was recorded."),
            401: OpenApiResponse(description="No token, or one that is unknown or revoked."),
            404: OpenApiResponse(description="No such holder or licence."),
            429: OpenApiResponse(description="Too many questions that found nothing."),
        },
    )
    def post(self, request):
        """Ask for a holder's licences or for one, with the reason; it is recorded before it is answered."""
        given = SharingRequestSerializer(data=request.data)
        if not given.is_valid():
            return Response({"errors": given.errors}, status=400)
        asked = given.validated_data
        tries = {"action": _LIMIT, "key": str(request.auth.pk)}
        if not ratelimit.consume(request, dry_run=True, **tries):
            raise Throttled(wait=60)
        try:
            count, licences = _found(request.auth, asked)
        except sharing.NothingFound:
            ratelimit.consume(request, **tries)
            return Response(_UNKNOWN, status=404)
        answer = {"count": count, "licences": licences}
        return _kept_by_nobody(Response(SharedSerializer(answer, context={"request": request}).data))


class SharingFileView(_ClientView):
    @extend_schema(
        operation_id="sharing_file",
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            401: OpenApiResponse(description="No token, or one that is unknown or revoked."),
            404: OpenApiResponse(description="Not this client's link, or older than five minutes."),
        },
    )
    def get(self, request, public_id, key):
        """The file behind a link of an answer, for the client that got it."""
        if not file_links.opens(key, public_id, request.auth):
            raise Http404
        files = file_links.made_files().select_related("licence")
        return file_links.found_or_404(files.filter(licence__public_id=public_id))


def _found(client, asked):
    """(count, licences) of what was asked. Raises NothingFound."""
    why = {"reason": asked["reason"], "case_number": asked.get("case_number", "")}
    if "identifier" in asked:
        return 1, sharing.one(client, asked["identifier"], **why)
    of_type = directory.of_type(asked["type_code"]) if "type_code" in asked else None
    return sharing.all_of(client, asked["holder_code"], of_type=of_type, page=asked["page"], **why)


def _checked(check, text):
    try:
        return check(text)
    except ValueError as why:
        raise serializers.ValidationError(str(why)) from None


def _kept_by_nobody(response):
    response["Cache-Control"] = "private, no-store"
    return response
