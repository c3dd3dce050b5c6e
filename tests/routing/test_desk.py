"""The officers' pages: who sees what of which task, and the moves they offer."""

import re
from datetime import date

import pytest
from django.urls import reverse

from guidance.models import Role
from licensing.files import uploads
from licensing.models import Disclosure, Status
from routing import correcting, deferring, proposing, stopping
from routing.acts import ACTS
from routing.decisions import refuse
from routing.models import ApprovalTask, TaskStatus
from tests.factories import (
    ApplicationFactory,
    ApprovalTaskFactory,
    EnterpriseFactory,
    MembershipFactory,
    PostFactory,
    StoredFileFactory,
    UserFactory,
)
from tests.routing.acting import today
from tests.routing.papers import hand_in, image, pdf

QUEUE = "/admin/routing/approvaltask/"
NUMBER = "JY24417020000015"
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
    for move in ACTS:
        assert client.post(page(task, f"{move}/")).status_code == 404
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
    file = StoredFileFactory(name="租赁合同.pdf")
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


def test_a_task_page_takes_a_constant_of_queries(client, officer, catalogue, django_assert_max_num_queries):
    application = ApplicationFactory(in_progress=True, chosen=list(catalogue.items)[6:26])
    tasks = [ApprovalTaskFactory(item_code=code, application=application) for code in application.chosen]
    officer(tasks[0])
    # Of them 8 for the reasons of both dates, 7 for the buttons; siblings, papers and rounds add none.
    with django_assert_max_num_queries(32):
        client.get(page(tasks[0]))


def test_a_received_task_is_accepted_by_one_click(client, officer):
    task = restaurant()
    officer(task)
    assert page(task, "accept/") in client.get(page(task)).content.decode()
    answer = client.post(page(task, "accept/"), follow=True)
    assert "已受理，承诺" in answer.content.decode()
    assert ApprovalTask.objects.get(pk=task.pk).status == TaskStatus.ACCEPTED


def buttons(client, task):
    """The moves that the task's page offers: {name: may be pressed}."""
    answer = client.get(page(task))
    return {offer.name: not offer.why_not for offer in answer.context["desk"].offers}


def test_moves_are_offered_only_where_they_are_lawful(client, officer):
    offered = {}
    for state in ({}, {"accepted": True}, {"granted": True}, {"refused": True}, {"waiting": True}):
        task = restaurant(**state)
        officer(task)
        offered[task.status] = set(buttons(client, task))
    assert offered == {
        "received": {"accept", "ask_correction", "decline"},
        "accepted": {"grant", "refuse", "stop"},
        "granted": set(),
        "refused": set(),
        "waiting": set(),
    }


def test_a_head_may_extend_and_reassign_too(client, city):
    task = restaurant(accepted=True)
    client.force_login(PostFactory(office=task.office, role=Role.HEAD).user)
    assert set(buttons(client, task)) == {"grant", "refuse", "stop", "extend", "reassign"}


def test_only_the_chosen_moves_form_is_open(client, officer):
    task = restaurant()
    officer(task)
    assert 'name="reason"' not in client.get(page(task)).content.decode()
    text = client.get(page(task), {"move": "decline"}).content.decode()
    assert 'name="reason"' in text
    assert 'name="right_authority"' in text
    assert client.get(page(task), {"move": "grant"}).context["form"] is None
    assert client.get(page(task), {"move": "no-such"}).context["form"] is None


def test_a_grant_is_not_offered_while_a_prerequisite_is_open_and_the_page_says_which(client, officer):
    application = ApplicationFactory(in_progress=True, chosen=["hotel-special-trade", "fire-safety-check"])
    task = ApprovalTaskFactory(item_code="hotel-special-trade", application=application, accepted=True)
    ApprovalTaskFactory(item_code="fire-safety-check", application=application)
    officer(task)
    assert buttons(client, task) == {"grant": False, "refuse": True, "stop": True}
    text = client.get(page(task)).content.decode()
    assert f"要先办成“{application.tasks.get(item_code='fire-safety-check').item.name}”" in text
    answer = client.post(page(task, "grant/"), {"number": "1"}, follow=True)
    assert "才能作出这项决定" in answer.content.decode()


