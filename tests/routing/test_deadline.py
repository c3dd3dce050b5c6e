"""`manage.py deadline`: the date first, then the count; errors are one sentence and exit code 2."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command

from routing.models import CalendarDay, CalendarYear

ROOT = Path(__file__).resolve().parents[2]


def deadline(*options):
    output = StringIO()
    call_command("deadline", *options, stdout=output)
    return output.getvalue().splitlines()


@pytest.mark.django_db
def test_the_date_comes_first_and_then_each_day():
    lines = deadline("--start", "2026-05-06", "--days", "3", "--pause", "2026-05-07:2026-05-07")
    assert lines == [
        "2026-05-11",
        "从2026-05-06（星期三）起3个工作日，当天不算：",
        "2026-05-07  星期四  不计  停钟",
        "2026-05-08  星期五  第1天",
        "2026-05-09  星期六  第2天  调休上班",
        "2026-05-10  星期日  不计  星期日",
        "2026-05-11  星期一  第3天",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "date"),
    [
        (["--days", "20"], "2026-05-28"),
        (["--days", "20", "--unit", "natural_days"], "2026-05-18"),
        (["--days", "2", "--unit", "months"], "2026-06-28"),
        (["--days", "20", "--extension", "10"], "2026-06-11"),
        (["--days", "20", "--pause", "2026-05-11:2026-05-15"], "2026-06-04"),
        (["--days", "20", "--pause", "2026-05-11:2026-05-12", "2026-05-13:2026-05-15"], "2026-06-04"),
        (["--days", "20", "--pause", "2026-05-11:2026-05-12", "--pause", "2026-05-13:2026-05-15"], "2026-06-04"),
        (["--days", "0"], "2026-04-28"),
    ],
)
def test_units_pauses_and_an_extension_are_counted(options, date):
    assert deadline("--start", "2026-04-28", *options)[0] == date


@pytest.mark.django_db
def test_json_holds_the_same():
    asked = ["--start", "2026-04-28", "--days", "20", "--pause", "2026-05-11:2026-05-15"]
    answer = json.loads("\n".join(deadline(*asked, "--json")))
    assert (answer["due_on"], answer["provisional"], answer["unit"]) == ("2026-06-04", False, "working_days")
    assert answer["pauses"] == [{"first": "2026-05-11", "last": "2026-05-15"}]
    assert answer["count"][-1] == {"day": "2026-06-04", "weekday": "星期四", "number": 20, "why": ""}


@pytest.mark.django_db
def test_a_year_not_published_yet_is_said_to_be_provisional():
    lines = deadline("--start", "2026-12-31", "--days", "5")
    assert lines[0] == "2027-01-07"
    assert "暂定" in lines[1]
    assert json.loads("\n".join(deadline("--start", "2026-12-31", "--days", "5", "--json")))["provisional"]


@pytest.mark.django_db
def test_the_confirmed_years_of_the_database_go_before_those_that_came_with_the_portal():
    call_command("load_calendar", verbosity=0)
    day = CalendarDay(year=CalendarYear.objects.get(year=2026), day="2026-05-18", is_working=False, name="台风停工")
    day.save()
    assert deadline("--start", "2026-05-15", "--days", "1")[0] == "2026-05-19"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "请写 --start"),
        (["--start", "2026-04-28"], "请写 --days"),
        (["--start", "2026-02-30", "--days", "5"], "没有“2026-02-30”这一天"),
        (["--start", "28.4.2026", "--days", "5"], "没有“28.4.2026”这一天"),
        (["--start", "9999-12-31", "--days", "5"], "这一天"),
        (["--start", "2026-04-28", "--days", "-5"], "不是 0 至 3650 的整数"),
        (["--start", "2026-04-28", "--days", "1.5"], "不是 0 至 3650 的整数"),
        (["--start", "2026-04-28", "--days", "9" * 5000], "不是 0 至 3650 的整数"),
        (["--start", "2026-04-28", "--days", "5", "--unit", "weeks"], "不认识“weeks”"),
        (["--start", "2026-04-28", "--days", "5", "--extension", "x"], "--extension"),
        (["--start", "2026-04-28", "--days", "5", "--pause", "2026-05-15:2026-05-11"], "早于开始日期"),
        (["--start", "2026-04-28", "--days", "5", "--pause", "2026-05-15"], "要写成"),
        (["--start", "2026-04-28", "--days", "5", "--pause", "2026-05-15:x"], "没有“x”这一天"),
        (
            ["--start", "2026-04-28", "--days", "5", "--pause", "2026-05-11:2026-05-15", "2026-05-15:2026-05-16"],
            "重叠",
        ),
    ],
)
def test_wrong_input_is_one_sentence_and_exit_code_2(options, said):
    with pytest.raises(CommandError, match=said) as refused:
        deadline(*options)
    assert refused.value.returncode == 2
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("database", ["/postgres", "/no_such_database"])
def test_no_tables_and_no_database_are_needed(database):
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=database).geturl()
    done = subprocess.run(
        [sys.executable, "manage.py", "deadline", "--start", "2026-04-28", "--days", "20"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": address},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("2026-05-28\n")
