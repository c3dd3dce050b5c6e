"""补正, 容缺受理 and 告知承诺 to their ends, in a real Chromium: the applicant on a phone, the officers at a desk."""

import time
from dataclasses import replace

import pytest

from portal.demo import PASSWORD
from tests.journeys import applicant, officers
from tests.journeys.stories import PHARMACY, RESTAURANT
from tests.journeys.walkers import DESK, in_browser

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(600)]
CORRECTED = replace(PHARMACY, username="haiyan@example.com")
LATER = replace(RESTAURANT, where=RESTAURANT.where | {"name": "河堤路店"})
RULES, PRETREATMENT = "保证食品安全的规章制度", "预处理设施情况说明"


def test_a_correction_goes_to_the_applicant_and_back_to_the_same_officer(stack, browser, paper):
    person, officer = _sign_in(stack, browser, CORRECTED.username), _sign_in(stack, browser, "samr", DESK)
    _begin(person, CORRECTED)
    applicant.choose_the_ordinary_way(person)
    applicant.hand_in_papers(person, paper)
    application = applicant.sign(person)
    task = _tasks(stack, application, CORRECTED)["drug-retail"]
    signed = _ask_for_three_points(officer, task)
    person.visit(_address_in_the_letter(stack, task))
    _answer_wrongly_then_rightly(person, paper)
    _reads_what_has_changed(officer, task, signed)
    _is_not_asked_for_something_new(officer, task)
    _desk_of(officer, task)
    officer.fill("受理")
    assert "已受理，承诺" in officer.text
    person.visit(f"/applications/{application}/documents/")
    assert {"补正告知书：药品零售企业经营许可", "受理通知书：药品零售企业经营许可"} <= set(_titles(person))
    person.look()
    _all_invariants_hold(stack)


def _ask_for_three_points(officer, task):
    """One notice about a field, a paper and something else; return the field's value as it was signed."""
    _desk_of(officer, task, "ask_correction")
    officer.unfold("还有别的要补正")
    officer.fill("一次性告知补正", applicant.taking({
        "element-drug_quality_manager_name": ["on"],
        "element-drug_quality_manager_name-text": "请填写质量负责人的姓名。",
        "material-mat-floor-plan": ["on"],
        "material-mat-floor-plan-text": "平面图没有标明专柜的位置。",
        "free1-text": "请说明营业时间里谁在岗。",
    }))  # fmt: skip
    assert "已一次性告知申请人。" in officer.text
    assert "等申请人补正" in officer.text
    return applicant.TEXTS["text"]


def _address_in_the_letter(stack, task):
    """The page that the letter leads to; the letter itself names nobody and nothing."""
    subject = "【一照通行】有内容需要补正"
    about_it = lambda: next((one for one in stack.letters if one["Subject"] == subject), None)  # noqa: E731
    letter = stack.until(about_it, what="the letter")
    text = letter.get_content()
    assert letter["To"] == CORRECTED.username
    assert "药品" not in text
    address = f"/tasks/{task}/correction/"
    assert stack.address + address in text
    return address


def _answer_wrongly_then_rightly(person, paper):
    person.fill("提交补正", applicant.taking({"files-2": paper, "answer-2": "已标明专柜。"}))
    assert "还有 2 处要改" in person.text
    for field in ("value-1", "answer-3"):
        assert person.page.locator(f'[name="{field}"]').get_attribute("aria-invalid") == "true"
    # What was right is still there: the file at its point, and what was typed.
    assert "已经收下，提交补正时一起交" in person.text
    assert person.page.locator('[name="answer-2"]').input_value() == "已标明专柜。"
    person.look("with errors")
    person.fill("提交补正", applicant.taking({"value-1": "冯质量", "answer-3": "店长全天在岗。"}))
    assert "补正已经提交，材料回到" in person.text


def _reads_what_has_changed(officer, task, signed):
    """The new value beside the signed one, the new file, the words: with the officer who asked."""
    _desk_of(officer, task)
    text = officer.text
    assert "承办人：市监审批员" in text
    assert "冯质量 补正后" in " ".join(text.split())
    assert f"签署时：{signed}" in text
    assert "店长全天在岗。" in text
    assert officer.page.locator(".preview", has_text="后来提交").count() >= 1
    officer.look("corrected")


