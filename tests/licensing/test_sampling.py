"""The sample form (范例表) of an item: plainly an example, and right by the form's own checks."""

import pytest
from django.urls import reverse

from guidance import releases
from guidance.requirements import meets
from licensing.fields import clean_value
from licensing.sampling import example_values
from licensing.views import sampling
from tests.pdf_text import text_of


def test_every_example_stands_the_checks_of_the_form(catalogue):
    for item in catalogue.items.values():
        for code, value in example_values(catalogue, item).items():
            element = catalogue.elements[code]
            assert clean_value(element, value, required=True) == value, (item.code, code)


def test_every_field_that_somebody_fills_in_has_its_example(catalogue):
    for item in catalogue.items.values():
        typed = {code for code in item.form_fields if not catalogue.elements[code].system_filled}
        assert typed <= set(example_values(catalogue, item))


def test_the_examples_meet_the_conditions_of_the_item(catalogue):
    for item in catalogue.items.values():
        values = example_values(catalogue, item)
        for condition in item.conditions:
            if condition.check and condition.check["field"] in values:
                assert meets(condition.check, values), (item.code, condition.text)


def test_the_sample_says_on_its_face_that_it_is_one(client, catalogue):
    answer = client.get(reverse("licensing:sample-form", args=["food-operation"]))
    assert answer["Content-Type"] == "application/pdf"
    said = text_of(answer.content)
    for words in ("食品经营许可申请表（样例）", "内容都是编的", "样例有限公司", "样例张三", "EX000001"):
        assert words in said
    assert "草 稿" not in said


def test_the_sample_is_drawn_once_for_all_who_ask(client, catalogue, monkeypatch):
    address = reverse("licensing:sample-form", args=["food-operation"])
    client.get(address)
    monkeypatch.setattr(sampling.printing, "sample_form", lambda *_: pytest.fail("drawn again"))
    assert client.get(address).status_code == 200


def test_no_item_no_sample(client, catalogue):
    assert releases.current()
    assert client.get(reverse("licensing:sample-form", args=["no-such-item"])).status_code == 404
