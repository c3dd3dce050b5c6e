"""补正 (Licensing Law art. 32(4)): everything at once, an answer, five days anew; or the end without an answer."""

import pytest
from django.db import DatabaseError, connection, transaction

from licensing.models import UntrustworthyEntry
from routing import correcting, decisions, silence, tasks
from routing.correctable import correctable
from routing.counting import rules
from routing.models import CorrectionPoint
from routing.refusals import NotAllowed
from routing.values import current_values
from tests.factories import UserFactory
from tests.licensing.samples import PDF, upload
from tests.routing.acting import at, filed, on, set_term, today, traces

FOOD = "food-operation"
LAYOUT = {"about": "material", "code": "mat-food-layout", "label": "布局图", "text": "请标出洗手池"}
OTHER = {"about": "other", "code": "", "label": "说明", "text": "请说明经营时间"}
ANSWERS = {1: {"answer": "已经标出"}, 2: {"answer": "早九点到晚九点"}}


@pytest.fixture
def case(file):
    return file(FOOD)


@pytest.fixture
def points(case):
    """A point about a paper of the item, and one about nothing in particular."""
    paper = case.application.snapshot["items"][FOOD]["materials"][0]
    return [LAYOUT | {"code": paper}, OTHER]


def ask(case, points):
    return correcting.ask(case[FOOD], case.officer(FOOD), points)


def free_element(case):
    """An element of the item that no question fills."""
    return correctable(case[FOOD])[0]


def test_one_notice_names_every_point_and_the_promised_clock_waits(case, points):
    before = case[FOOD].committed_due_on
    correction = ask(case, points)
    task = case[FOOD]
    assert (task.status, task.clock_stopped, task.statutory_stopped) == ("correction", True, False)
    assert task.committed_due_on == before
    assert [point.number for point in correction.points.all()] == [1, 2]
    document = task.documents.get()
    assert document.title == "补正告知书"
    assert "1. 布局图：请标出洗手池" in document.paragraphs
    assert case.events(FOOD) == ["correction_asked"]


def test_a_second_notice_before_the_answer_is_refused(case, points):
    ask(case, points)
    before = traces(case.application)
    with pytest.raises(NotAllowed, match="待补正"):
        ask(case, points)
    assert traces(case.application) == before


@pytest.mark.parametrize(
    ("point", "sentence"),
    [
        (OTHER | {"text": " "}, "写明"),
        (OTHER | {"label": ""}, "写明"),
        (LAYOUT | {"code": "mat-drug-rules"}, "本事项要求"),
        ({"about": "element", "code": "no-such-element", "label": "面积", "text": "写错了"}, "本事项要求"),
    ],
)
def test_a_point_without_words_or_about_what_the_item_does_not_ask_for_is_refused(case, point, sentence):
    before = traces(case.application)
    with pytest.raises(NotAllowed, match=sentence):
        ask(case, [point])
    with pytest.raises(NotAllowed, match="至少"):
        ask(case, [])
    assert traces(case.application) == before


def test_what_a_question_has_decided_is_not_for_a_correction(case, catalogue):
    decisive = {code for question in catalogue.questions.values() for code in question.fills}
    code = next(code for code in case.application.snapshot["items"][FOOD]["elements"] if code in decisive)
    with pytest.raises(NotAllowed, match="不能补正"):
        ask(case, [{"about": "element", "code": code, "label": "人数", "text": "写错了"}])


def test_the_answer_comes_back_to_the_officer_who_asked_and_both_clocks_begin_anew(case, points, time_machine):
    ask(case, points)
    time_machine.move_to(at("05-18"))
    correcting.answer(case[FOOD], case.applicant, ANSWERS)
    task = case[FOOD]
    assert (task.status, task.assignee) == ("received", case.officer(FOOD))
    assert (task.received_at.day, task.complete_at.day, task.clock_stopped) == (11, 18, False)
    assert task.committed_due_on == on("05-26")  # 6 working days from the answer
    assert case.events(FOOD) == ["correction_asked", "correction_answered"]
    case.accept(FOOD)
    assert case[FOOD].statutory_due_on == on("06-01")  # 10 working days from the acceptance of 18 May


