"""The whole way in a real Chromium at phone width, from the first question to the code that anybody scans."""

import pytest
import zxingcpp
from PIL import Image

from portal.demo import PASSWORD
from tests.chromium import assert_sound, chromium, context_of
from tests.journeys import applicant, officers
from tests.journeys.stories import STORIES
from tests.journeys.walkers import BrowserWalker

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(600)]
PHONE = 390


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.mark.parametrize("name", STORIES)
def test_from_the_first_question_to_the_code(stack, browser, paper, tmp_path, name):
    story = STORIES[name]
    person = _walker(stack, browser)
    applicant.sign_in(person, story.username, PASSWORD)
    application = applicant.apply(person, story, paper)
    stack.until(lambda: len(_tasks(stack, application)) == len(story.items), what="the split")
    assert {item for item, status in _tasks(stack, application) if status == "waiting"} == story.waiting
    desks = {}
    officers.decide_all(stack, application, lambda username: _desk(stack, browser, desks, username),
                        granting=story.face_of)  # fmt: skip
    person.visit(f"/applications/{application}/")
    stack.until(lambda: _is_over(person), what="the end on the applicant's own page")
    address = _scan(person, stack, application, tmp_path)
    _shows_every_licence(stack, browser, address, application)


def _walker(stack, browser, **options):
    page = context_of(browser, PHONE, **options).new_page()
    page.set_default_timeout(20_000)
    return SeenWalker(stack.address, page)


class SeenWalker(BrowserWalker):
    """It looks at each kind of page once, before it goes on."""

    def fill(self, *args, **options):
        shape = "/".join(part for part in self.path.split("/") if len(part) < 30)
        if shape not in SEEN:
            SEEN.add(shape)
            assert_sound(self.page, self.path)
        super().fill(*args, **options)


SEEN = set()


def _desk(stack, browser, desks, username):
    if username not in desks:
        desks[username] = _walker(stack, browser)
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


def _scan(person, stack, application, tmp_path):
    """Read the code off the enterprise's page as a camera would; return its address."""
    enterprise = stack.query(
        """SELECT enterprise.public_id FROM licensing_enterprise enterprise
        JOIN licensing_application filed ON filed.enterprise_id = enterprise.id WHERE filed.public_id = %s""",
        application,
    )[0][0]
    person.visit(f"/enterprises/{enterprise}/")
    picture = tmp_path / "code.png"
    person.page.locator("img[src*='qr']").first.screenshot(path=picture)
    return zxingcpp.read_barcodes(Image.open(picture))[0].text


def _shows_every_licence(stack, browser, address, application):
    passer_by = _walker(stack, browser, java_script_enabled=False)
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
