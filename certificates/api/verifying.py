"""Verification for machines: is this PDF an e-licence of ours, and what does the register say of it now?"""

from allauth.core import ratelimit
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.response import Response

from certificates import directory
from certificates.api.serializers import DetailSerializer, EntrySerializer
from certificates.elicences.verifying import MAX_SIZE, Busy, verdict
from guidance.api import PublicView

# In settings.ACCOUNT_RATE_LIMITS, the same as of the page: each file costs a process of its own, so all count.
_LIMIT = "licence_verify"
_TOO_LARGE = {"detail": f"文件太大，证照文件不超过 {MAX_SIZE // 1024 // 1024} MB。"}
_NONE = {"detail": "请发送一个 PDF 文件：作为正文（application/pdf），或者表单里的 file。"}


class PdfParser(BaseParser):
    """The body as bytes; one byte more than may be tells a larger one."""

    media_type = "application/pdf"

    def parse(self, stream, media_type=None, parser_context=None):
        return stream.read(MAX_SIZE + 1)


class CheckSerializer(serializers.Serializer):
    code = serializers.CharField(help_text="file, key, data, register, status, newest or sample.")
    label = serializers.CharField()
    passed = serializers.BooleanField()
    text = serializers.CharField()


class VerdictSerializer(serializers.Serializer):
    genuine = serializers.BooleanField(help_text="Made by this portal, and unchanged since.")
    in_force = serializers.BooleanField(help_text="Genuine, no sample, and the licence holds at the time of asking.")
    sample = serializers.BooleanField(help_text="Sealed with a development key: without legal force.")
    checks = CheckSerializer(many=True, help_text="In their order; those after a failed file are left out.")
    licence = EntrySerializer(allow_null=True, help_text="As the register has it now; null unless genuine.")
    as_of = serializers.DateTimeField()


class PdfSerializer(serializers.Serializer):
    file = serializers.FileField()


class VerifyView(PublicView):
    parser_classes = (PdfParser, MultiPartParser)

    @extend_schema(
        operation_id="verify",
        request={"application/pdf": OpenApiTypes.BINARY, "multipart/form-data": PdfSerializer},
        responses={
            200: VerdictSerializer,
            400: OpenApiResponse(DetailSerializer, "There is no file."),
            413: OpenApiResponse(DetailSerializer, "Larger than any of our files."),
            429: OpenApiResponse(DetailSerializer, "Too many files from this address."),
            503: OpenApiResponse(DetailSerializer, "Others are being verified; try again in a minute."),
        },
    )
    def post(self, request):
        """Verify one PDF. Nothing of it is kept."""
        if not ratelimit.consume(request, action=_LIMIT):
            raise Throttled(wait=60)
        content = _content(request.data)
        if not content:
            return Response(_NONE, status=400)
        if len(content) > MAX_SIZE:
            return Response(_TOO_LARGE, status=413)
        try:
            found = verdict(content)
        except Busy as why:
            return Response({"detail": str(why)}, status=503, headers={"Retry-After": "60"})
        return Response(VerdictSerializer(_told(found)).data, headers={"Cache-Control": "no-store"})


def _content(data):
    """The bytes of either kind of body; of a form's file one byte too many is enough to refuse it."""
    if isinstance(data, bytes):
        return data
    upload = data.get("file")
    if upload is None or not hasattr(upload, "read"):
        return b""
    return upload.read(MAX_SIZE + 1)


def _told(found):
    licence = directory.identified(found.licence.identifier) if found.licence else None
    return {
        "genuine": found.genuine,
        "in_force": found.in_force,
        "sample": found.sample,
        "checks": found.checks,
        "licence": licence and directory.entry(licence),
        "as_of": found.as_of,
    }