def test_a_statutory_limit_that_runs_from_receipt_begins_anew_with_the_answer(file, time_machine):
    case = file("hr-service")
    assert case["hr-service"].statutory_due_on == on("06-08")
    correcting.ask(case["hr-service"], case.officer("hr-service"), [OTHER])
    time_machine.move_to(at("05-18"))
    correcting.answer(case["hr-service"], case.applicant, {1: {"answer": "补好了"}})
    assert case["hr-service"].statutory_due_on == on("06-15")


def test_the_five_days_begin_anew_with_the_answer(case, points, time_machine):
    ask(case, points)
    time_machine.move_to(at("05-18"))
    assert silence.accepted_by(today(), rules()) == []
    correcting.answer(case[FOOD], case.applicant, ANSWERS)
    time_machine.move_to(at("05-25"))
    assert silence.accepted_by(today(), rules()) == []
    time_machine.move_to(at("05-26"))
    tasks.sweep()
    task = case[FOOD]
    assert (task.status, task.accepted_at) == ("accepted", task.complete_at)


def test_a_second_answer_is_refused_and_says_so(case, points):
    ask(case, points)
    correcting.answer(case[FOOD], case.applicant, ANSWERS)
    before = traces(case.application)
    with pytest.raises(NotAllowed):
        correcting.answer(case[FOOD], case.applicant, ANSWERS)
    assert traces(case.application) == before


def test_every_point_must_be_answered(case, points):
    ask(case, points)
    before = traces(case.application)
    with pytest.raises(NotAllowed, match="第 2 点还没有补正：说明"):
        correcting.answer(case[FOOD], case.applicant, {1: {"answer": "好了"}, 2: {"answer": ""}})
    assert traces(case.application) == before
    assert not CorrectionPoint.objects.exclude(answer="").exists()


def test_only_the_applicant_answers(case, points):
    ask(case, points)
    for user in (UserFactory(), case.officer(FOOD)):
        with pytest.raises(NotAllowed, match="不能代表"):
            correcting.answer(case[FOOD], user, ANSWERS)


def test_a_further_notice_names_only_what_arises_from_the_last_answers(case, points):
    first = ask(case, points)
    correcting.answer(case[FOOD], case.applicant, ANSWERS)
    for wrong in (OTHER, OTHER | {"arises_from": 999_999}):
        with pytest.raises(NotAllowed, match="一次告知"):
            ask(case, [wrong])
    arising = OTHER | {"arises_from": first.points.get(number=2).pk}
    with pytest.raises(NotAllowed, match="一次告知"):
        ask(case, [arising, OTHER])
    second = ask(case, [arising])
    assert (second.round, second.points.get().arises_from.number) == (2, 2)
    correcting.answer(case[FOOD], case.applicant, {1: {"answer": "又写了一遍"}})
    # Point 1 was answered in the first round and found good in the second.
    with pytest.raises(NotAllowed, match="一次告知"):
        ask(case, [OTHER | {"arises_from": first.points.get(number=1).pk}])


def test_without_a_term_the_officer_closes_by_notice(case, points):
    assert ask(case, points).answer_due_on is None
    tasks.sweep()
    assert case[FOOD].status == "correction"
    correcting.close(case[FOOD], case.officer(FOOD))
    task = case[FOOD]
    assert (task.status, task.reason) == ("returned", "申请人没有按照补正告知补正。")
    assert task.documents.last().kind == "return"
    assert correcting.open_correction(task) is None


def test_with_a_term_the_officer_does_not_close_early(case, points):
    set_term("correction_days", 5)
    correction = ask(case, points)
    assert (correction.answer_due_on, correction.term_basis) == (on("05-18"), "本市规定")
    assert "请在2026年5月18日（含当日）前补正" in case[FOOD].documents.get().paragraphs[-1]
    with pytest.raises(NotAllowed, match="补正期限到"):
        correcting.close(case[FOOD], case.officer(FOOD))


