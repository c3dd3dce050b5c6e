"""A small city for the access tests: who is there, and what belongs to whom."""

from django.test import Client

from certificates import annulling, ending
from guidance.models import Role
from licensing import members
from licensing.plan import plan_for
from routing.models import DocumentKind
from tests.factories import (
    AfterCheckFactory,
    ApplicationFactory,
    ApprovalTaskFactory,
    ClerkFactory,
    DepartmentFactory,
    DocumentFactory,
    EnterpriseFactory,
    GuidanceSessionFactory,
    LicenceFactory,
    LicenceFileFactory,
    LicenceImportFactory,
    MembershipFactory,
    MessageFactory,
    OfficeFactory,
    PostFactory,
    PremisesFactory,
    StoredFileFactory,
    SubmittedMaterialFactory,
    UserFactory,
)
from window import entries, intake
from window.intake import Line
from window.models import Handover, Kind

IDENTITIES = ("nobody", "owner", "stranger", "clerk", "officer", "other_officer", "operator")


class World:
    def __init__(self):
        self.owner, self.operator = UserFactory(), UserFactory(operator=True)
        inviting = MembershipFactory()
        self.stranger = inviting.user
        self.invitation = members.invite(inviting.enterprise, inviting.user, email=self.owner.email, scope="file")
        self.clerk = ClerkFactory().user
        self.other_clerk = ClerkFactory(hall__division__code="441704").user
        self.enterprise = EnterpriseFactory()
        MembershipFactory(user=self.owner, enterprise=self.enterprise)
        self.premises = PremisesFactory(enterprise=self.enterprise)
        common = {"enterprise": self.enterprise, "premises": self.premises, "filer": self.owner}
        self.draft = ApplicationFactory(**common, guidance=GuidanceSessionFactory())
        self.open_question = plan_for(self.draft).situation.next
        self.application = ApplicationFactory(**common, in_progress=True)
        self.task = ApprovalTaskFactory(application=self.application)
        self.deferred = SubmittedMaterialFactory(application=self.application, how="deferred")
        self.document = DocumentFactory(task=self.task)
        self.officer = PostFactory(user__is_staff=True, office=self.task.office).user
        self.head = PostFactory(office=self.task.office, role=Role.HEAD).user
        self.lease = self._file("application/pdf")
        self.deferred.files.add(self.lease)
        elsewhere = OfficeFactory(department=DepartmentFactory(code="police", name="公安局"))
        self.other_officer = PostFactory(user__is_staff=True, office=elsewhere).user
        self.licence = LicenceFactory(holder=self.enterprise, premises=self.premises)
        ours = {"holder": self.enterprise, "premises": self.premises, "office": self.task.office}
        self.granted = LicenceFactory(**ours)
        self.sealed = LicenceFileFactory(licence=self.granted)
        self.proposal = annulling.propose(
            self.granted, self.officer, {"ground": "procedure", "reason": "程序不合法", "heard": "没有意见"}
        )
        self.ending = ending.cancel(LicenceFactory(**ours), self.officer, {"ground": "on_request", "reason": "停业"})
        self.check = AfterCheckFactory(task__office=self.task.office)
        self.batch = LicenceImportFactory(office=self.task.office)
        self.unverified = EnterpriseFactory(unverified=True, licence_picture=self._file(), added_by=self.owner)
        MembershipFactory(user=self.owner, enterprise=self.unverified)
        self.message = MessageFactory(user=self.owner)
        self.file = self._file()
        SubmittedMaterialFactory(application=self.draft).files.add(self.file)
        self._at_the_window()

    def sign_in(self, identities):
        """Open a session for each of them and for who else has one in the tests; kept as {identity: cookies}."""
        self.cookies = {}
        for identity in {*identities, "head", "other_clerk"} - {"nobody"}:
            client = Client()
            client.force_login(getattr(self, identity))
            self.cookies[identity] = client.cookies

    def _at_the_window(self):
        """What the clerk's hall has opened, received, ready and given out; the other clerk's hall has none of it."""
        hall = self.clerk.clerkships.get().hall
        for opened in ({"application": self.draft}, {"enterprise": self.enterprise}):
            entries.record(hall, self.clerk, Kind.LOOKED_UP, **opened)
        lines = [Line("mat-premises-proof", "租赁合同", True, 0, "", True)]
        self.receipt = intake.give_receipt(self.draft, hall, self.clerk, "李四", lines)
        decided = self.check.task
        self.on_shelf = DocumentFactory(task=decided, kind=DocumentKind.GRANT).task.application
        given = DocumentFactory(task=decided, kind=DocumentKind.REFUSAL)
        who = {"authority": "self", "person_name": "李四", "person_id_number": "441702199001010003"}
        Handover.objects.create(document=given, hall=hall, clerk=self.clerk, signed_on_paper=True, **who)

    def _file(self, content_type="image/png"):
        return StoredFileFactory(
            uploaded_by=self.owner, name="执照.png", content_type=content_type, content=b"\x89PNG\r\n\x1a\n"
        )
