"""The real questionnaire is sound; whatever is broken in it is found, with answers that show it."""

import functools
import json

import pytest
from django.core.management import CommandError, call_command

from guidance.engine import replay
from guidance.proving import CHECKS, prove
from guidance.proving.hints import hints
from guidance.schema import Catalogue
from tests.guidance.broken import broken_documents, description, faults, write
from tests.guidance.conftest import FOLDER

FAULTS = faults("proof")


@functools.cache
def broken(name):
    """The broken Catalogue and its violations."""
    catalogue = Catalogue.from_data(broken_documents(name))
    return catalogue, prove(catalogue).violations


@pytest.fixture
def broken_folder(tmp_path):
    write("idle_notice", tmp_path)
    return tmp_path


def test_the_projects_questionnaire_is_sound(catalogue):
    proof = prove(catalogue)
    assert proof.violations == ()
    assert proof.checks.keys() == CHECKS.keys()
    # Nothing was skipped: every entry has its statement.
    assert proof.checks["问题都问得到"] == len(catalogue.questions)
    assert proof.checks["规则都有可能成立"] == len(catalogue.rules)
    assert proof.checks["事项都有人需要"] == len(catalogue.items)


@pytest.mark.parametrize("name", FAULTS)
def test_a_broken_catalogue_is_found_out_where_it_is_broken(name):
    fault = description(name)
    [found] = [one for one in broken(name)[1] if str(one).startswith(f"{fault['place']}：")]
    assert all(word in found.message for word in fault["words"])
    assert found.mend


@pytest.mark.parametrize("name", FAULTS)
def test_each_finding_has_a_path_that_replays_in_the_order_of_asking(name):
    catalogue, violations = broken(name)
    for violation in violations:
        situation = replay(catalogue, violation.path)
        assert situation.dropped == ()
        assert [code for code in situation.path if code in violation.path] == list(violation.path)


def situation_of(name):
    catalogue, violations = broken(name)
    return replay(catalogue, violations[0].path)


def test_the_path_to_a_dead_end_ends_where_the_question_is_asked():
    situation = situation_of("dead_end")
    assert situation.facts.asked("floors")
    assert "floors" not in situation.answers


def test_what_hangs_on_a_question_without_answers_is_not_blamed_as_well():
    assert len(broken("dead_end")[1]) == 1


def test_the_path_to_an_item_needed_only_where_it_is_blocked_shows_both():
    situation = situation_of("needed_only_where_blocked")
    assert situation.next is None
    assert "fireworks-retail" in situation.items
    assert "fireworks-retail" in situation.blocked_items


def test_the_path_to_what_never_holds_meets_all_but_the_part_that_is_named():
    situation = situation_of("idle_notice")
    assert situation.answers["premises_type"] == "online_only"
    assert "area（经营面积大约是多少？）答1000" in broken("idle_notice")[1][0].message


def test_a_themes_broken_promise_is_shown_by_who_escapes_it(documents):
    theme = next(one for one in documents["themes"]["themes"] if one["code"] == "homestay")
    theme["core"].append("fire-safety-check")
    catalogue = Catalogue.from_data(documents)
    [violation] = prove(catalogue).violations
    assert violation.entry == "themes[homestay]"
    situation = replay(catalogue, violation.path)
    assert situation.next is None
    assert theme["seed_answers"].items() <= situation.answers.items()
    assert "fire-safety-check" not in situation.items


def test_seeds_that_nobody_is_asked_for_are_named(documents):
    theme = next(one for one in documents["themes"]["themes"] if one["code"] == "homestay")
    theme["seed_answers"]["premises_type"] = "online_only"
    violations = prove(Catalogue.from_data(documents)).violations
    assert [one.entry for one in violations] == ["themes[homestay]"]
    assert "“store_form”问不到" in violations[0].message


def test_what_makes_no_difference_is_a_hint_and_no_violation(documents):
    rules = documents["questions"]["rules"]
    rules.append({**rules[0], "when": {"all": [rules[0]["when"], {"gte": ["staff_count", 5]}]}})
    catalogue = Catalogue.from_data(documents)
    assert prove(catalogue).is_sound
    told = [str(hint) for hint in hints(catalogue)]
    assert any("rules[business-registration-2]" in one for one in told)
    assert any("questions[culture_kinds] › options：“棋牌室、台球”选不选都一样" in one for one in told)


def test_the_command_tells_progress_and_figures(capsys):
    call_command("prove_catalogue", FOLDER)
    out, err = capsys.readouterr()
    assert err.count("\n") == len(CHECKS)
    assert "问答没有毛病。证明的指纹：" in out


def test_the_command_proves_what_a_citys_overlay_makes_of_it(capsys):
    call_command("prove_catalogue", overlay="yangjiang")
    assert "问答没有毛病" in capsys.readouterr().out


def test_the_command_fails_on_an_unsound_catalogue_with_answers_to_try(broken_folder, capsys):
    with pytest.raises(CommandError, match="1处毛病") as caught:
        call_command("prove_catalogue", broken_folder, "--json")
    assert caught.value.returncode == 1
    [violation] = json.loads(capsys.readouterr().out)["violations"]
    assert violation["entry"] == "notices[warehouse]"
    assert violation["path"]["premises_type"] == "online_only"


def test_what_cannot_be_read_is_not_called_unsound(tmp_path):
    with pytest.raises(CommandError, match="找不到这个文件") as caught:
        call_command("prove_catalogue", tmp_path)
    assert caught.value.returncode == 2