def test_an_officer_who_is_a_party_sees_why_instead_of_buttons(client, officer):
    task = restaurant()
    MembershipFactory(user=officer(task), enterprise=task.application.enterprise)
    assert buttons(client, task) == {}
    assert "应当回避" in client.get(page(task)).content.decode()
    client.post(page(task, "accept/"))
    assert ApprovalTask.objects.get(pk=task.pk).status == TaskStatus.RECEIVED


@pytest.mark.parametrize(
    ("code", "word"), [("food-operation", "受理"), ("prepackaged-food", "收下材料"), ("bank-account", "收下材料")]
)
def test_each_kind_of_item_has_its_own_words(client, officer, code, word):
    task = ApprovalTaskFactory(item_code=code)
    officer(task)
    offers = client.get(page(task)).context["desk"].offers
    assert offers[0].words.startswith(word)
    assert any("许可" in offer.words for offer in offers) is False


@pytest.mark.parametrize("act", ["grant", "propose_grant"])
def test_a_number_that_does_not_fit_its_rule_is_asked_about_once_and_never_refused(client, officer, act):
    task = restaurant(accepted=True)
    type(task.office).objects.update(second_review=act == "propose_grant")
    officer(task)
    face = {"number": "JY1", "issued_on": "2026-03-02", "valid_until": "2031-03-01", "scope": "热食类"}
    asked = client.post(page(task, f"{act}/"), face).content.decode()
    assert "一般是“JY”加 14 位数字" in asked
    assert 'name="number_as_is"' in asked
    assert "已" in client.post(page(task, f"{act}/"), face | {"number_as_is": "on"}, follow=True).content.decode()
    now = ApprovalTask.objects.get(pk=task.pk)
    assert (now.face or now.proposals.get().face)["number"] == "JY1"


def test_granting_writes_the_face_and_says_so(client, officer):
    task = restaurant(accepted=True)
    officer(task)
    face = {"number": NUMBER, "issued_on": "2026-03-02", "valid_until": "2031-03-01", "scope": "热食类"}
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
    face = {"number": NUMBER, "issued_on": "2026-03-02", "valid_until": "2031-03-01", "scope": "热食类食品"}
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
    for move in ACTS:
        assert client.get(page(task, f"{move}/")).status_code == 405
    assert client.post(page(task, "receive/")).status_code == 404
    client.handler.enforce_csrf_checks = True
    assert client.post(page(task, "accept/")).status_code == 403
    assert ApprovalTask.objects.get(pk=task.pk).status == TaskStatus.RECEIVED


def test_the_index_counts_an_offices_work(client, officer):
    task = restaurant(committed_due_on=date(2026, 1, 5))
    restaurant(accepted=True)
    officer(task)
    answer = client.get("/admin/")
    text = re.sub(r"<[^>]+>|\s+", "", answer.content.decode())
    assert "1件待受理1件待决定0件等第二人复核0件待补正0件等待前置事项0件红牌1件黄牌" in text
    assert "城市设置" not in text


def test_a_completed_applications_task_still_shows_what_was_granted(client, officer):
    task = restaurant(granted=True)
    task.application.status = Status.WITHDRAWN
    officer(task)
    text = client.get(page(task)).content.decode()
    assert task.face["number"] in text
    assert "长期" in text


FOOD = "food-operation"
LEASE = "mat-premises-proof"


@pytest.fixture
def case(file, client, storage_folder):
    """A restaurant's filing, and its officer signed in."""
    case = file(FOOD, "fire-safety-check", values=VALUES)
    client.force_login(case.officer(FOOD))
    return case


