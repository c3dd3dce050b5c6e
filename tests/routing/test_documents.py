"""The documents in words: each names the item, the reason and what can be done, by the kind of the item."""

import pytest

from routing import correcting, decisions, withdrawing
from routing.models import TaskStatus
from tests.routing.acting import at

LICENCE, FILING, SERVICE = "food-operation", "prepackaged-food", "seal-engraving"
FACES = {
    LICENCE: {"number": "JY1", "issued_on": "2026-05-11", "scope": "热食类"},
    FILING: {"number": "备1", "issued_on": "2026-05-11"},
    SERVICE: {"note": "已经刻好"},
}


def titles(case, code):
    return [document.title for document in case[code].documents.all()]


def last(case, code):
    return case[code].documents.last()


@pytest.mark.parametrize(
    ("code", "granted"),
    [
        (LICENCE, ["受理通知书", "准予行政许可决定书"]),
        (FILING, ["收件通知书"]),
        (SERVICE, ["收件通知书"]),
    ],
)
def test_only_a_licence_has_a_written_decision(file, code, granted):
    case = file(code)
    case.accept(code)
    decisions.grant(case[code], case.officer(code), FACES[code])
    assert titles(case, code) == granted


def test_an_acceptance_tells_both_limits_and_names_the_applicant_and_the_item(file):
    case = file(LICENCE)
    case.accept(LICENCE)
    document, application = last(case, LICENCE), case.application
    assert document.addressee == application.enterprise.name
    assert document.paragraphs == [
        f"你（单位）申请的“食品经营许可”（办件编号 {application.number}），材料齐全，符合规定形式，现予受理。",
        "本机关承诺在2026年5月19日（含当日）前办结。",
        "法定办结期限到2026年5月25日为止。",
    ]


def test_a_grant_names_number_and_scope(file):
    case = file(LICENCE)
    case.accept(LICENCE)
    decisions.grant(case[LICENCE], case.officer(LICENCE), FACES[LICENCE])
    text = "".join(last(case, LICENCE).paragraphs)
    assert "准予行政许可" in text
    assert "JY1" in text
    assert "热食类" in text


@pytest.mark.parametrize(
    ("code", "title", "remedies"),
    [
        (LICENCE, "不予行政许可决定书", True),
        (FILING, "不予办理通知书", False),
    ],
)
def test_a_refusal_gives_its_reason_and_a_licence_the_remedies(file, code, title, remedies):
    case = file(code)
    case.accept(code)
    decisions.refuse(case[code], case.officer(code), "后厨太小")
    document = last(case, code)
    assert document.title == title
    assert "理由：后厨太小" in document.paragraphs
    assert any("行政复议" in paragraph for paragraph in document.paragraphs) == remedies


def test_a_non_acceptance_names_the_right_authority(file):
    case = file(LICENCE, FILING)
    wrong = {"reason": "不归本机关管", "right_authority": "阳江市卫生健康局"}
    for code in (LICENCE, FILING):
        decisions.decline(case[code], case.officer(code), wrong)
        assert "请向阳江市卫生健康局申请。" in last(case, code).paragraphs
        assert case[code].right_authority == "阳江市卫生健康局"
    assert (last(case, LICENCE).title, last(case, FILING).title) == ("不予受理决定书", "不予办理通知书")
    assert "不予受理" not in "".join(last(case, FILING).paragraphs)


def test_every_end_without_the_result_has_its_document(file, time_machine):
    case = file(LICENCE, "drainage", "outdoor-ad", "hotel-special-trade", "fire-safety-check")
    other = {"about": "other", "code": "", "label": "说明", "text": "请补充"}
    correcting.ask(case["drainage"], case.officer("drainage"), [other])
    correcting.close(case["drainage"], case.officer("drainage"))
    withdrawing.withdraw(case.application, case.applicant, ["outdoor-ad"])
    case.accept("fire-safety-check")
    decisions.refuse(case["fire-safety-check"], case.officer("fire-safety-check"), "疏散通道太窄")
    case.release()
    time_machine.move_to(at("05-12"))
    decisions.decline(case[LICENCE], case.officer(LICENCE), {"reason": "依法不需要许可"})
    ended = case.application.tasks.exclude(status=TaskStatus.GRANTED)
    assert {task.item_code: task.documents.last().kind for task in ended} == {
        LICENCE: "non_acceptance",
        "drainage": "return",
        "outdoor-ad": "withdrawal",
        "fire-safety-check": "refusal",
        "hotel-special-trade": "termination",
    }
    assert all(task.reason or task.status == "withdrawn" for task in ended)
