import hashlib
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from licensing.files import file_types, quarantine, uploads
from licensing.models import StoredFile
from tests.factories import (
    ApplicationFactory,
    ApprovalTaskFactory,
    ClerkFactory,
    EnterpriseFactory,
    MembershipFactory,
    OfficeFactory,
    PostFactory,
    SubmittedMaterialFactory,
    UserFactory,
)
from tests.licensing.samples import PDF, picture, upload

pytestmark = pytest.mark.django_db


def store(*files, user=None):
    with uploads.stored(files, user or UserFactory()) as rows:
        return rows


def checked(*files, user=None):
    """The same files after the worker has been there."""
    rows = store(*files, user=user)
    quarantine.check_waiting()
    return [StoredFile.objects.get(pk=row.pk) for row in rows]


@pytest.mark.parametrize(
    ("content", "name", "content_type"),
    [
        (picture("PNG"), "执照.png", "image/png"),
        (picture("JPEG"), "执照.JPG", "image/jpeg"),
        (picture("JPEG"), "扫描 1.jpeg", "image/jpeg"),
        (PDF, "租赁合同.pdf", "application/pdf"),
    ],
)
def test_until_they_are_checked_files_are_kept_as_they_came(kept, content, name, content_type):
    (row,) = store(upload(content, name))
    assert (row.name, row.content_type, row.size) == (name, content_type, len(content))
    assert (row.state, row.checked_at) == ("checking", None)
    assert row.blob.sha256 == hashlib.sha256(content).hexdigest()
    assert kept()[0].read_bytes() == content


@pytest.mark.parametrize("size", [100, 3 * 1024 * 1024])
def test_the_path_is_random_and_never_the_users_name(kept, size):
    rows = store(upload(PDF[:-6] + b" " * size + PDF[-6:] + b"startxref\n%%EOF", "../../etc/passwd.pdf"), upload())
    assert rows[0].name == "passwd.pdf"
    assert all(len(path.name) == 32 and "passwd" not in str(path) for path in kept())
    assert len({path.name for path in kept()}) == 2


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "空.pdf", "是空文件"),
        (b"MZ\x90\x00 program", "执照.png", "请上传 PDF、JPG 或 PNG"),
        (b"<html><script>alert(1)</script>", "a.html", "请上传 PDF、JPG 或 PNG"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "IMG_1.HEIC", "HEIC"),
        (b"PK\x03\x04 word", "合同.docx", "请另存为 PDF"),
        (picture("PNG"), "执照.pdf", "内容是 PNG 图片，和结尾“.pdf”对不上"),
        (PDF, "合同.png", "内容是 PDF"),
        (PDF[:40], "合同.pdf", "不完整"),
    ],
)
def test_what_is_not_taken_is_explained_and_leaves_nothing(kept, content, name, sentence):
    with pytest.raises(ValidationError, match=sentence):
        store(upload(), upload(content, name))
    assert StoredFile.objects.count() == 0
    assert kept() == []


def test_a_file_over_20_mb_is_refused(kept):
    with pytest.raises(ValidationError, match="超过 20 MB"):
        store(upload(b"%PDF-" + b" " * file_types.MAX_SIZE))
    assert kept() == []


def test_no_more_of_a_huge_upload_reaches_the_disk_than_may_be_stored():
    handler = uploads.CappedUploadHandler()
    handler.new_file("files", "a.pdf", "application/pdf", None, None)
    chunk = b" " * (8 * 1024 * 1024)
    for number in range(5):
        handler.receive_data_chunk(chunk, number * len(chunk))
    file = handler.file_complete(5 * len(chunk))
    assert file.size > file_types.MAX_SIZE
    assert len(file.read()) <= file_types.MAX_SIZE
    file.close()


def test_files_go_when_the_transaction_fails(kept):
    def fail():
        assert len(kept()) == 1
        raise InterruptedError

    with pytest.raises(InterruptedError), uploads.stored([upload()], UserFactory()):
        fail()
    assert StoredFile.objects.count() == 0
    assert kept() == []


@pytest.mark.django_db(transaction=True)
def test_storing_never_hides_inside_another_transaction(kept):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        store(upload())
    assert kept() == []