def test_points_are_ticked_and_told_at_once(client, case):
    answer = client.post(
        page(case[FOOD], "ask_correction/"),
        {
            "element-legal_rep_name": "on",
            "element-legal_rep_name-text": "和身份证不一致。",
            f"material-{LEASE}": "on",
            f"material-{LEASE}-text": "缺签字页。",
            "free1-text": "请带原件到窗口核对。",
        },
        follow=True,
    )
    assert "已一次性告知申请人" in answer.content.decode()
    points = case[FOOD].corrections.get().points.all()
    assert [(point.about, point.code, point.text) for point in points] == [
        ("element", "legal_rep_name", "和身份证不一致。"),
        ("material", LEASE, "缺签字页。"),
        ("other", "", "请带原件到窗口核对。"),
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "请至少勾选一点"),
        ({"element-legal_rep_name": "on"}, "请写明要补正什么"),
        ({"element-legal_rep_name-text": "不一致"}, "写了内容但没有勾选"),
        ({"free1-about": f"material-{LEASE}"}, "请写明要补正什么"),
        ({"free1-text": "x\0y"}, "空字符"),
        ({"free1-text": "长" * 1001}, "1000"),
        ({"free1-about": "element-invented", "free1-text": "有"}, "选择"),
    ],
)
def test_a_notice_half_written_is_neither_sent_nor_lost(client, case, typed, sentence):
    kept = {"element-kitchen_equipment": "on", "element-kitchen_equipment-text": "缺消毒柜"} if typed else {}
    text = client.post(page(case[FOOD], "ask_correction/"), typed | kept).content.decode()
    assert sentence in text
    assert not kept or "缺消毒柜" in text
    assert case[FOOD].status == TaskStatus.RECEIVED


def test_what_a_question_or_the_system_fills_is_not_ticked(client, case, catalogue):
    form = client.get(page(case[FOOD]), {"move": "ask_correction"}).context["form"]
    filling = {code for question in catalogue.questions.values() for code in question.fills}
    named = {name.removeprefix("element-") for name in form.fields if name.startswith("element-")}
    assert named
    assert not named & filling
    assert not any(catalogue.elements[code].system_filled for code in named if code in catalogue.elements)


def corrected(case):
    """The first round: asked by the officer, answered with another name and a new page of the lease."""
    points = [
        {"about": "element", "code": "legal_rep_name", "label": "法定代表人姓名", "text": "不一致"},
        {"about": "material", "code": LEASE, "label": "租赁合同", "text": "缺页"},
    ]
    correcting.ask(case[FOOD], case.officer(FOOD), points)
    files = {2: [pdf("签字页.pdf")]}
    correcting.answer(case[FOOD], case.applicant, {1: {"answer": "笔误", "value": "王五一"}}, files)


def test_values_stand_as_corrected_with_the_signed_one_beside(client, case):
    corrected(case)
    text = client.get(page(case[FOOD])).content.decode()
    for shown in ("王五一", "补正后", "签署时：王五", "签字页.pdf", "后来提交", "第 1 次告知", "笔误"):
        assert shown in text
    client.force_login(case.officer("fire-safety-check"))
    other = client.get(page(case["fire-safety-check"])).content.decode()
    assert "第 1 次告知" not in other
    assert "笔误" not in other


def test_a_second_notice_names_what_each_point_arises_from(client, case):
    corrected(case)
    first, second = correcting.answered_points(case[FOOD])
    wrong = {"free1-about": "element-kitchen_equipment", "free1-text": "对不上"}
    assert "由申请人补正的哪一点引起" in client.post(page(case[FOOD], "ask_correction/"), wrong).content.decode()
    right = {f"again-{second.pk}": "on", f"again-{second.pk}-text": "没有盖章"}
    client.post(page(case[FOOD], "ask_correction/"), wrong | {"free1-from": str(first.pk)} | right)
    points = case[FOOD].corrections.get(round=2).points.all()
    assert [(point.code, point.arises_from) for point in points] == [(LEASE, second), ("kitchen_equipment", first)]


def test_a_kept_answer_is_not_seen_before_it_is_given(client, case):
    point = {"about": "material", "code": LEASE, "label": "租赁合同", "text": "缺页"}
    correcting.ask(case[FOOD], case.officer(FOOD), [point])
    correcting.keep(case[FOOD], case.applicant, {1: [pdf("还没交的.pdf")]})
    assert "还没交的" not in client.get(page(case[FOOD])).content.decode()


def test_declining_names_the_right_authority(client, case):
    client.post(page(case[FOOD], "decline/"), {"reason": "不属本机关", "right_authority": "阳东区市场监督管理局"})
    assert (case[FOOD].status, case[FOOD].right_authority) == (TaskStatus.DECLINED, "阳东区市场监督管理局")
    assert "阳东区市场监督管理局" in client.get(page(case[FOOD])).content.decode()


