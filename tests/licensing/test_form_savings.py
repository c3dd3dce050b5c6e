"""The figures of a theme: computed by the rules that every application follows, without writing a row."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from guidance.models import Division
from licensing.models import Application, Enterprise

pytestmark = pytest.mark.django_db


def figures(*options, theme="convenience-store"):
    written = StringIO()
    call_command("form_savings", "--theme", theme, "--json", *options, stdout=written)
    return json.loads(written.getvalue())


@pytest.mark.parametrize("theme", ["convenience-store", "restaurant"])
@pytest.mark.parametrize("who", [[], ["--founder"]], ids=["holder", "founder"])
def test_each_step_asks_for_less(catalogue, theme, who):
    saved = figures(*who, theme=theme)
    assert list(saved) == ["fields", "papers"]
    assert list(saved["fields"]) == ["separate", "merged", "asked"]
    assert list(saved["papers"]) == ["separate", "merged", "handed_in"]
    for counts in saved.values():
        assert sorted(counts.values(), reverse=True) == list(counts.values())


@pytest.mark.parametrize("who", [[], ["--founder"]], ids=["holder", "founder"])
def test_the_shop_stays_within_its_goal(catalogue, who):
    saved = figures(*who)
    assert (saved["fields"]["asked"] <= 60, saved["papers"]["handed_in"] <= 6) == (True, True), saved
    ordinary = figures("--ordinary", *who)
    assert saved["papers"]["separate"] == ordinary["papers"]["separate"]
    assert saved["papers"]["handed_in"] < ordinary["papers"]["handed_in"]


def test_nothing_is_written(catalogue):
    figures("--founder")
    assert not any(model.objects.exists() for model in (Application, Enterprise, Division))


def test_the_same_case_is_told_for_people_with_its_answers(catalogue):
    written = StringIO()
    call_command("form_savings", "--theme", "restaurant", stdout=written)
    assert "具体卖哪些吃的、喝的？ 热食" in written.getvalue()
    assert str(figures(theme="restaurant")["fields"]["asked"]) in written.getvalue().splitlines()[-2]


def test_other_answers_may_be_given(catalogue, tmp_path):
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({"goods_kinds": ["general"], "drug_level": None}), encoding="utf-8")
    with pytest.raises(CommandError, match="drug_level"):
        figures("--answers", str(file))
    file.write_text(json.dumps({"goods_kinds": ["general"]}), encoding="utf-8")
    assert figures("--answers", str(file))["papers"]["separate"] < figures()["papers"]["separate"]


def test_an_unknown_theme_is_one_sentence(catalogue):
    with pytest.raises(CommandError, match="没有“zoo”这个主题") as refused:
        figures(theme="zoo")
    assert refused.value.returncode == 1
