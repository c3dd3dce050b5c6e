"""Filing over the API. Every view finds the person's own draft first, so a stranger's answers like a missing one."""

import json

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from exchange.once import LONGEST_KEY, OtherBody, StillRunning, once
from licensing import drafts, filing, papers, signing
from licensing.api import ApplicationDetailSerializer, OwnApplications
from licensing.filing_serializers import (
    AgreeSerializer,
    CreateSerializer,
    ErrorsSerializer,
    HandInSerializer,
    RefusalSerializer,
    SubmitSerializer,
    WriteSerializer,
)
from licensing.finding import find_application
from licensing.forms.applicant import PromiseForm
from licensing.models import Application, Channel, Status
from licensing.plan import plan_for
from licensing.snapshots import PROMISE_VERSION
from licensing.submission import ChangedSinceSeen, NotSubmittable, Signed, submit
from licensing.views.access import unsettled_page


class Refused(Exception):
    """An answer in the middle of a view."""

    def __init__(self, status, **body):
        super().__init__(status)
        self.status, self.body = status, body


_CHANGED = {"detail": "这份申请刚刚在别处改过，您这次的没有保存。请重新取一次再改。"}
_SUBMITTED = {"detail": "这份申请已经提交，不能再改。"}


_ANSWERS = {
    200: ApplicationDetailSerializer,
    400: ErrorsSerializer,
    404: OpenApiResponse(description="Missing, or another person's."),
    409: OpenApiResponse(
        RefusalSerializer, "Changed since it was seen, submitted, or not ready yet; nothing was kept."
    ),
}


class FilingView(APIView):
    """`asks`: the serializer of the body. Answers with the application as it is afterwards."""

    asks = None

    def asked(self):
        given = self.asks(data=self.request.data)
        given.is_valid(raise_exception=True)
        return given.validated_data

    def answer(self, application, status=200):
        found = find_application(self.request.user, application.public_id)
        return Response(self._described(found), status=status)

    def _described(self, application):
        return ApplicationDetailSerializer(application, context={"request": self.request}).data

    def handle_exception(self, error):
        match error:
            case Refused():
                return Response(error.body, status=error.status)
            case serializers.ValidationError():
                return Response({"errors": _flat(error.detail)}, status=400)
            case filing.Invalid():
                return Response({"errors": error.errors}, status=400)
            case ChangedSinceSeen():
                return Response(_CHANGED, status=409)
            # DoesNotExist: submitted by somebody else between finding it and the lock of drafts.py.
            case filing.Submitted() | Application.DoesNotExist():
                return Response(_SUBMITTED, status=409)
            case drafts.NotCommittable():
                return Response({"errors": {"committed": ["这些事项现在不能按告知承诺办理"]}}, status=400)
        return super().handle_exception(error)


class ApplicationListView(FilingView, OwnApplications, ListAPIView):
    asks = CreateSerializer

    @extend_schema(operation_id="applications_list")
    def get(self, request):
        """The signed-in person's applications, newest first."""
        return super().get(request)

    @extend_schema(
        operation_id="applications_create",
        request=CreateSerializer,
        parameters=[
            OpenApiParameter(
                "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key again gives the same draft."
            )
        ],
        responses={
            201: ApplicationDetailSerializer,
            400: ErrorsSerializer,
            409: OpenApiResponse(RefusalSerializer, "The same call is being answered now."),
            422: OpenApiResponse(RefusalSerializer, "The key was used for another call."),
        },
    )
    def post(self, request):
        """Begin a draft: what is needed follows from the answers."""
        key = request.headers.get("Idempotency-Key", "")
        if len(key) > LONGEST_KEY or not key.isprintable():
            raise Refused(400, errors={"Idempotency-Key": [f"最多 {LONGEST_KEY} 个可见字符"]})
        asked = self.asked()
        try:
            status, answer = once(request.user, key, request.data, lambda: self._create(asked))
        except OtherBody:
            raise Refused(422, detail="这个 Idempotency-Key 已经用在另一个请求上。") from None
        except StillRunning:
            raise Refused(409, detail="同一个请求正在处理，请稍后再试。") from None
        # An answer that was kept tells nothing to who may no longer see the draft, and nothing of one that is gone.
        find_application(request.user, answer["id"])
        return Response(answer, status=status)

    def _create(self, asked):
        draft = filing.create(self.request.user, **asked)
        found = find_application(self.request.user, draft.public_id)
        # As JSON now: it is kept beside its key.
        return 201, _as_json(self._described(found))


