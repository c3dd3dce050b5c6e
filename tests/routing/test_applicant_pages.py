"""What an applicant does after submission: answer a correction, hand in a paper, withdraw, decide on the rest."""

import html
import re
from datetime import timedelta

import factory
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from licensing.models import OnRefusal, Status, StoredFile
from routing import correcting, deferring, withdrawing
from routing.counting import rules
from routing.models import About, Correction, CorrectionPoint, TaskStatus, Term
from routing.prerequisites import release_dependents
from routing.values import current_values
from tests.factories import (
    ApplicationFactory,
    ApprovalTaskFactory,
    MembershipFactory,
    PostFactory,
    SubmittedMaterialFactory,
    snapshot_of,
)
from tests.licensing.samples import PDF

pytestmark = pytest.mark.usefixtures("storage_folder")
PROOF = "mat-premises-proof"
HOURS = {"about": About.ELEMENT, "code": "opening_hours", "label": "营业时间", "text": "请写明每天几点到几点"}
DEVICES = {"about": About.ELEMENT, "code": "kitchen_equipment", "label": "厨房设备设施", "text": "漏了油烟机"}
PAPER = {"about": About.MATERIAL, "code": PROOF, "label": "经营场所使用证明", "text": "缺出租方签字页"}
WORDS = {"about": About.OTHER, "code": "", "label": "后厨", "text": "请说明后厨和卫生间的距离"}
VALUES = {
    "opening_hours": "全天",
    "health_cert_count": 3,
    "kitchen_equipment": [{"name": "冷藏柜", "model": "LC-300", "quantity": 2}],
}


def pdf(name="租赁合同.pdf"):
    return SimpleUploadedFile(name, PDF)


def broken(name="租赁合同.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7\n")


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def task(city):
    application = ApplicationFactory(in_progress=True, values=VALUES)
    MembershipFactory(user=application.filer, enterprise=application.enterprise)
    SubmittedMaterialFactory(application=application, code=PROOF)
    return ApprovalTaskFactory(application=application)


@pytest.fixture
def officer(task):
    return PostFactory(office=task.office).user


@pytest.fixture
def owner(task):
    return client_of(task.application.filer)


def asked(task, officer, *points):
    correcting.ask(task, officer, list(points))
    return reverse("routing:correction", args=[task.public_id])


def text_of(response):
    return response.content.decode()


