"""The person's applications over the API: the list, one with all that is known of it, and what describes them."""

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import RetrieveAPIView

from licensing.draft_report import report
from licensing.models import Application, How, Method, Status
from licensing.models.papers import FileState


class TaskSerializer(serializers.Serializer):
    """One department's share of an application."""

    item = serializers.CharField(source="item_code")
    name = serializers.CharField(source="item.name")
    office = serializers.CharField(source="office.name")
    status = serializers.CharField()
    status_text = serializers.CharField()
    received_at = serializers.DateTimeField(allow_null=True)
    due_on = serializers.DateField(source="committed_due_on", allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class ApplicationSerializer(serializers.ModelSerializer):
    id = serializers.UUIDField(source="public_id")
    status = serializers.ChoiceField(Status.choices)
    enterprise = serializers.CharField(source="enterprise.name", allow_null=True)
    premises = serializers.CharField(source="premises.name", allow_null=True)
    items = serializers.ListField(child=serializers.CharField(), source="chosen")
    tasks = TaskSerializer(many=True, help_text="Empty until the application has been split.")

    class Meta:
        model = Application
        fields = (
            "id",
            "number",
            "status",
            "enterprise",
            "premises",
            "items",
            "created_at",
            "submitted_at",
            "completed_at",
            "tasks",
        )
        read_only_fields = fields


class ChoiceSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()


class OpenQuestionSerializer(serializers.Serializer):
    code = serializers.CharField()
    text = serializers.CharField()
    type = serializers.CharField()
    choices = ChoiceSerializer(many=True)


class PlannedItemSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    chosen = serializers.BooleanField(help_text="False: needed, but filed elsewhere.")
    committable = serializers.BooleanField(help_text="May be filed by promise (告知承诺).")
    committed = serializers.BooleanField()


class ColumnSerializer(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    type = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    required = serializers.BooleanField()
    choices = ChoiceSerializer(many=True)


class ElementSerializer(ColumnSerializer):
    asked = serializers.BooleanField(help_text="False: known or computed, and not written here.")
    source = serializers.CharField(allow_blank=True, help_text="Where a known value comes from.")
    columns = ColumnSerializer(many=True, help_text="Of a table, type rows.")
    items = serializers.ListField(child=serializers.CharField(), help_text="Which items ask for it.")
    value = serializers.JSONField(allow_null=True, help_text="Decimals are texts, days YYYY-MM-DD.")


class FileSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    state = serializers.ChoiceField(FileState.choices)


class PaperSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    how = serializers.ChoiceField(How.choices)
    note = serializers.CharField(allow_blank=True, help_text="Why it is met this way.")
    items = serializers.ListField(child=serializers.CharField())
    missing = serializers.BooleanField(help_text="Must be handed in, or left for later where that is possible.")
    deferrable = serializers.BooleanField(help_text="May be left for later (容缺受理).")
    files = FileSerializer(many=True)


class ToSignSerializer(serializers.Serializer):
    seen = serializers.CharField(help_text="Stands for all that is signed; sent back when submitting.")
    version = serializers.CharField(help_text="Of the promise; sent back when submitting.")
    promise = serializers.CharField()
    deferral_promise = serializers.CharField(allow_blank=True)
    commitments = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Item code to the paragraphs of 告知承诺书.",
    )
    method = serializers.ChoiceField(Method.choices, help_text="How this person confirms a signature.")


class DraftSerializer(serializers.Serializer):
    """What a draft asks, what is there and what is still to do."""

    draft_code = serializers.CharField()
    revision = serializers.IntegerField(help_text="Counts saves; sent back when writing.")
    fingerprint = serializers.CharField(help_text="Of today's plan; sent back when agreeing to it.")
    agreed = serializers.BooleanField(help_text="Whether that plan was agreed to.")
    question = OpenQuestionSerializer(allow_null=True, help_text="The next question that must be answered.")
    answers = serializers.DictField(child=serializers.JSONField(allow_null=True))
    plan = PlannedItemSerializer(many=True)
    elements = ElementSerializer(many=True)
    papers = PaperSerializer(many=True)
    problems = serializers.ListField(child=serializers.CharField(), help_text="What stands between it and submission.")
    to_sign = ToSignSerializer(allow_null=True)


class ApplicationDetailSerializer(ApplicationSerializer):
    draft = serializers.SerializerMethodField(help_text="Null once it is submitted.")

    class Meta(ApplicationSerializer.Meta):
        fields = (*ApplicationSerializer.Meta.fields, "draft")
        read_only_fields = fields

    @extend_schema_field(DraftSerializer(allow_null=True))
    def get_draft(self, application):
        if application.status != Status.DRAFT:
            return None
        return report(application, self.context["request"].user)


class OwnApplications:
    # Asked only by the description of the API, for the types in its addresses.
    queryset = Application.objects.none()
    serializer_class = ApplicationSerializer
    lookup_field = "public_id"

    def get_queryset(self):
        own = Application.objects.for_applicant(self.request.user)
        own = own.select_related("enterprise", "premises__division", "release")
        return own.prefetch_related("tasks__item", "tasks__office").order_by("-created_at", "-pk")


@extend_schema_view(
    get=extend_schema(
        operation_id="applications_retrieve",
        responses={
            200: ApplicationDetailSerializer,
            404: OpenApiResponse(description="Missing, or another person's."),
        },
    )
)
class ApplicationView(OwnApplications, RetrieveAPIView):
    """One of them: where each item stands, or of a draft what is still to do. Another person's is not found."""

    serializer_class = ApplicationDetailSerializer
