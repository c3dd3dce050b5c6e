"""A draft of the catalogue is tried on what people really answered and filed, before anybody is bound by it."""

import json
import pickle
import shutil
from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guidance.management.catalogues import FOLDER
from guidance.models import GuidanceSession
from guidance.schema import Catalogue
from licensing.comparing import Effect
from licensing.models import Status
from licensing.what_if import what_if
from tests.conftest import _documents
from tests.factories import ApplicationFactory, GuidanceSessionFactory, LicenceFactory
from tests.guidance.answering import replay_to_the_end
from tests.licensing.drafting import RESTAURANT

pytestmark = pytest.mark.django_db
ITEM = "food-operation"


@pytest.fixture
def documents(catalogue):
    """The published documents, to be changed at will."""
    return pickle.loads(pickle.dumps(_documents()))


@pytest.fixture
def answers(catalogue):
    return replay_to_the_end(catalogue, RESTAURANT).answers


@pytest.fixture
def session(answers):
    return GuidanceSessionFactory(answers=answers)


def filed(answers, **traits):
    return ApplicationFactory(answers=answers, chosen=[ITEM], **traits)


def entry(documents, document, kind, code):
    return next(one for one in documents[document][kind] if one["code"] == code)


def tried(documents, last=1000):
    return what_if(Catalogue.from_data(documents), last)


def only(cases):
    """The one Difference found, and its [count, labels]."""
    (found,) = cases.items()
    return found


def test_the_published_catalogue_tried_on_itself_changes_nothing(documents, session, answers):
    filed(answers, submitted=True)
    found = tried(documents)
    assert (found.sessions.replayed, found.applications.replayed) == (1, 1)
    assert not found.largest()
    assert found.open[Effect.UNAFFECTED] == {None: [1, [found.open[Effect.UNAFFECTED][None][1][0]]]}


def test_another_item_is_explained_by_its_rule(documents, session):
    documents["questions"]["rules"].append(
        {
            "item": "hotel-special-trade",
            "when": {"eq": ["store_form", "eatery"]},
            "because": "试点",
            "basis": "本市规定",
        }
    )
    difference, (count, _) = only(tried(documents).sessions.differences)
    assert (difference.items, count) == ((("hotel-special-trade",), ()), 1)
    assert any(
        line.startswith("多办“旅馆业特种行业许可证核发”") and "试点 本市规定" in line for line in difference.lines
    )


def test_a_paper_and_a_field_less_name_the_item_that_asked(documents, session):
    item = entry(documents, "items", "items", ITEM)
    item["materials"] = [one for one in item["materials"] if one["code"] != "mat-food-rules"]
    item["form_fields"].remove("food_cold_storage")
    difference, _ = only(tried(documents).sessions.differences)
    assert difference.papers[1] == ("mat-food-rules",)
    assert difference.fields[1] == ("food_cold_storage",)
    assert sum("“食品经营许可”要" in line for line in difference.lines) == 2


def test_another_time_is_that_of_the_longest_chain(documents, session):
    for item in documents["items"]["items"]:
        item["committed_days"] += 2
    difference, _ = only(tried(documents).sessions.differences)
    assert difference.days >= 2
    assert "→" in difference.lines[-1]


def test_an_item_off_the_longest_chain_that_takes_longer_counts_though_the_whole_does_not(documents, answers):
    filed(answers)
    entry(documents, "items", "items", ITEM)["committed_days"] -= 1
    found = tried(documents)
    difference, _ = only(found.applications.differences)
    assert (difference.days, difference.item_days) == (0, ((ITEM, -1),))
    assert difference.lines == ("“食品经营许可” 6→5 个工作日，全部办好的日子不变",)
    assert found.applications.other["days"] == 1
    assert list(found.open[Effect.BETTER]) == [difference]


def test_an_answer_no_longer_allowed_is_told_not_a_crash(documents, answers):
    draft, done = filed(answers), filed(answers, submitted=True)
    entry(documents, "questions", "questions", "area")["validation"]["max"] = 100
    found = tried(documents)
    difference, (count, labels) = only(found.open[Effect.NEED_ACTION])
    assert difference.lines[0].endswith("的回答不能用了：不能大于100")
    assert (count, labels) == (1, [draft.draft_code])
    assert found.open[Effect.UNAFFECTED][None] == [1, [done.number]]


def test_a_question_that_is_gone_is_told(documents, catalogue, answers):
    filed(answers | {"prepaid_card": False})
    questions = documents["questions"]
    questions["questions"].remove(entry(documents, "questions", "questions", "prepaid_card"))
    questions["notices"] = [one for one in questions["notices"] if "prepaid_card" not in str(one)]
    difference, _ = only(tried(documents).open[Effect.NEED_ACTION])
    assert difference.refused == ("prepaid_card",)