def _is_not_asked_for_something_new(officer, task):
    _desk_of(officer, task, "ask_correction")
    assert officer.page.locator('[name="element-legal_rep_phone"]').count() == 0
    officer.unfold("还有别的要补正")
    officer.fill("一次性告知补正", applicant.taking({
        "free1-about": applicant.CATALOGUE.elements["legal_rep_phone"].label,
        "free1-text": "请换一个号码。",
    }))  # fmt: skip
    assert "请指明由申请人补正的哪一点引起。" in officer.text


def test_a_paper_left_for_later_comes_or_ends_what_waits_for_it(stack, browser, paper):
    person, officer = _sign_in(stack, browser, LATER.username), _sign_in(stack, browser, "samr", DESK)
    water = _sign_in(stack, browser, "water", DESK)
    _begin(person, LATER)
    for name in (RULES, PRETREATMENT):
        applicant.leave_for_later(person, name)
    applicant.hand_in_papers(person, paper)
    application = applicant.sign(person)
    tasks = _tasks(stack, application, LATER)
    _accept_without_the_paper(officer, tasks["food-operation"], RULES)
    _accept_without_the_paper(water, tasks["drainage"], PRETREATMENT)
    _let_the_term_pass(stack, tasks["drainage"], "routing_deferral", "due_on")
    _supply(person, application, RULES, paper)
    _grant(officer, tasks["food-operation"], "food-operation")
    _has_its_licence(stack, person, application, "食品经营许可证")
    stack.until(lambda: _status(stack, tasks["drainage"]) == "terminated", what="the end by the sweeper")
    _is_told_of_the_end(person, application)
    _all_invariants_hold(stack)


def _accept_without_the_paper(officer, task, name):
    _desk_of(officer, task)
    officer.fill("受理")
    assert "已容缺受理，承诺" in officer.text
    assert f"准予许可：容缺的材料还没有补齐：“{name}”。" in officer.text
    assert officer.page.get_by_role("link", name="准予许可").count() == 0
    assert officer.links("/documents/")
    assert "容缺受理通知书" in officer.text
    officer.look("waits for a paper")


def _supply(person, application, name, paper):
    person.visit(f"/applications/{application}/")
    assert f"还要补交“{name}”" in person.text
    person.visit(next(link for link in person.links("/supply/") if "mat-food-rules" in link))
    person.fill("补交", applicant.taking({"files": paper}))
    assert f"“{name}”已经补交" in person.text


def _is_told_of_the_end(person, application):
    person.visit(f"/applications/{application}/")
    assert f"容缺受理的材料没有在期限内补齐：{PRETREATMENT}。" in person.text
    assert any(title.startswith("终止办理通知书：污水排入排水管网许可") for title in _titles(person))
    assert not person.links("/supply/")
    person.visit(f"/applications/{application}/papers/mat-pretreatment-note/supply/")
    assert "现在不能补交" in person.text
    assert not person.has_button("补交")


def test_a_false_promise_costs_the_licence_and_the_next_promise(stack, browser, paper, tmp_path):
    person = _sign_in(stack, browser, PHARMACY.username)
    officer, head = (_sign_in(stack, browser, username, DESK) for username in ("samr", "samr-head"))
    _begin(person, PHARMACY)
    applicant.promise(person, "drug-retail")
    assert "不承诺，改按一般程序" in person.text
    applicant.hand_in_papers(person, paper)
    application = applicant.sign(person)
    task = _tasks(stack, application, PHARMACY)["drug-retail"]
    _desk_of(officer, task)
    officer.fill("受理")
    _grant(officer, task, "drug-retail")
    _has_its_licence(stack, person, application, "药品经营许可证（零售）")
    passer_by = in_browser(stack, browser, java_script_enabled=False)
    address = applicant.scan(person, stack, application, tmp_path)
    passer_by.visit(address)
    assert "撤销" not in passer_by.text
    _find_false(stack, officer, task)
    passer_by.visit(address)
    assert "药品经营许可证（零售）\n有效" in passer_by.text
    _annul(officer, head, task)
    # Both web processes keep the page, and neither may for longer.
    last = time.monotonic() + 5
    passer_by.visit(address)
    while "药品经营许可证（零售）\n撤销" not in passer_by.text:
        assert time.monotonic() < last, passer_by.text
        passer_by.visit(address)
    passer_by.visit(f"{address}?lang=en")
    assert "药品经营许可证（零售）\nAnnulled" in passer_by.text
    person.visit(f"/applications/{application}/")
    assert "因承诺不实，已经撤销。" in person.text
    _promises_no_more(person)
    _all_invariants_hold(stack)