def test_a_clock_is_stopped_and_resumed_and_the_page_says_by_what(client, case):
    case.accept(FOOD)
    day = today().isoformat()
    stop = {"kind": "hearing", "started_on": day, "reason": "申请人要求听证"}
    assert "请填写预计结束日期" in client.post(page(case[FOOD], "stop/"), stop).content.decode()
    client.post(page(case[FOOD], "stop/"), stop | {"expected_on": day})
    text = client.get(page(case[FOOD])).content.decode()
    assert "停钟：听证" in text
    assert "两个期限都停" in text
    assert buttons(client, case[FOOD]) == {"grant": False, "refuse": False, "resume": True}
    assert client.post(page(case[FOOD], "resume/"), {"ended_on": "2026-01-01"}).context["form"].errors
    client.post(page(case[FOOD], "resume/"), {"ended_on": day, "result": "已听证"})
    assert not case[FOOD].clock_stopped
    assert "停过 1 次钟" in client.get(page(case[FOOD])).content.decode()


def test_two_officers_decide_where_the_office_asks_for_it(client, case):
    case.accept(FOOD)
    case[FOOD].office.__class__.objects.filter(pk=case[FOOD].office_id).update(second_review=True)
    assert {"propose_grant", "propose_refuse"} <= set(buttons(client, case[FOOD]))
    assert "经第二人复核" in client.post(page(case[FOOD], "refuse/"), {"reason": "不符"}, follow=True).content.decode()
    client.post(page(case[FOOD], "propose_refuse/"), {"reason": "布局不符"})
    assert buttons(client, case[FOOD]) == {"approve": False, "send_back": True}
    client.force_login(case.officer(FOOD, "colleague"))
    assert "布局不符" in client.get(page(case[FOOD])).content.decode()
    assert buttons(client, case[FOOD]) == {"approve": True, "send_back": True}
    seen = {"proposal": client.get(page(case[FOOD]) + "?move=approve").context["form"]["proposal"].value()}
    assert "已决定：不予许可" in client.post(page(case[FOOD], "approve/"), seen, follow=True).content.decode()


def test_only_the_proposal_that_was_read_is_approved(client, case):
    """A page open since before: its refusal was taken back, and a grant stands in its place now."""
    case.accept(FOOD)
    case[FOOD].office.__class__.objects.filter(pk=case[FOOD].office_id).update(second_review=True)
    first = proposing.propose(case[FOOD], case.officer(FOOD), "refused", reason="布局不符")
    client.force_login(case.officer(FOOD, "colleague"))
    read = {"proposal": client.get(page(case[FOOD]) + "?move=approve").context["form"]["proposal"].value()}
    assert read == {"proposal": first.pk}
    proposing.send_back(case[FOOD], case.officer(FOOD), "写错了")
    proposing.propose(case[FOOD], case.officer(FOOD), "granted", face={"number": "JY1", "issued_on": today()})
    for stale, sentence in ((read, "刚刚换了一份"), ({}, "请看过"), ({"proposal": "\0"}, "整数")):
        assert sentence in client.post(page(case[FOOD], "approve/"), stale).content.decode()
    assert (case[FOOD].status, proposing.open_proposal(case[FOOD]).outcome) == ("accepted", "granted")


def test_a_proposal_is_sent_back_with_a_remark(client, case):
    case.accept(FOOD)
    case[FOOD].office.__class__.objects.filter(pk=case[FOOD].office_id).update(second_review=True)
    proposing.propose(case[FOOD], case.officer(FOOD, "colleague"), TaskStatus.REFUSED, reason="布局不符")
    client.post(page(case[FOOD], "send_back/"), {"reason": "请再核一次"})
    assert case[FOOD].proposals.get().remark == "请再核一次"
    assert "propose_refuse" in buttons(client, case[FOOD])


def test_a_head_extends_once_and_reassigns(client, case):
    case.accept(FOOD)
    client.force_login(case.head(FOOD))
    colleague = case.officer(FOOD, "colleague")
    client.post(page(case[FOOD], "extend/"), {"reason": "情况复杂"})
    assert case[FOOD].extension.days == 5
    assert buttons(client, case[FOOD])["extend"] is False
    client.post(page(case[FOOD], "reassign/"), {"officer": colleague.pk})
    assert case[FOOD].assignee == colleague
    for stranger in (case.applicant.pk, "9" * 30, "x"):
        assert client.post(page(case[FOOD], "reassign/"), {"officer": stranger}).context["form"].errors


