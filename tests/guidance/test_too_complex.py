"""Where the smallest change cannot be worked out, everybody is told so, at once, and nothing fails."""

import json

import pytest
from django.urls import reverse

from guidance import releases
from guidance.engine import replay
from guidance.explaining import changes
from guidance.explaining.whys import Explainer
from guidance.linting import lint
from guidance.models import GuidanceSession
from guidance.proving import prove
from guidance.report import explanation
from guidance.schema import Catalogue
from tests.guidance import broken
from tests.guidance.answering import replay_to_the_end
from tests.guidance.test_explaining import RESTAURANT
from tests.guidance.test_linting_sizes import ask, needs

COMPLEX = "这里的条件交叉得太多"


def flagged(documents, pairs):
    """Needed by those with a flag; of the others by those whose pick matches a pair of what they do."""
    ask(documents, "flag")
    picks = [{"value": f"k{place}", "label": f"第{place}种"} for place in range(pairs)]
    ask(documents, "pick", type="single", options=picks)
    ask(documents, "many", type="multi", options=_options(pairs))
    matches = [{"all": [{"eq": ["pick", f"k{place}"]}, *_both(place, place + pairs)]} for place in range(pairs)]
    rules = documents["questions"]["rules"]
    item = rules[0]["item"]
    needs(documents, {"any": [{"eq": ["flag", True]}, *matches]})
    documents["questions"]["rules"] = [rule for rule in rules if rule["item"] != item] + rules[-1:]
    return item


def one_of_each(documents, pairs):
    """Needed by those who do one of each of so many pairs: a small diagram with 2^pairs ways to it."""
    ask(documents, "many", type="multi", options=_options(pairs))
    needs(documents, {"all": [{"any": _both(2 * place, 2 * place + 1)} for place in range(pairs)]})
    return documents["questions"]["rules"][-1]["item"]


def _options(pairs):
    return [{"value": f"o{place}", "label": f"第{place}样"} for place in range(2 * pairs)]


def _both(one, other):
    return [{"contains": ["many", f"o{one}"]}, {"contains": ["many", f"o{other}"]}]


def published(make, pairs):
    """The catalogue that lint and proof let pass, and the item that is hard to explain."""
    documents = broken.pickle.loads(broken._real_catalogue())
    item = make(documents, pairs)
    catalogue = Catalogue.from_data(documents)
    assert lint(documents) == []
    assert prove(catalogue).is_sound
    return catalogue, item


def test_what_would_drop_an_item_is_given_up_where_joined_conditions_are_too_large():
    catalogue, item = published(flagged, 17)
    [drop] = Explainer(catalogue, replay(catalogue, {"flag": True, "many": ["o0"]})).drops(item)
    assert drop.text.startswith(COMPLEX)
    assert drop.answers is None


def test_what_would_need_an_item_is_given_up_where_there_are_a_million_ways():
    catalogue, item = published(one_of_each, 20)
    need = Explainer(catalogue, replay(catalogue, {})).why_not(item)[-1]
    assert need.text.startswith(COMPLEX)
    assert need.answers is None


@pytest.fixture
def too_complex(monkeypatch):
    monkeypatch.setattr(changes, "MOST_WORK", 1)


def test_the_report_says_null_and_why(catalogue, too_complex):
    said = explanation(catalogue, replay_to_the_end(catalogue, RESTAURANT))
    drop = said["drop_by"]["food-operation"]
    assert (drop["answers"], drop["items_lost"]) == (None, [])
    assert drop["text"].startswith(COMPLEX)
    assert said["why_not"]["tobacco-retail"][0]["answers"] is None


@pytest.mark.usefixtures("_loaded_once", "too_complex")
def test_the_pages_and_the_api_say_so(client, db):
    release = releases.current()
    answers = replay_to_the_end(releases.load(release.pk), RESTAURANT).answers
    session = GuidanceSession.objects.create(release=release, answers=answers)
    for name, *parts in (("result",), ("why-not",), ("explain", "food-operation"), ("explain", "tobacco-retail")):
        page = client.get(reverse(f"guidance:{name}", args=[session.public_id, *parts])).content.decode()
        assert COMPLEX in page
        assert "其他要办的事项不变" not in page
    asked = json.dumps({"answers": answers, "explain": True})
    said = client.post("/api/v1/guidance/replay/", asked, content_type="application/json").json()
    assert said["drop_by"]["food-operation"]["answers"] is None
