"""Marks that nobody sees change no name: "甲\\u202e乙" reads otherwise than it compares."""

import pytest

from licensing.fields import field_for
from licensing.forms.applicant import WhoForm
from licensing.forms.confirmation import ConfirmationForm
from licensing.forms.enterprise import EnterpriseForm, PremisesForm
from portal.accounts import SignupForm
from routing.forms import FaceForm
from tests.factories import DivisionFactory, EnterpriseFactory

pytestmark = pytest.mark.django_db
MARKED, PLAIN = "海\u202e晏\u200b餐\ufeff饮", "海晏餐饮"


def cleaned(form, name):
    form.is_valid()
    return form.cleaned_data.get(name)


def test_names_keep_only_what_can_be_seen(catalogue):
    enterprise = EnterpriseFactory()
    premises = {"name": MARKED, "division": DivisionFactory().pk, "address": "漠江\u200b路88号"}
    registration = catalogue.items["business-registration"]
    assert cleaned(EnterpriseForm({"name": MARKED}), "name") == PLAIN
    assert cleaned(EnterpriseForm({"legal_representative": MARKED}), "legal_representative") == PLAIN
    assert cleaned(PremisesForm(enterprise, premises), "address") == "漠江路88号"
    assert cleaned(ConfirmationForm({"name": MARKED}, enterprise), "name") == PLAIN
    assert cleaned(WhoForm([], {"who": "found", "name": MARKED}), "name") == PLAIN
    assert cleaned(FaceForm(registration, {"name": MARKED}), "name") == PLAIN
    assert cleaned(SignupForm({"name": MARKED}), "name") == PLAIN
    assert field_for(catalogue.elements["legal_rep_name"], required=True).clean(MARKED) == PLAIN


def test_a_name_of_nothing_but_such_marks_is_missing(catalogue):
    form = EnterpriseForm({"name": "\u200b\u200b"})
    assert form.errors["name"] == ["请填写营业执照上的名称"]


def test_the_same_number_in_full_width_digits_is_the_same_number(catalogue):
    form = FaceForm(catalogue.items["food-operation"], {"number": "ＪＹ１２３\u200b"})
    assert cleaned(form, "number") == "JY123"
