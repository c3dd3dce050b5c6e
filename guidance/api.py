from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from guidance import releases
from guidance.engine import InvalidAnswer, replay
from guidance.report import explanation, report


class AnswersSerializer(serializers.Serializer):
    answers = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        help_text="Question code to answer: a text, a list of texts, a number, or true and false.",
    )
    explain = serializers.BooleanField(
        default=False, help_text="Say also why, why_not and drop_by; this takes some milliseconds more."
    )


class RuleSerializer(serializers.Serializer):
    because = serializers.CharField()
    basis = serializers.CharField()
    answers = serializers.DictField(help_text="Question code to answer.")


class NeedSerializer(RuleSerializer):
    answers = serializers.DictField(
        allow_null=True, help_text="Question code to answer; null where the conditions cross too much to work it out."
    )
    text = serializers.CharField(help_text="The same in a sentence.")


class DropSerializer(serializers.Serializer):
    answers = serializers.DictField(
        allow_null=True,
        help_text="Question code to the answer that drops the item, at most two; null where it cannot be worked out.",
    )
    text = serializers.CharField(help_text="The same in a sentence.")
    items_lost = serializers.ListField(child=serializers.CharField(), help_text="Other items dropped with it.")
    items_gained = serializers.ListField(child=serializers.CharField(), help_text="Items needed instead.")
    items_possible = serializers.ListField(child=serializers.CharField(), help_text="Items that become possible.")
    answers_dropped = serializers.ListField(child=serializers.CharField(), help_text="Questions no longer asked.")
    asks_more = serializers.BooleanField(help_text="Whether further questions are then to be answered.")


class SituationSerializer(serializers.Serializer):
    items = serializers.ListField(child=serializers.CharField(), help_text="Items certainly needed.")
    possible = serializers.ListField(child=serializers.CharField(), help_text="Items some open question decides.")
    blocks = serializers.ListField(child=serializers.CharField(), help_text="Notices that forbid items.")
    notices = serializers.ListField(child=serializers.CharField(), help_text="Other notices that hold.")
    reasons = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    dropped = serializers.ListField(child=serializers.CharField(), help_text="Answers to questions that are not asked.")
    next = serializers.CharField(allow_null=True, help_text="The question to ask next; null when all is known.")
    why = serializers.DictField(
        child=RuleSerializer(many=True),
        required=False,
        help_text="Of each item needed, the rules that hold and the answers that make them hold. On request.",
    )
    why_not = serializers.DictField(
        child=NeedSerializer(many=True),
        required=False,
        help_text="Of each other item, by rule, the answers that would make it needed, the nearest first. On request.",
    )
    drop_by = serializers.DictField(
        child=DropSerializer(allow_null=True),
        required=False,
        help_text="Of each item needed, the smallest change that drops it; null where two would not do. On request.",
    )


class InvalidAnswerSerializer(serializers.Serializer):
    question = serializers.CharField()
    detail = serializers.CharField()


class LegalBasisSerializer(serializers.Serializer):
    title = serializers.CharField()
    doc_no = serializers.CharField()
    article = serializers.CharField()


class FeeSerializer(serializers.Serializer):
    text = serializers.CharField()
    basis = serializers.CharField(help_text="The law or regulation that allows it.")


class ItemSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    plain = serializers.CharField(help_text="What it is, in plain words.")
    department = serializers.CharField()
    level = serializers.CharField(help_text="市级 or 县级.")
    kind = serializers.CharField()
    statutory_days = serializers.IntegerField(allow_null=True)
    statutory_unit = serializers.CharField()
    committed_days = serializers.IntegerField(help_text="In working days.")
    certificate_name = serializers.CharField(allow_null=True)
    fee = FeeSerializer(allow_null=True, help_text="Null: nothing is charged.")
    legal_basis = LegalBasisSerializer(many=True)


class PublicView(APIView):
    """Open to everybody: no session is read, so none can be misused."""

    authentication_classes = ()
    permission_classes = ()


class ReplayView(PublicView):
    @extend_schema(
        operation_id="guidance_replay",
        request=AnswersSerializer,
        responses={
            200: SituationSerializer,
            400: OpenApiResponse(InvalidAnswerSerializer, "An answer the catalogue does not allow, by its question."),
        },
    )
    def post(self, request):
        """Replay answers: which items are needed and why, and what to ask next. Nothing is kept."""
        asked = AnswersSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        catalogue = releases.load(releases.current().pk)
        try:
            situation = replay(catalogue, asked.validated_data["answers"])
        except InvalidAnswer as error:
            return Response({"question": error.question, "detail": error.message}, status=400)
        said = report(situation)
        if asked.validated_data["explain"]:
            said |= explanation(catalogue, situation)
        return Response(SituationSerializer(said).data)


class ItemListView(PublicView):
    @extend_schema(operation_id="items_list", responses=ItemSerializer(many=True))
    def get(self, request):
        """The items of the catalogue in effect."""
        catalogue = releases.load(releases.current().pk)
        return Response(ItemSerializer(catalogue.items.values(), many=True).data)