def _find_false(stack, officer, task):
    officer.visit(f"/admin/routing/aftercheck/{task}/")
    officer.unfold("不属实，限期整改")
    officer.fill("不属实，限期整改", applicant.taking({"finding": "现场没有计算机管理系统。"}))
    assert "已发出限期整改通知书。" in officer.text
    officer.unfold("逾期没有整改")
    assert not officer.has_button("逾期没有整改")
    _let_the_term_pass(stack, task, "routing_aftercheck", "rectify_by")
    officer.visit(f"/admin/routing/aftercheck/{task}/")
    officer.unfold("逾期没有整改")
    officer.fill("逾期没有整改", applicant.taking({"finding": "期满复查，仍然没有。"}))


def _annul(officer, head, task):
    """Proposed by one, taken by the other; who proposed has no button for it."""
    facts = {"reason": "承诺有计算机管理系统，逾期仍没有。", "heard": "当事人没有意见。"}
    officer.fill("提出撤销", applicant.taking(facts))
    assert "已提出撤销，等待决定" in officer.text
    assert not officer.has_button("同意，决定撤销")
    head.visit(f"/admin/routing/aftercheck/{task}/")
    head.fill("同意，决定撤销")
    assert "已决定撤销。" in head.text


def _promises_no_more(person):
    again = replace(PHARMACY, where=PHARMACY.where | {"name": "创业路店", "address": "江城区创业路3号首层"})
    applicant.ask(person, again.theme, again.answers)
    applicant.settle(person, again.who, again.where)
    applicant.fill_the_form(person)
    assert "现在不能用告知承诺" in person.text
    assert person.page.locator('[value="promise"]').count() == 0
    person.look("barred")
    applicant.choose_the_ordinary_way(person)
    assert "现在不能把材料留到以后补交" in person.text


def _sign_in(stack, browser, username, *width):
    walker = in_browser(stack, browser, *width)
    applicant.sign_in(walker, username, PASSWORD)
    return walker


def _begin(person, story):
    """From the first question to the page behind the form."""
    applicant.ask(person, story.theme, story.answers)
    applicant.settle(person, story.who, story.where)
    applicant.fill_the_form(person)


def _tasks(stack, application, story):
    """{item code: public_id of its task}, once the application is split."""
    rows = """SELECT item_code, task.public_id::text FROM routing_approvaltask task
        JOIN licensing_application filed ON filed.id = application_id WHERE filed.public_id = %s"""
    tasks = dict(stack.until(lambda: stack.query(rows, application), what="the split"))
    assert tasks.keys() == story.items
    return tasks


def _let_the_term_pass(stack, task, table, column):
    """Put the term's last day on yesterday, behind the back of the triggers that keep every term as it was set."""
    assert stack.query(
        f"""SET session_replication_role = replica;
        UPDATE {table} SET {column} = (now() AT TIME ZONE 'Asia/Shanghai')::date - 1
        WHERE task_id = (SELECT id FROM routing_approvaltask WHERE public_id = %s) RETURNING id""",
        task,
    )


def _status(stack, task):
    return stack.query("SELECT status FROM routing_approvaltask WHERE public_id = %s", task)[0][0]


def _desk_of(officer, task, move=""):
    officer.visit(f"/admin/routing/approvaltask/{task}/?move={move}")


def _grant(officer, task, item):
    _desk_of(officer, task, "grant")
    officer.fill("准予许可", officers.face(officers.number_of(task, item), {}))
    assert "已决定：准予许可。" in officer.text


def _has_its_licence(stack, person, application, name):
    def on_the_page():
        person.visit(f"/applications/{application}/")
        return f"已发证：{name}" in person.text

    stack.until(on_the_page, what=f"{name} on the applicant's page")


def _titles(person):
    links = person.page.locator("main a[href*='/documents/']")
    return [text.strip() for text in links.all_text_contents()]


def _all_invariants_hold(stack):
    """What an operator runs, with no time left to a worker once its messages are handled."""
    waiting = "SELECT id FROM exchange_delivery WHERE done_at IS NULL"
    stack.until(lambda: not stack.query(waiting), what="the end of the deliveries")
    stack.manage("check_invariants", "--settle", "0", "--verbosity", "0")
