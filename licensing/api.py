from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView

from licensing.models import Application, Status


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


class OwnApplications:
    # Asked only by the description of the API, for the types in its addresses.
    queryset = Application.objects.none()
    serializer_class = ApplicationSerializer
    lookup_field = "public_id"

    def get_queryset(self):
        own = Application.objects.for_applicant(self.request.user).select_related("enterprise", "premises")
        return own.prefetch_related("tasks__item", "tasks__office").order_by("-created_at", "-pk")


@extend_schema_view(get=extend_schema(operation_id="applications_list"))
class ApplicationListView(OwnApplications, ListAPIView):
    """The signed-in person's applications, newest first."""


@extend_schema_view(
    get=extend_schema(
        operation_id="applications_retrieve",
        responses={200: ApplicationSerializer, 404: OpenApiResponse(description="Missing, or another person's.")},
    )
)
class ApplicationView(OwnApplications, RetrieveAPIView):
    """One of them, with where each item stands. Another person's is not found."""