def test_a_correction_without_a_term_is_closed_by_notice(client, case):
    correcting.ask(case[FOOD], case.officer(FOOD), [{"about": "other", "label": "其他内容", "text": "补一份"}])
    assert buttons(client, case[FOOD]) == {"close_correction": True}
    client.post(page(case[FOOD], "close_correction/"))
    assert case[FOOD].status == TaskStatus.RETURNED


def test_a_false_promise_ends_the_task(file, client):
    case = file("hotel-special-trade", committed=["hotel-special-trade"])
    task = case["hotel-special-trade"]
    client.force_login(case.officer("hotel-special-trade"))
    assert "end_false_promise" not in buttons(client, task)
    client.force_login(case.head("hotel-special-trade"))
    assert "告知承诺" in client.get(page(task)).content.decode()
    client.post(page(task, "end_false_promise/"), {"reason": "现场没有技防设施"})
    assert case["hotel-special-trade"].status == TaskStatus.TERMINATED


def test_a_paper_left_for_later_is_named_before_accepting_and_shown_when_it_has_come(
    file, client, catalogue, storage_folder
):
    paper = next(material for material in catalogue.items[FOOD].materials if material.deferrable)
    case = file(FOOD, deferred=[paper.code])
    client.force_login(case.officer(FOOD))
    assert "容缺受理" in client.get(page(case[FOOD])).content.decode()
    client.post(page(case[FOOD], "accept/"))
    text = client.get(page(case[FOOD])).content.decode()
    assert "等待容缺材料" in text
    assert "最晚" in text
    assert buttons(client, case[FOOD])["grant"] is False
    deferral = case[FOOD].deferrals.get()
    deferral.material.files.add(image("补交的.png"))
    assert deferring.missed(today()).count() == 0
    assert "补交的.png" in client.get(page(case[FOOD])).content.decode()


def test_of_a_siblings_stops_only_the_surveys_are_shown(client, case):
    case.accept("fire-safety-check")
    fire, officer = case["fire-safety-check"], case.officer("fire-safety-check")
    day = today().isoformat()
    stopping.stop(fire, officer, {"kind": "survey", "started_on": day, "reason": "看现场"})
    stopping.resume(fire, officer, {"ended_on": day, "result": "疏散通道合格"})
    task = case["fire-safety-check"]
    hearing = {"kind": "hearing", "started_on": "2026-05-12", "expected_on": "2026-05-20", "reason": "不该看到"}
    task.stops.create(**hearing)
    text = client.get(page(case[FOOD])).content.decode()
    assert "现场核查" in text
    assert "疏散通道合格" in text
    assert "不该看到" not in text
    assert "听证" not in text.replace("听证、检验", "")


def test_a_pdf_is_previewed_in_the_page_and_nothing_else_is_handed_out_inline(client, officer, storage_folder):
    task = restaurant()
    officer(task)
    lease, photo = pdf(), image()
    hand_in(task, lease, photo)
    text = client.get(page(task)).content.decode()
    address = reverse("admin:routing_approvaltask_preview", args=[lease.public_id])
    assert f'<iframe src="{address}"' in text
    assert f'<img src="{reverse("licensing:preview", args=[photo.public_id])}"' in text
    answer = client.get(client.get(address).url)
    list(answer.streaming_content)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == "inline"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert client.get(address.replace(str(lease.public_id), str(photo.public_id))).status_code == 404
    client.force_login(PostFactory(office__department__code="health").user)
    assert client.get(address).status_code == 404


def test_a_file_that_is_not_clean_is_named_and_not_opened_and_no_scan_is_claimed(client, officer, storage_folder):
    task = restaurant()
    officer(task)
    lease, photo = pdf(), image()
    hand_in(task, lease, photo)
    type(photo).objects.filter(pk=photo.pk).update(state="checking", checked_at=None)
    text = client.get(page(task)).content.decode()
    assert "检查完才能打开" in text
    assert reverse("licensing:preview", args=[photo.public_id]) not in text
    assert text.count("未做病毒扫描") == 1
    assert client.get(uploads.link(photo, task.office.posts.get().user)).status_code == 404


