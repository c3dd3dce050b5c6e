"""The officers' pages: who sees what of which task, and the moves they offer."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from licensing.models import Status, StoredFile
from routing.decisions import refuse
from routing.models import ApprovalTask, TaskStatus
from tests.factories import ApplicationFactory, ApprovalTaskFactory, EnterpriseFactory, PostFactory, UserFactory

QUEUE = "/admin/routing/approvaltask/"
VALUES = {
    "legal_rep_name": "王五",
    "entity_type": "company",
    "kitchen_equipment": [{"name": "冷藏柜", "quantity": 2}],
    "fire_manager_name": "不该看到的人",
}


@pytest.fixture
def officer(client, city):
    """officer(task) signs an officer of the task's office in and returns them."""

    def officer(task):
        user = PostFactory(office=task.office).user
        client.force_login(user)
        return user

    return officer


def page(task, move=""):
    return f"{QUEUE}{task.public_id}/{move}"


def restaurant(**traits):
    application = ApplicationFactory(in_progress=True, chosen=["food-operation", "fire-safety-check"], values=VALUES)
    return ApprovalTaskFactory(application=application, **traits)


def test_a_visitor_is_asked_to_sign_in_and_an_applicant_finds_nothing(client, city):
    task = restaurant()
    assert client.get(page(task)).status_code == 302
    client.force_login(UserFactory(is_staff=True))  # the mark alone is no post
    for address in ("/admin/", QUEUE, page(task), "/admin/login/"):
        assert client.get(address).status_code == 404


def test_another_offices_task_answers_like_a_missing_one(client, city):
    task = restaurant()
    client.force_login(PostFactory(office__department__code="health").user)
    missing = page(task).replace(str(task.public_id)[:8], "00000000")
    for move in ("accept/", "grant/", "refuse/"):
        assert client.post(page(task, move)).status_code == 404
    answers = [client.get(address) for address in (page(task), missing)]
    assert [answer.status_code for answer in answers] == [404, 404]
    strip = re.compile(rb"csrfmiddlewaretoken.*?>")
    assert strip.sub(b"", answers[0].content) == strip.sub(b"", answers[1].content)


def test_an_operator_without_a_post_decides_nothing(client, city):
    task = restaurant()
    client.force_login(UserFactory(operator=True))
    assert client.get("/admin/").status_code == 200
    assert client.get(page(task)).status_code == 404


def test_a_post_taken_away_closes_the_desk_at_once(client, officer):
    task = restaurant()
    user = officer(task)
    assert client.get(page(task)).status_code == 200
    user.posts.all().delete()
    assert client.get(page(task)).status_code == 404


def test_the_page_shows_what_the_item_asks_for_and_nothing_else(client, officer, catalogue):
    task = restaurant()
    officer(task)
    text = client.get(page(task)).content.decode()
    for shown in ("王五", "公司", "冷藏柜", "厨房设备设施", task.application.number):
        assert shown in text
    assert "fire_manager_name" not in catalogue.items["food-operation"].form_fields
    assert "不该看到的人" not in text
    fire_papers = {paper.name for paper in catalogue.items["fire-safety-check"].materials}
    food_papers = {paper.name for paper in catalogue.items["food-operation"].materials}
    assert all(name in text for name in food_papers)
    assert not any(name in text for name in fire_papers - food_papers)


def test_of_the_siblings_only_item_office_status_and_date_are_shown(client, officer):
    task = restaurant()
    other = ApprovalTaskFactory(
        item_code="fire-safety-check", application=task.application, refused=True, reason="疏散通道堵塞"
    )
    officer(task)
    text = client.get(page(task)).content.decode()
    assert other.office.name in text
    assert "不予许可" in text
    assert "疏散通道堵塞" not in text


