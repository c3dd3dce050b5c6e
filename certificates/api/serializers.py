"""What the API says of an enterprise and its licences."""

from rest_framework import serializers


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
    as_of = serializers.DateTimeField(help_text="When it was asked; it has no part in the ETag.")
    licences = PublicLicenceSerializer(many=True)


class EntrySerializer(serializers.Serializer):
    """The directory entry of a licence (GB/T 36902)."""

    identifier = serializers.CharField(allow_null=True, help_text="电子证照标识, GB/T 36904.")
    type_code = serializers.CharField(allow_null=True)
    issuer_code = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()
    previous = serializers.CharField(allow_null=True, help_text="The identifier of the version before this one.")
    next = serializers.CharField(allow_null=True, help_text="The identifier of the version that replaced this one.")
    name = serializers.CharField()
    number = serializers.CharField(help_text="As the licence prints it.")
    holder = serializers.CharField()
    holder_code = serializers.CharField()
    holder_code_type = serializers.CharField(help_text="GB/T 36903 annex A; 001: 统一社会信用代码.")
    authority = serializers.CharField()
    scope = serializers.CharField(allow_blank=True)
    premises = serializers.CharField(allow_null=True)
    issued_on = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, help_text="null: no end.")
    status = serializers.CharField(help_text="In words, at the time of asking.")
    valid = serializers.BooleanField()
    ended_on = serializers.DateField(allow_null=True)


class LicenceNowSerializer(EntrySerializer):
    as_of = serializers.DateTimeField(help_text="When it was asked; it has no part in the ETag.")


class DetailSerializer(serializers.Serializer):
    detail = serializers.CharField()