class ValuesView(FilingView):
    asks = WriteSerializer

    @extend_schema(operation_id="applications_write", request=WriteSerializer, responses=_ANSWERS)
    def patch(self, request, public_id):
        """Write values and answers, all or none; the others stay."""
        draft = find_application(request.user, public_id)
        return self.answer(filing.write(request.user, draft.public_id, **self.asked()))


class AgreeView(FilingView):
    asks = AgreeSerializer

    @extend_schema(operation_id="applications_agree", request=AgreeSerializer, responses=_ANSWERS)
    def post(self, request, public_id):
        """Agree to the plan of that fingerprint. Other `declined` items make another plan, to be agreed to in turn."""
        draft = find_application(request.user, public_id)
        return self.answer(filing.agree(request.user, draft.public_id, **self.asked()))


class PaperView(FilingView):
    asks = HandInSerializer
    parser_classes = [*api_settings.DEFAULT_PARSER_CLASSES, MultiPartParser]

    @extend_schema(operation_id="applications_hand_in", request=HandInSerializer, responses=_ANSWERS)
    def post(self, request, public_id, code):
        """Hand in files for a paper (multipart), or choose how it is met. Files are checked before they count."""
        draft, plan = _settled(request.user, public_id)
        paper = next((one for one in papers.ways(draft, plan) if one.code == code), None)
        if paper is None:
            raise Http404
        asked = self.asked()
        try:
            if choice := asked.get("choice"):
                papers.CHOICES[choice](draft, paper)
            else:
                papers.attach(draft, paper, _some(asked.get("files")), request.user, replace=asked["replace"])
        except papers.NotUploadable:
            raise Refused(400, errors={"choice": ["这份材料现在不能这样办"]}) from None
        except papers.NotDeferrable as refused:
            raise Refused(400, errors={"choice": [str(refused)]}) from None
        except ValidationError as wrong:
            raise Refused(400, errors={"files": wrong.messages}) from None
        return self.answer(draft)


class SubmitView(FilingView):
    asks = SubmitSerializer

    @extend_schema(operation_id="applications_submit", request=SubmitSerializer, responses=_ANSWERS)
    def post(self, request, public_id):
        """Sign and submit, once however often it is called."""
        draft = find_application(request.user, public_id)
        if draft.status != Status.DRAFT:
            return self.answer(draft)
        draft, plan = _settled(request.user, public_id)
        asked = self.asked()
        if asked["version"] != PROMISE_VERSION:
            raise Refused(409, detail="承诺的内容刚刚更新了，请看过新的承诺再提交。")
        ways, method = papers.ways(draft, plan), signing.method_for(request.user)
        form = PromiseForm(asked, plan=plan, papers=ways, method=method)
        if not form.is_valid():
            raise Refused(400, errors=form.errors)
        self._sign(draft, asked, form)
        return self.answer(draft)

    def _sign(self, draft, asked, form):
        with transaction.atomic():
            # Within, and committed whatever comes of it: a wrong try counts, and a code is not used twice.
            wrong = signing.wrong(self.request._request, form.cleaned_data["confirmation"])
            if Application.objects.get(pk=draft.pk).status != Status.DRAFT:
                return
            refused = Refused(400, errors={"confirmation": [wrong]}) if wrong else self._submit(draft, asked, form)
        if refused:
            raise refused

    def _submit(self, draft, asked, form):
        """Submit; return what refuses it, or None."""
        user = self.request.user
        try:
            with transaction.atomic():
                submit(
                    draft,
                    user,
                    Signed(signing.method_for(user)),
                    seen=asked["seen"],
                    on_refusal=form.cleaned_data.get("on_refusal"),
                    channel=Channel.API,
                )
        except NotSubmittable as refused:
            return Refused(409, detail="现在还不能提交。", problems=[problem.text for problem in refused.problems])
        except ChangedSinceSeen:
            return Refused(409, **_CHANGED)
        return None


def _settled(user, public_id):
    """The draft and its agreed plan, or the refusal that the pages tell by leading back."""
    draft = find_application(user, public_id)
    if draft.status != Status.DRAFT:
        raise filing.Submitted
    plan = plan_for(draft)
    if unsettled_page(draft, plan):
        raise Refused(409, detail="请先回答问题、确认方案。")
    return draft, plan


def _some(files):
    if not files:
        raise ValidationError("请选择文件。")
    return files


def _as_json(data):
    return json.loads(JSONRenderer().render(data))


def _flat(detail, name=""):
    """DRF's nested errors as {"values.uscc": [sentences]}."""
    if isinstance(detail, dict):
        return {key: text for part, inner in detail.items() for key, text in _flat(inner, f"{name}.{part}").items()}
    return {name.removeprefix("."): [str(one) for one in detail]}