def test_a_file_handed_in_for_the_item_is_offered_for_download(client, officer):
    snapshot = restaurant().application.snapshot
    file = StoredFile.objects.create(
        uploaded_by=UserFactory(), name="租赁合同.pdf", content_type="application/pdf", size=2048, sha256="0" * 64
    )
    paper = snapshot["items"]["food-operation"]["materials"][0]
    snapshot["materials"][paper] |= {"how": "upload", "files": [str(file.public_id)]}
    task = ApprovalTaskFactory(application=ApplicationFactory(in_progress=True, snapshot=snapshot))
    officer(task)
    text = client.get(page(task)).content.decode()
    assert reverse("licensing:file", args=[file.public_id]) in text
    assert "租赁合同.pdf" in text


def test_a_founders_new_uscc_reaches_the_pages_of_the_later_tasks(client, officer):
    task = ApprovalTaskFactory(
        item_code="tobacco-retail",
        application__enterprise=EnterpriseFactory(uscc="91441702100000016X", name="阳江市便民便利店有限公司"),
    )
    officer(task)
    assert client.get(page(task)).content.decode().count("91441702100000016X") == 2


def test_the_queue_lists_my_offices_open_tasks_by_due_date_with_marks(client, officer):
    today = timezone.localdate()
    days = {"明天": 1, "今天": 0, "昨天": -1}
    for name, later in days.items():
        ApprovalTaskFactory(
            committed_due_on=today + timedelta(days=later), application__enterprise=EnterpriseFactory(name=f"{name}店")
        )
    ApprovalTaskFactory(granted=True, application__enterprise=EnterpriseFactory(name="办好的店"))
    ApprovalTaskFactory(item_code="drainage", application__enterprise=EnterpriseFactory(name="别家机关的店"))
    officer(ApprovalTask.objects.filter(item_code="food-operation").first())
    text = client.get(QUEUE).content.decode()
    assert text.index("昨天店") < text.index("今天店") < text.index("明天店")
    assert text.count("已超期") == text.count("今天到期") == 1
    assert "办好的店" not in text
    assert "别家机关的店" not in text
    assert "办好的店" in client.get(QUEUE, {"state": "decided"}).content.decode()


@pytest.mark.parametrize("text", ["YZ20260302", "好味道", "91441702"])
def test_the_queue_is_searched_by_number_name_and_uscc(client, officer, text):
    task = restaurant()
    officer(task)
    assert str(task.public_id) in client.get(QUEUE, {"q": text, "state": "all"}).content.decode()
    assert str(task.public_id) not in client.get(QUEUE, {"q": "没有这一家"}).content.decode()


def test_the_queues_queries_do_not_grow_with_its_rows(client, officer, django_assert_max_num_queries):
    officer(restaurant())
    for rows in (1, 25):
        ApprovalTaskFactory.create_batch(rows)
        with django_assert_max_num_queries(9):
            client.get(QUEUE)


def test_a_task_page_takes_a_constant_of_queries(client, officer, catalogue, django_assert_max_num_queries):
    application = ApplicationFactory(in_progress=True, chosen=list(catalogue.items)[6:26])
    tasks = [ApprovalTaskFactory(item_code=code, application=application) for code in application.chosen]
    officer(tasks[0])
    with django_assert_max_num_queries(12):
        client.get(page(tasks[0]))


def test_a_received_task_is_accepted_by_one_click(client, officer):
    task = restaurant()
    officer(task)
    assert page(task, "accept/") in client.get(page(task)).content.decode()
    answer = client.post(page(task, "accept/"), follow=True)
    assert "已受理，承诺" in answer.content.decode()
    assert ApprovalTask.objects.get(pk=task.pk).status == TaskStatus.ACCEPTED


def test_moves_are_offered_only_where_they_are_lawful(client, officer):
    offered = {}
    for state in ({}, {"accepted": True}, {"granted": True}, {"refused": True}, {"waiting": True}):
        task = restaurant(**state)
        officer(task)
        text = client.get(page(task)).content.decode()
        offered[task.status] = {move for move in ("accept", "grant", "refuse") if page(task, f"{move}/") in text}
    assert offered == {
        "received": {"accept"},
        "accepted": {"grant", "refuse"},
        "granted": set(),
        "refused": set(),
        "waiting": set(),
    }