def test_a_submitted_application_owes_no_more_but_is_told_of_less(documents, answers):
    mine = filed(answers, submitted=True)
    item = entry(documents, "items", "items", ITEM)
    item["materials"] = []
    (better,) = tried(documents).open[Effect.BETTER].values()
    assert better == [1, [mine.number]]


def test_more_papers_are_more_work_for_a_draft_only(documents, answers):
    draft, done = filed(answers), filed(answers, in_progress=True)
    new = {"code": "mat-new", "name": "新材料", "source": "applicant", "deferrable": False}
    entry(documents, "items", "items", ITEM)["materials"].append(new)
    found = tried(documents)
    (need,) = found.open[Effect.NEED_ACTION].values()
    assert need == [1, [draft.draft_code]]
    assert found.open[Effect.UNAFFECTED][None] == [1, [done.number]]


def test_what_was_granted_on_it_is_still_asked_for_and_what_was_held_before_is_not(documents, answers):
    done = filed(answers, submitted=True)
    documents["items"]["items"] = [item | {"materials": []} for item in documents["items"]["items"]]
    held = {"holder": done.enterprise, "premises": done.premises, "item_code": ITEM}
    licence = LicenceFactory(issued_on=timezone.localdate(done.submitted_at), **held)
    difference, _ = only(tried(documents).applications.differences)
    licence.issued_on = "2024-01-01"
    licence.save()
    fewer, _ = only(tried(documents).applications.differences)
    assert len(fewer.papers[1]) < len(difference.papers[1])


def test_only_the_last_are_counted_and_all_open_ones_classed(documents, answers):
    for _ in range(3):
        GuidanceSessionFactory(answers=answers)
        filed(answers, submitted=True)
    filed(answers, submitted=True, status=Status.WITHDRAWN)
    found = tried(documents, last=2)
    assert (found.sessions.replayed, found.applications.replayed) == (2, 2)
    assert found.open[Effect.UNAFFECTED][None][0] == 3


def test_of_unfinished_answers_only_these_are_judged(documents, catalogue):
    GuidanceSessionFactory(answers={"has_licence": "have"})
    filed({"has_licence": "have"})
    for item in documents["items"]["items"]:
        item["committed_days"] += 1
    found = tried(documents)
    for cases in (found.sessions, found.applications):
        assert (cases.replayed, cases.unfinished, cases.differences) == (1, 1, {})


def test_the_queries_do_not_grow_with_the_cases(documents, answers):
    draft = Catalogue.from_data(documents)

    def queries():
        with CaptureQueriesContext(connection) as counted:
            what_if(draft, 1000)
        return len(counted)

    GuidanceSessionFactory(answers=answers)
    filed(answers, submitted=True)
    few = queries()
    for _ in range(4):
        GuidanceSessionFactory(answers=answers)
        mine = filed(answers, submitted=True)
        LicenceFactory(holder=mine.enterprise, premises=mine.premises, item_code="outdoor-sign")
    assert queries() == few


@pytest.fixture
def folder(tmp_path):
    copied = tmp_path / "draft"
    shutil.copytree(FOLDER, copied)
    return copied


def command(*options):
    out, err = StringIO(), StringIO()
    call_command("what_if", *map(str, options), stdout=out, stderr=err)
    return out.getvalue()


def test_the_command_tells_people_and_machines_and_names_nobody(folder, catalogue, answers):
    mine = filed(answers)
    path = folder / "items.yaml"
    items = yaml.safe_load(path.read_text())
    entry({"items": items}, "items", "items", ITEM)["form_fields"].remove("food_cold_storage")
    path.write_text(yaml.safe_dump(items, allow_unicode=True))
    told, report = command(folder), json.loads(command(folder, "--json", "--last", "5"))
    assert mine.draft_code in told
    assert report["open"]["better"]["cases"][0]["applications"] == [mine.draft_code]
    for secret in (mine.enterprise.name, mine.enterprise.uscc, mine.premises.address, mine.filer.name):
        assert secret not in told
        assert secret not in str(report)


def test_a_draft_with_faults_is_not_tried(folder, catalogue):
    (folder / "items.yaml").write_text("items: 3\n")
    with pytest.raises(CommandError, match="处错误，没有重放"):
        command(folder)
    with pytest.raises(CommandError, match="找不到"):
        command(folder / "nowhere")
    assert not GuidanceSession.objects.exists()


def test_one_file_of_changes_is_a_draft_too(folder, catalogue, session):
    changes = next((folder / "overlays").glob("*.yaml"))
    report = json.loads(command(changes, "--json"))
    assert report["sessions"]["replayed"] == 1
    assert "问答：重放 1 件" in command(changes.rename(changes.with_name("DRAFT.yaml")), "--last", 10**30)
    with pytest.raises(CommandError, match="四个文件之一，请写它所在的文件夹"):
        command(folder / "items.yaml")
    changes.write_text("items: 3\n")
    with pytest.raises(CommandError, match="处错误，没有重放"):
        command(changes)
