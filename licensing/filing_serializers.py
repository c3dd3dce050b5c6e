"""What filing over the API takes and how it refuses, described for docs/openapi.yaml."""

from rest_framework import serializers

from licensing import papers
from licensing.models import OnRefusal


class CreateSerializer(serializers.Serializer):
    answers = serializers.DictField(
        child=serializers.JSONField(allow_null=True), help_text="As guidance/replay/ takes."
    )
    enterprise = serializers.UUIDField()
    premises = serializers.UUIDField()
    declined = serializers.ListField(
        child=serializers.CharField(), default=list, help_text="Codes of needed items that are filed elsewhere."
    )
    item = serializers.CharField(default="", help_text="File this item alone, in the traditional way (双轨).")


class WriteSerializer(serializers.Serializer):
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    values = serializers.DictField(
        child=serializers.JSONField(allow_null=True), default=dict, help_text="Element code to value; null empties it."
    )
    answers = serializers.DictField(
        child=serializers.JSONField(allow_null=True), default=dict, help_text="Answers to questions that have opened."
    )


class AgreeSerializer(serializers.Serializer):
    fingerprint = serializers.CharField()
    declined = serializers.ListField(child=serializers.CharField(), allow_null=True, default=None)
    committed = serializers.ListField(
        child=serializers.CharField(), allow_null=True, default=None, help_text="Items to file by promise."
    )


class HandInSerializer(serializers.Serializer):
    files = serializers.ListField(child=serializers.FileField(), required=False)
    replace = serializers.BooleanField(default=False, help_text="Instead of the files that are there.")
    choice = serializers.ChoiceField(
        list(papers.CHOICES),
        required=False,
        help_text="own: hand it in; later: after acceptance; portal: let the portal get it.",
    )


class SubmitSerializer(serializers.Serializer):
    seen = serializers.CharField(help_text="to_sign.seen of what the signer was shown.")
    version = serializers.CharField(help_text="to_sign.version")
    confirmation = serializers.CharField(
        trim_whitespace=False, help_text="The signer's password, or code where to_sign.method says so."
    )
    promise = serializers.BooleanField(default=False)
    commitment = serializers.BooleanField(default=False, help_text="Where items are filed by promise.")
    deferral = serializers.BooleanField(default=False, help_text="Where papers are left for later.")
    on_refusal = serializers.ChoiceField(OnRefusal.choices, required=False, help_text="Where there are several items.")


class ErrorsSerializer(serializers.Serializer):
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Field, such as values.uscc, to sentences.",
    )


class RefusalSerializer(serializers.Serializer):
    detail = serializers.CharField()
    problems = serializers.ListField(child=serializers.CharField(), required=False)