class TestCorrection:
    def test_the_page_shows_all_points_with_the_values_as_they_stand(self, task, officer, owner):
        page = text_of(owner.get(asked(task, officer, HOURS, PAPER, WORDS)))
        for text in (
            "下面 3 点要补正",
            HOURS["text"],
            PAPER["text"],
            WORDS["text"],
            'value="全天"',
            "没有规定最后期限",
        ):
            assert text in page

    def test_a_term_is_shown_with_its_basis(self, task, officer, owner):
        Term.objects.filter(code="correction_days").update(value=5, basis="本市规定第三条")
        page = text_of(owner.get(asked(task, officer, WORDS)))
        due = Correction.objects.get().answer_due_on
        assert f"{due.year}年{due.month}月{due.day}日" in page
        assert "本市规定第三条" in page

    def test_one_answer_to_all_points_brings_the_task_back_to_its_officer(self, task, officer, owner):
        address = asked(task, officer, HOURS, PAPER, WORDS)
        data = {"value-1": "每天 8:00—22:00", "answer-3": "相距十米", "files-2": [pdf()]}
        response = owner.post(address, data, follow=True)
        task.refresh_from_db()
        assert (task.status, task.assignee) == (TaskStatus.RECEIVED, officer)
        assert "5 个工作日内会告诉您是否受理" in text_of(response)
        assert current_values(task.application)["opening_hours"] == "每天 8:00—22:00"
        (file,) = CorrectionPoint.objects.get(number=2).files.all()
        assert list(task.application.materials.get(code=PROOF).files.all()) == [file]
        assert file.name == "租赁合同.pdf"

    def test_a_wrong_answer_changes_nothing_and_loses_nothing(self, task, officer, owner):
        address = asked(task, officer, HOURS, PAPER, WORDS)
        data = {"value-1": "每" * 60, "answer-1": "改好了", "answer-3": "", "files-2": [pdf()]}
        page = text_of(owner.post(address, data))
        for text in ("还有 2 处要改", "每" * 60, "改好了", "请写明您怎么补正。", "租赁合同.pdf"):
            assert text in page
        task.refresh_from_db()
        assert task.status == TaskStatus.CORRECTION
        assert not task.application.materials.get(code=PROOF).files.exists()
        owner.post(address, {"value-1": "每天 8 点到 22 点", "answer-3": "相距十米"})
        task.refresh_from_db()
        assert task.status == TaskStatus.RECEIVED
        assert task.application.materials.get(code=PROOF).files.get().name == "租赁合同.pdf"

    def test_a_kept_file_can_be_removed_and_the_same_file_is_kept_once(self, task, officer, owner):
        address = asked(task, officer, PAPER, WORDS)
        for _ in range(2):
            owner.post(address, {"files-1": [pdf()], "answer-2": ""})
        file = StoredFile.objects.get()
        page = text_of(owner.post(address, {"drop": str(file.public_id), "answer-2": "相距十米"}))
        assert not StoredFile.objects.exists()
        assert "相距十米" in page
        assert owner.post(address, {"drop": "rubbish\x00", "answer-2": "a"}).status_code == 200

    def test_a_kept_file_is_nobody_elses_before_the_answer(self, task, officer, owner):
        address = asked(task, officer, PAPER, WORDS)
        owner.post(address, {"files-1": [pdf()]})
        assert not StoredFile.objects.visible_to(officer).exists()
        owner.post(address, {"answer-2": "相距十米"})
        assert StoredFile.objects.visible_to(officer).exists()

    def test_a_file_not_taken_is_told_at_its_field(self, task, officer, owner):
        page = text_of(owner.post(asked(task, officer, PAPER), {"files-1": [broken()]}))
        assert "不完整或者已损坏" in page
        assert not StoredFile.objects.exists()
        task.refresh_from_db()
        assert task.status == TaskStatus.CORRECTION

    def test_a_paper_that_cannot_be_had_is_answered_in_words(self, task, officer, owner):
        address = asked(task, officer, PAPER)
        assert "请上传补正的材料" in text_of(owner.post(address, {}))
        owner.post(address, {"answer-1": "出租方出国，下月才能签字"})
        task.refresh_from_db()
        assert task.status == TaskStatus.RECEIVED

    def test_a_value_left_as_it_was_wants_a_word(self, task, officer, owner):
        address = asked(task, officer, HOURS)
        assert "这一项还没有改" in text_of(owner.post(address, {"value-1": "全天"}))
        owner.post(address, {"value-1": "全天", "answer-1": "确实是全天营业"})
        point = CorrectionPoint.objects.get()
        assert (point.value, point.answer) == (None, "确实是全天营业")
        assert current_values(task.application)["opening_hours"] == "全天"

    def test_what_was_empty_and_is_explained_may_stay_empty_even_where_it_is_required(self, task, officer, owner):
        address = asked(
            task, officer, {"about": About.ELEMENT, "code": "food_sale_mode", "label": "销售方式", "text": "没有选"}
        )
        assert "请至少选一项" in text_of(owner.post(address, {}))
        assert "请从列出的选项里选" in text_of(owner.post(address, {"value-1": "rubbish", "answer-1": "只在店里卖"}))
        owner.post(address, {"answer-1": "只在店里卖"})
        task.refresh_from_db()
        assert task.status == TaskStatus.RECEIVED

    def test_a_table_gets_more_rows_without_losing_what_was_typed(self, task, officer, owner):
        address = asked(task, officer, DEVICES, WORDS)
        row = {f"value-1-0-{code}": value for code, value in VALUES["kitchen_equipment"][0].items()}
        page = text_of(owner.post(address, {"value-1-rows": "1", **row, "add": "value-1:1", "answer-2": "相距十米"}))
        assert 'name="value-1-1-name"' in page
        assert "相距十米" in page
        assert "error-summary" not in page
        more = {"value-1-rows": "2", "value-1-1-name": "油烟机", "value-1-1-quantity": "1"}
        owner.post(address, row | more | {"answer-2": "相距十米"})
        assert [row["name"] for row in current_values(task.application)["kitchen_equipment"]] == ["冷藏柜", "油烟机"]

    def test_what_decided_on_the_items_is_only_answered_in_words(self, task, officer, owner):
        address = asked(task, officer, WORDS)
        CorrectionPoint.objects.update(about=About.ELEMENT, code="premises_area")
        assert "改动它会改变要办的事项，请撤回后重新申请" in text_of(owner.get(address))
        owner.post(address, {"value-1": "5", "answer-1": "面积没有错"})
        assert "premises_area" not in current_values(task.application)
        assert CorrectionPoint.objects.get().answer == "面积没有错"

    def test_the_answer_sent_twice_is_taken_once(self, task, officer, owner):
        address = asked(task, officer, PAPER)
        for _ in range(2):
            response = owner.post(address, {"files-1": [pdf()]}, follow=True)
        assert "现在没有要补正的内容" in text_of(response)
        assert StoredFile.objects.count() == 1
        assert task.application.log.filter(event="task.correction_answered").count() == 1

    def test_after_the_term_it_is_too_late_and_no_file_stays(self, task, officer, owner):
        address = asked(task, officer, PAPER)
        Correction.objects.update(answer_due_on=timezone.localdate() - timedelta(days=1))
        assert "补正期限已经过了" in text_of(owner.get(address))
        assert "补正期限已经过了" in text_of(owner.post(address, {"files-1": [pdf()]}, follow=True))
        assert not StoredFile.objects.exists()

    def test_a_second_round_is_answered_like_the_first(self, task, officer, owner):
        address = asked(task, officer, HOURS)
        owner.post(address, {"value-1": "早八点到晚十点"})
        task.refresh_from_db()
        first = CorrectionPoint.objects.get()
        asked(task, officer, HOURS | {"text": "周末呢？", "arises_from": first.pk})
        page = text_of(owner.get(address))
        assert "早八点到晚十点" in page
        assert "第 2 次" in page
        owner.post(address, {"value-1": "每天早八点到晚十点"})
        assert current_values(task.application)["opening_hours"] == "每天早八点到晚十点"

    def test_a_page_of_the_first_round_does_not_answer_the_second(self, task, officer, owner):
        address = asked(task, officer, HOURS)
        first = {"value-1": "早八点到晚十点", "round": "1"}
        owner.post(address, first)
        task.refresh_from_db()
        asked(task, officer, HOURS | {"text": "周末呢？", "arises_from": CorrectionPoint.objects.get().pk})
        page = owner.post(address, first | {"value-1": "又点了一次提交"}, follow=True)
        assert "这一页是上一次告知的" in text_of(page)
        assert current_values(task.application)["opening_hours"] == "早八点到晚十点"
        assert 'name="round" value="2"' in page.content.decode()

    def test_no_correction_leads_back_to_the_application(self, task, owner):
        response = owner.get(reverse("routing:correction", args=[task.public_id]), follow=True)
        assert "现在没有要补正的内容，状态是“已收件”" in text_of(response)

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"value-1": "a\x00b", "answer-2": "\x00"},
            {"value-1": ["a", "b"], "files-2": "no file", "answer-3": "x" * 5000},
            {"add": "value-9:x", "value-1-rows": "9" * 30},
            {"add": "files-2:10"},
            {"drop": "' or 1=1"},
        ],
    )
    def test_hostile_answers_are_refused(self, task, officer, owner, data):
        address = asked(task, officer, HOURS, PAPER, WORDS)
        assert owner.post(address, data).status_code == 200
        task.refresh_from_db()
        assert task.status == TaskStatus.CORRECTION

    def test_queries_do_not_grow_with_the_points(self, task, officer, owner, django_assert_max_num_queries):
        address = asked(task, officer, *[WORDS, HOURS, PAPER] * 8)
        with django_assert_max_num_queries(14):
            owner.get(address)