class TestMaskedNumbers:
    """Who decides sees the first and last characters; the whole number only for a reason that stays on record."""

    ID = "441702199001010003"
    REASON = {"reason": "核对身份证原件"}

    @pytest.fixture
    def task(self, city):
        values = VALUES | {"legal_rep_id": self.ID, "agent_id": "44170419880208000X", "contact_phone": "13812345678"}
        application = ApplicationFactory(in_progress=True, chosen=["food-operation"], values=values)
        return ApprovalTaskFactory(application=application)

    def full(self, task, code="legal_rep_id"):
        return page(task, f"values/{code}/")

    def test_the_page_and_the_form_of_a_notice_show_stars(self, client, officer, task):
        officer(task)
        for move in ("", "?move=ask_correction"):
            text = client.get(page(task, move)).content.decode()
            assert "441***********0003" in text
            assert "138****5678" in text
            assert self.ID not in text
            assert "13812345678" not in text

    def test_for_a_reason_one_number_is_shown_once_and_the_row_says_who_looked(self, client, officer, task):
        user = officer(task)
        text = client.post(self.full(task), self.REASON).content.decode()
        assert self.ID in text
        assert "13812345678" not in text
        row = Disclosure.objects.get()
        assert (row.viewer, row.application, row.element_code) == (user, task.application, "legal_rep_id")
        assert row.reason == "核对身份证原件"
        assert self.ID not in client.get(page(task)).content.decode()

    @pytest.mark.parametrize("reason", ["", "  ", "由" * 201])
    def test_without_a_proper_reason_nothing_is_shown(self, client, officer, task, reason):
        officer(task)
        answer = client.post(self.full(task), {"reason": reason})
        assert answer.context["refused"]["code"] == "legal_rep_id"
        assert self.ID not in answer.content.decode()
        assert not Disclosure.objects.exists()

    def test_nothing_is_shown_by_a_link_nor_what_the_item_did_not_ask_for(self, client, officer, task, catalogue):
        officer(task)
        assert "agent_id" not in catalogue.items["food-operation"].form_fields
        assert client.get(self.full(task)).status_code == 405
        for code in ("agent_id", "legal_rep_name", "no-such-code"):
            assert client.post(self.full(task, code), self.REASON).status_code == 404
        assert not Disclosure.objects.exists()

    def test_another_office_finds_nothing(self, client, task):
        client.force_login(PostFactory(office__department__code="health").user)
        assert client.post(self.full(task), self.REASON).status_code == 404
        assert not Disclosure.objects.exists()

    def test_who_is_a_party_sees_stars_only(self, client, officer, task):
        user = officer(task)
        MembershipFactory(user=user, enterprise=task.application.enterprise)
        answer = client.post(self.full(task), self.REASON, follow=True)
        assert self.ID not in answer.content.decode()
        assert not Disclosure.objects.exists()

    def test_the_head_reads_who_looked_and_why_and_an_officer_does_not(self, client, officer, task):
        user = officer(task)
        client.post(self.full(task), self.REASON)
        assert "谁看过完整号码" not in client.get(page(task)).content.decode()
        client.force_login(PostFactory(office=task.office, role=Role.HEAD).user)
        text = client.get(page(task)).content.decode()
        assert "谁看过完整号码" in text
        assert f"{user}" in text
        assert "核对身份证原件" in text


def test_what_the_applicant_put_instead_of_the_register_is_flagged_with_both_and_the_reason(client, officer, city):
    snapshot = restaurant().application.snapshot
    said = {"value": "王五", "reason": "上个月变更", "was": "李四", "source": "来自营业执照，2026年3月1日确认"}
    # Of the fire item's the food office reads nothing.
    snapshot["disputes"] = {"legal_rep_name": said, "fire_manager_name": said | {"was": "别的部门的事"}}
    task = ApprovalTaskFactory(application=ApplicationFactory(in_progress=True, snapshot=snapshot))
    officer(task)
    text = client.get(page(task)).content.decode()
    assert "申请人改了 1 项登记的内容" in text
    for shown in ("登记的：李四", "来自营业执照，2026年3月1日确认", "理由：上个月变更"):
        assert shown in text
    assert "别的部门的事" not in text
