"""Who gets the file, and what the page of verification says."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from certificates.elicences import making
from certificates.models import LicenceFile
from exchange.models import Event
from tests.certificates.elicences.conftest import bytes_of
from tests.factories import LicenceFactory, MembershipFactory, OfficeFactory, PostFactory, UserFactory

VERIFY = "/verify/"


def address(licence, name="file"):
    return reverse(f"certificates:{name}", args=[licence.public_id])


def upload(client, content, name="licence.pdf"):
    return client.post(VERIFY, {"file": SimpleUploadedFile(name, content, "application/pdf")})


def test_holder_and_office_get_the_file_and_nobody_else(client, made):
    file = made()
    licence = file.licence
    for user in (MembershipFactory(enterprise=licence.holder).user, PostFactory(office=licence.office).user):
        client.force_login(user)
        answer = client.get(address(licence))
        assert b"".join(answer.streaming_content) == bytes_of(file)
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]
    elsewhere = PostFactory(office=OfficeFactory(division__code="441704")).user
    for stranger in (UserFactory(), elsewhere, MembershipFactory().user):
        client.force_login(stranger)
        assert client.get(address(licence)).status_code == 404
        assert client.post(address(licence, "ask-file")).status_code == 404


def test_an_agent_of_one_shop_does_not_get_the_file_of_another(client, made):
    licence = made().licence
    other = MembershipFactory(enterprise=licence.holder, role="agent", premises=LicenceFactory().premises)
    client.force_login(other.user)
    assert client.get(address(licence)).status_code == 404


def test_a_licence_without_a_file_has_one_made_when_asked(client, key, licence, storage_folder):
    held = licence()
    client.force_login(MembershipFactory(enterprise=held.holder).user)
    assert "生成电子证照文件" in client.get(address(held)).content.decode()
    page = client.post(address(held, "ask-file"), follow=True).content.decode()
    assert "正在生成，一般一分钟以内就好" in page
    client.post(address(held, "ask-file"))
    event = Event.objects.get(kind="elicence.wanted")
    making.make_wanted(**event.payload)
    answer = client.get(address(held))
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_a_licence_without_an_identifier_says_why_it_has_no_file(client, db):
    held = LicenceFactory()
    client.force_login(MembershipFactory(enterprise=held.holder).user)
    assert "还没有电子证照标识" in client.get(address(held)).content.decode()


def test_a_file_that_was_given_up_can_be_asked_for_again(client, licence):
    held = licence()
    client.force_login(MembershipFactory(enterprise=held.holder).user)
    LicenceFile.objects.create(licence=held, attempts=making.MAX_ATTEMPTS, problem="…")
    assert "上次没有生成成功" in client.get(address(held)).content.decode()
    client.post(address(held, "ask-file"))
    assert LicenceFile.objects.get().attempts == 0


def test_a_file_whose_bytes_are_lost_says_so(client, made, storage_folder, caplog):
    file = made()
    file.content.storage.delete(file.content.name)
    client.force_login(MembershipFactory(enterprise=file.licence.holder).user)
    assert "暂时取不出来" in client.get(address(file.licence)).content.decode()
    assert "are not there" in caplog.text


def test_anybody_may_verify_a_file(client, made, licence):
    one = made(licence(scope="热食类食品制售"))
    page = upload(client, bytes_of(one)).content.decode()
    assert "是样本，没有法律效力" in page
    for said in (
        one.licence.name,
        one.licence.number,
        one.licence.holder.name,
        one.licence.identifier,
        "热食类食品制售",
    ):
        assert said in page


def test_a_changed_file_is_not_told_apart_into_data(client, made):
    file = made()
    page = upload(client, bytes_of(file).replace(b"Seal", b"Sea1")).content.decode()
    assert "不能认定是真的" in page
    assert file.licence.holder.name not in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "这是空文件"),
        (b"GIF89a", "这不是 PDF 文件"),
        (b"%PDF-" + b"0" * (10 * 1024 * 1024), "超过 10 MB"),
        (b"%PDF-1.7 nothing", "不能认定是真的"),
    ],
)
def test_what_cannot_be_verified_says_why(client, db, content, sentence):
    assert sentence in upload(client, content).content.decode()


def test_a_post_without_a_file_says_what_to_do(client, db):
    for posted in ({}, {"file": "text"}, {"file": "\0"}):
        assert "请选择要查验的 PDF 文件" in client.post(VERIFY, posted).content.decode()


def test_one_address_cannot_keep_the_processors_busy(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"licence_verify": "2/m/ip"}
    pages = [upload(client, b"GIF89a").content.decode() for _ in range(3)]
    assert ["查验得太频繁了" in page for page in pages] == [False, False, True]


def test_operators_see_why_a_file_is_not_made_and_have_it_tried_again(
    client, licence, key, django_assert_max_num_queries
):
    client.force_login(UserFactory(operator=True))
    given_up, waiting = licence(), LicenceFactory()
    LicenceFile.objects.create(licence=given_up, attempts=making.MAX_ATTEMPTS, problem="生成的时候出错了")
    LicenceFile.objects.create(licence=waiting, problem=making.NO_IDENTIFIER)
    with django_assert_max_num_queries(8):
        page = client.get(reverse("admin:certificates_licencefile_changelist")).content.decode()
    for said in (key.key_id[:16], given_up.number, waiting.number, "生成的时候出错了", making.NO_IDENTIFIER):
        assert said in page
    assert page.count("再试一次") == 1
    for one in (given_up, waiting):
        client.post(reverse("admin:certificates_licencefile_retry", args=[one.public_id]))
    assert not LicenceFile.objects.filter(attempts__gt=0).exists()
    assert Event.objects.filter(kind="elicence.wanted").count() == 1