def addresses_of(task):
    one, application = [task.public_id], [task.application.public_id]
    return [
        reverse("routing:correction", args=one),
        reverse("routing:why", args=one),
        reverse("routing:supply", args=[*application, PROOF]),
        reverse("routing:withdraw", args=application),
        reverse("routing:hold", args=application),
        reverse("routing:documents", args=application),
    ]


def test_colleagues_may_what_the_owner_may_and_strangers_find_nothing(task, officer):
    asked(task, officer, WORDS)
    task.application.materials.update(how="deferred")
    enterprise = task.application.enterprise
    colleague = MembershipFactory(enterprise=enterprise).user
    former = MembershipFactory(enterprise=enterprise, until=timezone.localdate() - timedelta(days=1)).user
    stranger = MembershipFactory().user
    for address in addresses_of(task):
        assert client_of(colleague).get(address).status_code in (200, 302)
        for other in (former, stranger):
            assert client_of(other).get(address).status_code == 404
            assert client_of(other).post(address, {"items": "food-operation"}).status_code in (404, 405)
    assert Client().get(addresses_of(task)[0]).status_code == 302


def test_an_officer_opens_only_what_is_for_officers(task, officer):
    asked(task, officer, WORDS)
    statuses = [client_of(officer).get(address).status_code for address in addresses_of(task)]
    assert statuses == [404, 200, 404, 404, 404, 200]