def test_removed_files_leave_the_disk_on_commit(kept, django_capture_on_commit_callbacks):
    (row,) = store(upload())
    with django_capture_on_commit_callbacks(execute=True):
        uploads.remove([row])
        assert len(kept()) == 1
    assert kept() == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\fake\\执照.png", "执照.png"),
        ("gpj.\u202egnp.png", "gpj.gnp.png"),
        ("a\0b\r\n.png", "ab.png"),
        ("  许可  证 .png", "许可 证 .png"),
        ("x" * 300 + ".PNG", "x" * 96 + ".PNG"),
        ("证" * 300, "证" * 96 + ".png"),
        ("照片", "照片.png"),
        ("\u202e", "文件.png"),
        ("", "文件.png"),
    ],
)
def test_names_are_shown_without_tricks(name, shown):
    assert file_types.display_name(name, "image/png") == shown


def test_a_post_with_more_files_than_any_paper_may_have_is_not_read_to_its_end(client, db):
    answer = client.post(reverse("account_login"), {"login": "x", "files": [upload() for _ in range(21)]})
    assert answer.status_code == 400


# Who may open a file


@pytest.fixture
def paper(storage_folder):
    """A lease handed in with a submitted application; only food-operation asks for it."""
    return handed_in(asked_by=["food-operation"])


def handed_in(asked_by):
    membership = MembershipFactory()
    application = ApplicationFactory(
        enterprise=membership.enterprise,
        filer=membership.user,
        in_progress=True,
        chosen=["food-operation", "outdoor-ad"],
        snapshot={
            "items": {
                code: {"elements": [], "materials": ["mat-premises-proof"] if code in asked_by else []}
                for code in ("food-operation", "outdoor-ad")
            }
        },
    )
    material = SubmittedMaterialFactory(application=application)
    material.files.add(*checked(upload(), user=membership.user))
    return material


def opened(client, user, file):
    if user:
        client.force_login(user)
    answer = client.get(reverse("licensing:file", args=[file.public_id]))
    if answer.status_code == 302 and user:
        answer = client.get(answer.url)
    answer.body = answer.getvalue()
    for close in answer._resource_closers:
        close()
    return answer


def member(paper):
    return paper.application.filer


def colleague(paper):
    return MembershipFactory(enterprise=paper.application.enterprise).user


def asking_officer(paper):
    task = ApprovalTaskFactory(application=paper.application, item_code="food-operation")
    return PostFactory(office=task.office).user


def former_member(paper):
    return MembershipFactory(enterprise=paper.application.enterprise, until="2020-01-01").user


def former_filer(paper):
    paper.application.filer.memberships.all().delete()
    return paper.application.filer


def stranger(paper):
    return MembershipFactory().user


def officer_elsewhere(paper):
    ApprovalTaskFactory(application=paper.application, item_code="food-operation")
    return PostFactory(office=OfficeFactory(division__code="441704")).user


def officer_whose_item_does_not_ask(paper):
    asking = ApprovalTaskFactory(application=paper.application, item_code="food-operation")
    other = OfficeFactory(department__code="urban", division=asking.office.division)
    ApprovalTaskFactory(application=paper.application, item_code="outdoor-ad", office=other)
    return PostFactory(office=other).user


def officer_who_left(paper):
    user = asking_officer(paper)
    user.posts.all().delete()
    return user


def clerk(paper):
    return ClerkFactory().user


def operator(paper):
    return UserFactory(operator=True)


@pytest.mark.parametrize("person", [member, colleague, asking_officer])
def test_who_is_entitled_gets_the_paper(client, paper, person):
    file = paper.files.get()
    answer = opened(client, person(paper), file)
    assert answer.status_code == 200
    with file.blob.file.open("rb") as cleaned:
        assert answer.body == cleaned.read()


@pytest.mark.parametrize(
    "person",
    [
        former_member,
        former_filer,
        stranger,
        officer_elsewhere,
        officer_whose_item_does_not_ask,
        officer_who_left,
        clerk,
        operator,
    ],
)
def test_everybody_else_gets_what_a_missing_file_gives(client, paper, person):
    user, file = person(paper), paper.files.get()
    refused = opened(client, user, file)
    file.public_id = "00000000-0000-4000-8000-000000000000"
    missing = opened(client, user, file)
    assert refused.status_code == missing.status_code == 404
    assert refused.body == missing.body


def test_an_anonymous_visitor_is_asked_to_sign_in_and_learns_nothing(client, paper):
    assert opened(client, None, paper.files.get()).status_code == 302


def test_an_office_sees_a_paper_once_however_many_tasks_ask_for_it(storage_folder):
    paper = handed_in(asked_by=["food-operation", "outdoor-ad"])
    user = asking_officer(paper)
    ApprovalTaskFactory(application=paper.application, item_code="outdoor-ad", office=user.posts.get().office)
    assert StoredFile.objects.visible_to(user).count() == 1


