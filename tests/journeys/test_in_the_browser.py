"""The whole way in a real Chromium at phone width, from the first question to the code that anybody scans."""

import pytest

from portal.demo import PASSWORD
from tests.journeys import applicant, officers
from tests.journeys.stories import STORIES
from tests.journeys.walkers import in_browser

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(600)]


@pytest.mark.parametrize("name", STORIES)
def test_from_the_first_question_to_the_code(stack, browser, paper, tmp_path, name):
    story = STORIES[name]
    person = in_browser(stack, browser)
    applicant.sign_in(person, story.username, PASSWORD)
    application = applicant.apply(person, story, paper)
    stack.until(lambda: len(_tasks(stack, application)) == len(story.items), what="the split")
    assert {item for item, status in _tasks(stack, application) if status == "waiting"} == story.waiting
    desks = {}
    officers.decide_all(stack, application, lambda username: _desk(stack, browser, desks, username),
                        granting=story.face_of)  # fmt: skip
    person.visit(f"/applications/{application}/")
    stack.until(lambda: _is_over(person), what="the end on the applicant's own page")
    address = applicant.scan(person, stack, application, tmp_path)
    _shows_every_licence(stack, browser, address, application)


def _desk(stack, browser, desks, username):
    if username not in desks:
        desks[username] = in_browser(stack, browser)
        applicant.sign_in(desks[username], username, PASSWORD)
    return desks[username]


def _tasks(stack, application):
    return stack.query(
        """SELECT item_code, task.status FROM routing_approvaltask task
        JOIN licensing_application filed ON filed.id = application_id WHERE filed.public_id = %s""",
        application,
    )


def _is_over(person):
    person.page.reload()
    return "全部办完了" in person.text


def _shows_every_licence(stack, browser, address, application):
    passer_by = in_browser(stack, browser, java_script_enabled=False)
    passer_by.visit(address)
    shown = passer_by.text
    licences = stack.query(
        """SELECT licence.name, licence.number FROM certificates_licence licence
        JOIN licensing_application filed ON filed.enterprise_id = licence.holder_id WHERE filed.public_id = %s""",
        application,
    )
    assert len(licences) >= 3
    for name, number in licences:
        assert name in shown
        assert number in shown
    assert passer_by.page.context.cookies() == []