def snapshot_with_a_deferred_paper(application):
    snapshot = snapshot_of(application)
    snapshot["materials"][PROOF] |= {"how": "deferred", "defer_days": 7}
    return snapshot


@pytest.fixture
def deferred(city):
    """An accepted task whose proof of premises is still to come."""
    application = ApplicationFactory(in_progress=True, snapshot=factory.LazyAttribute(snapshot_with_a_deferred_paper))
    MembershipFactory(user=application.filer, enterprise=application.enterprise)
    SubmittedMaterialFactory(application=application, code=PROOF, how="deferred")
    return ApprovalTaskFactory(application=application, accepted=True)


@pytest.fixture
def supply(deferred):
    return reverse("routing:supply", args=[deferred.application.public_id, PROOF])


class TestSupply:
    def test_the_page_names_the_last_day_and_a_file_ends_the_waiting(self, deferred, supply):
        (deferral,) = deferring.begin(deferred, rules())
        owner = client_of(deferred.application.filer)
        assert f"{deferral.due_on.month}月{deferral.due_on.day}日" in text_of(owner.get(supply))
        assert "已经补交" in text_of(owner.post(supply, {"files": [pdf()]}, follow=True))
        deferral.refresh_from_db()
        assert deferral.supplied_at
        assert not deferred.stops.filter(ended_on=None).exists()
        assert deferred.application.materials.get().files.get().name == "租赁合同.pdf"

    def test_no_file_or_a_bad_one_is_told_at_the_field(self, deferred, supply):
        owner = client_of(deferred.application.filer)
        assert "请先选择文件" in text_of(owner.post(supply, {"files": "no file"}))
        assert "不完整或者已损坏" in text_of(owner.post(supply, {"files": [broken()]}))
        assert "最多上传 10 个" in text_of(owner.post(supply, {"files": [pdf()] * 11}))
        assert not StoredFile.objects.exists()

    def test_it_is_taken_once(self, deferred, supply):
        deferring.begin(deferred, rules())
        owner = client_of(deferred.application.filer)
        for _ in range(2):
            page = owner.post(supply, {"files": [pdf()]}, follow=True)
        assert "不用再交" in text_of(page)
        assert StoredFile.objects.count() == 1
        assert deferred.application.log.filter(event="task.supplied").count() == 1

    def test_after_its_term_it_is_too_late(self, deferred, supply, time_machine):
        (one,) = deferring.begin(deferred, rules())
        time_machine.move_to(f"{one.due_on + timedelta(days=1)} 09:00 +0800")
        owner = client_of(deferred.application.filer)
        assert "补交期限已经过了" in text_of(owner.get(supply))
        assert "补交期限已经过了" in text_of(owner.post(supply, {"files": [pdf()]}))
        assert not StoredFile.objects.exists()

    def test_it_may_come_before_anything_was_accepted(self, deferred, supply):
        type(deferred).objects.update(status=TaskStatus.RECEIVED, accepted_at=None)
        client_of(deferred.application.filer).post(supply, {"files": [pdf()]})
        assert deferred.application.materials.get().supplied_at

    def test_another_paper_is_not_there(self, deferred, task):
        for application, code in ((deferred.application, "mat-floor-plan"), (task.application, PROOF)):
            address = reverse("routing:supply", args=[application.public_id, code])
            assert client_of(application.filer).get(address).status_code == 404


@pytest.fixture
def filed(city):
    """Three items; the hotel's licence waits for the fire-safety check."""
    chosen = ["food-operation", "fire-safety-check", "hotel-special-trade"]
    application = ApplicationFactory(in_progress=True, chosen=chosen, on_refusal=OnRefusal.HOLD)
    MembershipFactory(user=application.filer, enterprise=application.enterprise)
    for code in chosen:
        ApprovalTaskFactory(application=application, item_code=code, accepted=True)
    return application


def statuses(application):
    return dict(application.tasks.values_list("item_code", "status"))