def test_a_grant_is_not_offered_while_a_prerequisite_is_open_and_the_page_says_which(client, officer):
    application = ApplicationFactory(in_progress=True, chosen=["hotel-special-trade", "fire-safety-check"])
    task = ApprovalTaskFactory(item_code="hotel-special-trade", application=application, accepted=True)
    ApprovalTaskFactory(item_code="fire-safety-check", application=application)
    officer(task)
    text = client.get(page(task)).content.decode()
    assert page(task, "grant/") not in text
    assert "现在还不能作出“准予许可”的决定，要先办成" in text
    assert page(task, "refuse/") in text


def test_granting_writes_the_face_and_says_so(client, officer):
    task = restaurant(accepted=True)
    officer(task)
    face = {"number": "JY1", "issued_on": "2026-03-02", "valid_until": "2031-03-01", "scope": "热食类"}
    answer = client.post(page(task, "grant/"), face, follow=True)
    assert "已决定：准予许可" in answer.content.decode()
    assert ApprovalTask.objects.get(pk=task.pk).face == face


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"number": ""}, "请填写证照编号"),
        ({"valid_until": ""}, "两者选一"),
        ({"long_term": "on"}, "两者选一"),
        ({"issued_on": "2999-01-01"}, "不能晚于今天"),
    ],
)
def test_a_face_that_is_wrong_is_shown_again_with_what_was_typed(client, officer, change, sentence):
    task = restaurant(accepted=True)
    officer(task)
    face = {"number": "JY1", "issued_on": "2026-03-02", "valid_until": "2031-03-01", "scope": "热食类食品"}
    text = client.post(page(task, "grant/"), face | change).content.decode()
    assert sentence in text
    assert "热食类食品" in text
    assert ApprovalTask.objects.get(pk=task.pk).status == TaskStatus.ACCEPTED


def test_a_uscc_of_another_enterprise_is_told_at_its_field(client, officer):
    taken = EnterpriseFactory()
    application = ApplicationFactory(
        in_progress=True, chosen=["business-registration"], enterprise=EnterpriseFactory(founder=True)
    )
    task = ApprovalTaskFactory(item_code="business-registration", application=application, accepted=True)
    officer(task)
    face = {"number": "1", "issued_on": "2026-03-02", "long_term": "on", "uscc": taken.uscc, "name": "新店"}
    assert "已经登记给另一家经营主体" in client.post(page(task, "grant/"), face).content.decode()


def test_the_slower_officer_is_told_who_decided(client, officer):
    task = restaurant(accepted=True)
    officer(task)
    faster = PostFactory(office=task.office, user__name="赵六").user
    client.post(page(task, "refuse/"), {"reason": ""})
    refuse(task, faster, "后厨面积不够")
    text = client.post(page(task, "refuse/"), {"reason": "一样"}, follow=True).content.decode()
    assert "赵六 已在" in text
    assert "您的操作没有生效" in text


def test_moves_are_posted_with_a_token_and_never_by_a_link(client, officer):
    task = restaurant()
    officer(task)
    for move in ("accept/", "grant/", "refuse/"):
        assert client.get(page(task, move)).status_code == 405
    client.handler.enforce_csrf_checks = True
    assert client.post(page(task, "accept/")).status_code == 403
    assert ApprovalTask.objects.get(pk=task.pk).status == TaskStatus.RECEIVED


def test_the_index_counts_an_offices_work(client, officer):
    task = restaurant(committed_due_on=date(2026, 1, 5))
    restaurant(accepted=True)
    officer(task)
    text = re.sub(r"<[^>]+>|\s+", "", client.get("/admin/").content.decode())
    assert "待受理1件待决定1件等待前置事项0件今天到期0件已超期1件" in text
    assert "城市设置" not in text


def test_a_completed_applications_task_still_shows_what_was_granted(client, officer):
    task = restaurant(granted=True)
    task.application.status = Status.WITHDRAWN
    officer(task)
    text = client.get(page(task)).content.decode()
    assert task.face["number"] in text
    assert "长期" in text
