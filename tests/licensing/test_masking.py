"""Numbers that name a person are starred for all who need not see them; who sees one whole leaves a row."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from licensing.disclosures import seen_in_full, show_in_full
from licensing.masking import is_masked, masked
from licensing.models import Application, Disclosure
from licensing.wording import table_of, value_text
from tests.factories import ApplicationFactory, MembershipFactory, UserFactory
from tests.licensing.drafting import RESTAURANT, begun, fill_in
from tests.licensing.reading import Person
from tests.licensing.test_fields import ELEMENTS

ID = "441702199001010003"


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("id_number", ID, "441***********0003"),
        ("phone", "13812345678", "138****5678"),
        ("phone", "0662-3412345", "066*****2345"),
        ("phone", "12345", "*****"),
        ("text", "李四", "李四"),
        ("id_number", None, None),
    ],
)
def test_the_first_three_and_the_last_four_stay(kind, value, shown):
    assert masked(kind, value) == shown
    assert masked(kind, masked(kind, value)) == shown


def test_the_cells_of_a_table_are_masked_too():
    element = ELEMENTS["hr_staff"]
    rows = [{"name": "张三", "id_no": ID}]
    assert is_masked(element)
    for text in (value_text(element, rows, hide=True), str(table_of(element, rows, hide=True))):
        assert ID not in text
        assert "441***********0003" in text
        assert "张三" in text
    assert ID in value_text(element, rows)


@pytest.mark.django_db
class TestDisclosures:
    @pytest.fixture
    def application(self, catalogue):
        return ApplicationFactory(in_progress=True, values={"legal_rep_id": ID, "legal_rep_name": "李四"})

    def test_a_number_is_shown_for_a_reason_and_a_row_says_who_saw_it(self, application):
        officer = UserFactory()
        assert show_in_full(officer, application, "legal_rep_id", " 核对\n身份证原件 ") == ID
        (row,) = seen_in_full(application, ["legal_rep_id"])
        assert (row.viewer, row.element_code, row.reason) == (officer, "legal_rep_id", "核对 身份证原件")
        assert row.label == "法定代表人（负责人、经营者）身份证号"

    @pytest.mark.parametrize(
        ("code", "reason", "told"),
        [
            ("legal_rep_id", " \0", "请写明为什么要查看完整的号码"),
            ("legal_rep_id", None, "请写明为什么要查看完整的号码"),
            ("legal_rep_id", "由" * 201, "事由最多 200 个字"),
            ("legal_rep_name", "核对", "没有隐藏的号码"),
            ("no-such-code", "核对", "没有隐藏的号码"),
        ],
    )
    def test_without_a_reason_or_a_number_nothing_is_shown_and_no_row_is_kept(self, application, code, reason, told):
        with pytest.raises(ValidationError, match=told):
            show_in_full(UserFactory(), application, code, reason)
        assert not Disclosure.objects.exists()

    def test_what_was_not_filled_in_leaves_no_row(self, application):
        assert show_in_full(UserFactory(), application, "agent_id", "核对") == ""
        assert not Disclosure.objects.exists()


@pytest.mark.django_db
def test_who_typed_a_number_reads_it_on_the_review_and_another_member_reads_stars(city, catalogue, client):
    draft = fill_in(begun(catalogue, RESTAURANT, division=city))
    Application.objects.filter(pk=draft.pk).update(values=draft.values | {"legal_rep_id": ID})
    review = reverse("licensing:review", args=[draft.public_id])
    assert ID in Person(client, draft.filer).open(review).text
    colleague = MembershipFactory(enterprise=draft.enterprise).user
    text = Person(client, colleague).open(review).text
    assert ID not in text
    assert "441***********0003" in text