def test_on_the_last_day_it_is_answered(case, points, time_machine):
    set_term("correction_days", 5)
    ask(case, points)
    time_machine.move_to(at("05-18", 23))
    tasks.sweep()
    correcting.answer(case[FOOD], case.applicant, ANSWERS)
    assert case[FOOD].status == "received"


def test_the_day_after_it_is_too_late_and_the_task_is_returned_once(case, points, time_machine):
    set_term("correction_days", 5)
    ask(case, points)
    time_machine.move_to(at("05-19", 0))
    with pytest.raises(NotAllowed, match="补正期限已经过了"):
        correcting.answer(case[FOOD], case.applicant, ANSWERS)
    for _ in range(2):
        tasks.sweep()
    task = case[FOOD]
    assert (task.status, task.decided_by) == ("returned", None)
    assert task.reason == "补正期限到2026年5月18日为止，申请人没有补正。"
    assert case.events(FOOD) == ["correction_asked", "returned"]
    correcting.lapse(task)
    assert case.events(FOOD) == ["correction_asked", "returned"]


def test_a_corrected_value_is_seen_by_every_office_once_it_is_answered(case):
    code = free_element(case)
    ask(case, [{"about": "element", "code": code, "label": "内容", "text": "写错了"}, OTHER])
    assert current_values(case.application).get(code) is None
    correcting.answer(case[FOOD], case.applicant, {1: {"value": "改好的"}, 2: {"answer": "说明"}})
    assert current_values(case.application)[code] == "改好的"


def test_words_without_a_new_value_leave_the_value_as_it_was(file, city, catalogue):
    case = file(FOOD)
    code = free_element(case)
    case = filed(case.application.premises, [FOOD], values={code: "原来的"})
    ask(case, [{"about": "element", "code": code, "label": "内容", "text": "请核对"}])
    correcting.answer(case[FOOD], case.applicant, {1: {"answer": "没有写错"}})
    assert current_values(case.application)[code] == "原来的"


def test_a_deferred_paper_that_comes_with_the_answer_has_come(file, storage_folder):
    case = file(FOOD, deferred=["mat-food-rules"])
    ask(case, [{"about": "material", "code": "mat-food-rules", "label": "制度", "text": "请现在提交"}])
    with correcting.uploads.stored([upload(PDF, "制度.pdf")], case.applicant) as files:
        correcting.answer(case[FOOD], case.applicant, {}, {1: files})
    assert case.paper("mat-food-rules").supplied_at
    case.accept(FOOD)
    assert not case[FOOD].deferrals.exists()
    assert case.documents(FOOD) == ["correction", "acceptance"]


def test_who_was_listed_since_goes_the_ordinary_way_after_the_notice(file, time_machine):
    case = file("public-place-hygiene", committed=["public-place-hygiene"])
    enterprise = case.application.enterprise
    UntrustworthyEntry.objects.create(uscc=enterprise.uscc, name=enterprise.name, reason="失信", source="法院")
    officer = case.officer("public-place-hygiene")
    with pytest.raises(NotAllowed, match="请按一般程序告知补正"):
        decisions.accept(case["public-place-hygiene"], officer)
    correcting.ask(case["public-place-hygiene"], officer, [OTHER])
    correcting.answer(case["public-place-hygiene"], case.applicant, {1: {"answer": "补交"}})
    task = case.accept("public-place-hygiene")
    assert (task.by_commitment, task.committed_due_on) == (False, on("05-25"))  # 10 working days instead of 1


@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET answer = '没有说过'", "UPDATE {} SET value = '1'", "DELETE FROM {}"]
)
def test_what_was_answered_stays_whatever_a_shell_says(case, points, statement):
    ask(case, points)
    correcting.answer(case[FOOD], case.applicant, ANSWERS)
    with pytest.raises(DatabaseError, match="never change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM routing_correctionpoint_files; {statement.format('routing_correctionpoint')}")