def test_nobody_reviews_a_draft(client, paper):
    draft = ApplicationFactory(enterprise=paper.application.enterprise, filer=paper.application.filer)
    material = SubmittedMaterialFactory(application=draft)
    material.files.add(*checked(upload()))
    assert opened(client, asking_officer(paper), material.files.get()).status_code == 404
    assert opened(client, paper.application.filer, material.files.get()).status_code == 200


def test_a_founders_draft_without_enterprise_is_the_filers(client, storage_folder):
    draft = ApplicationFactory(enterprise=None, premises=None)
    material = SubmittedMaterialFactory(application=draft)
    material.files.add(*checked(upload()))
    assert opened(client, draft.filer, material.files.get()).status_code == 200
    assert opened(client, UserFactory(), material.files.get()).status_code == 404


def test_a_licence_picture_is_for_members_and_while_it_waits_for_clerks(client, storage_folder):
    enterprise = EnterpriseFactory(unverified=True, licence_picture=checked(upload())[0])
    owner, clerk = MembershipFactory(enterprise=enterprise).user, ClerkFactory().user
    picture = enterprise.licence_picture
    assert [opened(client, user, picture).status_code for user in (owner, clerk)] == [200, 200]
    enterprise.verified_at = enterprise.added_at
    enterprise.save()
    assert [opened(client, user, picture).status_code for user in (owner, clerk)] == [200, 404]


def test_a_file_comes_as_a_download_that_nothing_can_run(client, paper):
    polyglot = picture(colour="red") + b"<html><script>alert(document.cookie)</script></html>"
    (file,) = checked(upload(polyglot, "产权证 正面.png"))
    paper.files.add(file)
    answer = opened(client, paper.application.filer, file)
    assert b"script" not in answer.body
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E4%BA%A7")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("state", ["checking", "rejected"])
def test_nobody_gets_a_file_that_is_not_clean_not_even_its_uploader(client, paper, state):
    checked_at = None if state == "checking" else timezone.now()
    paper.files.update(state=state, finding="打不开", checked_at=checked_at)
    file = paper.files.get()
    for user in (member(paper), asking_officer(paper)):
        assert opened(client, user, file).status_code == 404
        assert client.get(uploads.link(file, user)).status_code == 404
        assert client.get(reverse("licensing:preview", args=[file.public_id])).status_code == 404


def test_an_address_of_bytes_is_for_one_person_and_five_minutes(client, paper, time_machine):
    owner, file = member(paper), paper.files.get()
    other = colleague(paper)
    address = uploads.link(file, owner)
    client.force_login(other)
    assert client.get(address).status_code == 404, "though she may open the file, the address is not hers"
    client.force_login(owner)
    assert client.get(address).getvalue()[1:4] == b"PNG"
    time_machine.move_to(timezone.now() + timedelta(seconds=uploads.LINK_SECONDS + 1))
    expired = client.get(address)
    assert expired.status_code == 404
    assert expired.content == client.get(address.replace(str(file.public_id), str(uuid.uuid4()))).content


def test_an_address_ends_with_the_rights_of_whom_it_was_made_for(client, paper):
    owner, file = member(paper), paper.files.get()
    address = uploads.link(file, owner)
    owner.memberships.all().delete()
    client.force_login(owner)
    assert client.get(address).status_code == 404


def test_a_link_to_one_file_opens_no_other_and_its_kind_is_one_of_ours(client, paper):
    owner, file = member(paper), paper.files.get()
    (other,) = checked(upload(PDF, "a.pdf"), user=owner)
    paper.files.add(other)
    client.force_login(owner)
    address = uploads.link(file, owner)
    assert client.get(address.replace(str(file.public_id), str(other.public_id))).status_code == 404
    assert client.get(address.replace("download", "run")).status_code == 404


@pytest.mark.parametrize(("content", "name"), [(picture(), "a.png"), (PDF, "a.pdf")])
def test_a_preview_shows_pictures_and_pdf_in_their_place_and_runs_nothing(client, paper, content, name):
    (file,) = checked(upload(content, name))
    paper.files.set([file])
    client.force_login(member(paper))
    answer = client.get(client.get(reverse("licensing:preview", args=[file.public_id])).url)
    with file.blob.file.open("rb") as cleaned:
        assert answer.getvalue() == cleaned.read()
    assert answer["Content-Disposition"] == "inline"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert (answer["X-Content-Type-Options"], answer["X-Frame-Options"]) == ("nosniff", "SAMEORIGIN")