class TestWithdrawal:
    def test_all_open_items_are_ticked_first(self, filed):
        page = text_of(client_of(filed.filer).get(reverse("routing:withdraw", args=[filed.public_id])))
        assert page.count("checked") == 3

    def test_what_it_means_is_shown_before_anything_happens(self, filed):
        address = reverse("routing:withdraw", args=[filed.public_id])
        page = text_of(client_of(filed.filer).get(address, {"items": ["fire-safety-check"]}))
        assert "随之终止" in page
        assert "确认撤回" in page
        assert set(statuses(filed).values()) == {"accepted"}

    def test_one_item_is_withdrawn_and_the_others_are_not_held_for_it(self, filed):
        address = reverse("routing:withdraw", args=[filed.public_id])
        page = client_of(filed.filer).post(address, {"items": ["fire-safety-check"]}, follow=True)
        release_dependents(filed.pk)
        assert "已经撤回" in text_of(page)
        assert statuses(filed) == {
            "food-operation": "accepted",
            "fire-safety-check": "withdrawn",
            "hotel-special-trade": "terminated",
        }
        assert withdrawing.held_tasks(filed) == []

    def test_sent_twice_it_happens_once(self, filed):
        address, owner = reverse("routing:withdraw", args=[filed.public_id]), client_of(filed.filer)
        for _ in range(2):
            page = text_of(owner.post(address, {"items": list(statuses(filed))}, follow=True))
        assert "没有可以撤回的" in page
        assert filed.log.filter(event="task.withdrawn").count() == 3

    def test_it_can_be_withdrawn_before_it_was_split(self, submit):
        application = submit("food-operation")
        MembershipFactory(user=application.filer, enterprise=application.enterprise)
        address = reverse("routing:withdraw", args=[application.public_id])
        client_of(application.filer).post(address, {"items": ["food-operation"]})
        assert statuses(application) == {"food-operation": "withdrawn"}

    @pytest.mark.parametrize("items", [[], ["no-such"], ["a\x00b"], ["x" * 5000]])
    def test_nothing_else_is_withdrawn(self, filed, items):
        address = reverse("routing:withdraw", args=[filed.public_id])
        assert client_of(filed.filer).post(address, {"items": items}).status_code == 200
        assert set(statuses(filed).values()) == {"accepted"}

    def test_what_was_decided_meanwhile_stays(self, filed):
        task = filed.tasks.get(item_code="food-operation")
        now = timezone.now()
        decided = {"status": "granted", "face": {}, "decided_at": now, "decided_by": filed.filer}
        type(task).objects.filter(pk=task.pk).update(**decided)
        address = reverse("routing:withdraw", args=[filed.public_id])
        page = text_of(client_of(filed.filer).post(address, {"items": list(statuses(filed))}))
        assert "有的已经办结，不能撤回" in page
        assert statuses(filed)["fire-safety-check"] == "accepted"

    def test_a_draft_has_nothing_to_withdraw(self, city):
        draft = ApplicationFactory()
        MembershipFactory(user=draft.filer, enterprise=draft.enterprise)
        assert draft.status == Status.DRAFT
        assert client_of(draft.filer).get(reverse("routing:withdraw", args=[draft.public_id])).status_code == 404


@pytest.fixture
def held(filed):
    """The food licence was refused; the rest waits for the applicant."""
    task = filed.tasks.get(item_code="food-operation")
    refused = {"status": "refused", "reason": "后厨面积不够", "decided_at": timezone.now(), "decided_by": filed.filer}
    type(task).objects.filter(pk=task.pk).update(**refused)
    release_dependents(filed.pk)
    return reverse("routing:hold", args=[filed.public_id])


class TestHold:
    def test_it_is_told_what_failed_and_why_and_until_when(self, filed, held):
        page = text_of(client_of(filed.filer).get(held))
        until = withdrawing.held_until(filed)
        for text in ("后厨面积不够", f"{until.month}月{until.day}日", "继续办理其余", "撤回其余"):
            assert text in page

    def test_going_on_ends_the_hold(self, filed, held):
        page = client_of(filed.filer).post(held, follow=True)
        assert "继续办理" in text_of(page)
        assert withdrawing.held_tasks(filed) == []
        assert statuses(filed)["fire-safety-check"] == "accepted"

    def test_the_rest_is_withdrawn(self, filed, held):
        owner = client_of(filed.filer)
        link = re.search(r'href="([^"]+)">撤回其余', owner.get(held).content.decode())
        meaning = owner.get(html.unescape(link[1]))
        owner.post(reverse("routing:withdraw", args=[filed.public_id]), meaning.context["form"].cleaned_data)
        assert set(statuses(filed).values()) == {"refused", "withdrawn"}

    def test_a_second_click_and_rubbish_change_nothing(self, filed, held):
        owner = client_of(filed.filer)
        owner.post(held, {"choice": "rubbish\x00"})
        assert "现在没有暂停的事项" in text_of(owner.post(held, follow=True))
        assert statuses(filed)["fire-safety-check"] == "accepted"
