from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from certificates.public import look_up
from guidance.api import PublicView


class PublicLicenceSerializer(serializers.Serializer):
    name = serializers.CharField()
    number = serializers.CharField()
    scope = serializers.CharField(allow_blank=True)
    premises = serializers.CharField(allow_null=True)
    authority = serializers.CharField()
    issued_on = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, help_text="null: no end.")
    status = serializers.CharField()
    ended_on = serializers.DateField(allow_null=True, help_text="The day it was annulled, withdrawn or cancelled.")
    valid = serializers.BooleanField()


class PublicEnterpriseSerializer(serializers.Serializer):
    name = serializers.CharField()
    uscc = serializers.CharField()
    type = serializers.CharField(allow_blank=True)
    status = serializers.CharField()
    address = serializers.CharField(allow_blank=True)
    scope = serializers.CharField(allow_blank=True)
    as_of = serializers.DateTimeField()
    licences = PublicLicenceSerializer(many=True)


class EnterpriseView(PublicView):
    """What anybody may see who has scanned the code: the same as the public page, as it is now."""

    @extend_schema(
        operation_id="enterprises_retrieve",
        responses={200: PublicEnterpriseSerializer, 404: OpenApiResponse(description="No enterprise has this code.")},
    )
    def get(self, request, token):
        facts = look_up(token)
        if facts is None:
            raise Http404
        return Response(PublicEnterpriseSerializer(facts).data, headers={"Cache-Control": "no-store"})
