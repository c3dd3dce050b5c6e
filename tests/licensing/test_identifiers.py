from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import assume, given
from hypothesis import strategies as st

from guidance.codes import normalise
from licensing import identifiers
from licensing.identifiers import check_resident_id, check_uscc, organisation_check_character

# Every worked example of the standards, one of each kind.
USCCS = [
    "914417020000EX015T",
    "924417040000EX0K0P",
    "934417810000EX0745",
    "114417000000EX0G8Y",
    "N24417810000EX0N5D",
    "9144170200000014X0",
]
RESIDENT_IDS = ["441702199001010003", "44170419880208000X"]


@pytest.mark.parametrize("code", USCCS)
def test_published_examples_are_valid(code):
    assert check_uscc(code) == code


@pytest.mark.parametrize("code", RESIDENT_IDS)
def test_resident_examples_are_valid(code):
    assert check_resident_id(code) == code


def test_remainder_nought_gives_the_check_character_nought():
    assert identifiers.uscc_check_character("9144170200000014X") == "0"


@pytest.mark.parametrize(
    "typed",
    [
        " 914417020000ex015t ",
        "91441702-0000EX01-5T",
        "９１４４１７０２００００ＥＸ０１５Ｔ",
        "９１４４１７０２００００ｅｘ０１５ｔ",
        "9144 1702 0000 EX01 5T",
        "91441702\u30000000\u200bEX015T\ufeff",
        "91441702—0000EX01－5T",
    ],
)
def test_input_is_folded_before_it_is_checked(typed):
    assert check_uscc(typed) == "914417020000EX015T"


def test_an_o_is_not_corrected_but_named_with_its_place():
    assert normalise("9144170200o0ex015t") == "9144170200O0EX015T"
    with pytest.raises(ValueError, match=r"第 11 位的“O”不能用.*不用 I、O、S、V、Z"):
        check_uscc("9144170200O0EX015T")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("", "请填写统一社会信用代码"),
        ("91441702", "18 位，您填了 8 位"),
        ("440000000000012", "旧的 15 位注册号"),
        ("914417020000EX0150", "对不上自身的校验码"),
        ("0" * 18, "不会以“00”开头"),
        ("944417020000EX015T", "不会以“94”开头"),
        ("914417020000EX01#T", "第 17 位的“#”不能用"),
        ("914417020000EX01\0T", "第 17 位的“\N{REPLACEMENT CHARACTER}”不能用"),
        ("91A417020000EX015T", "第 3 至 8 位都是数字"),
        ("91441702０00０EX０15٣", "第 18 位的“٣”不能用"),
    ],
)
def test_a_refused_uscc_says_what_is_wrong(code, message):
    with pytest.raises(ValueError, match=message):
        check_uscc(code)


def test_the_inner_organisation_code_is_checked_too():
    body = "914417020000EX014"
    code = body + identifiers.uscc_check_character(body)
    with pytest.raises(ValueError, match="第 9 至 17 位"):
        check_uscc(code)


@pytest.mark.parametrize("code", USCCS[:3])
def test_enterprises_individuals_and_cooperatives_file_here(code):
    assert check_uscc(code, applicant=True) == code


@pytest.mark.parametrize("code", USCCS[3:5])
def test_public_bodies_and_village_collectives_do_not_file_here(code):
    with pytest.raises(ValueError, match="91、92 或 93"):
        check_uscc(code, applicant=True)


@pytest.mark.parametrize("division", ["441723", "440726", "441701", "990000"])
def test_abolished_and_unknown_divisions_are_no_reason_to_refuse(division):
    body = f"91{division}0000EX015"
    assert check_uscc(body + identifiers.uscc_check_character(body))
    body = f"{division}19790305001"
    assert check_resident_id(body + identifiers.resident_check_character(body))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("", "请填写身份证号码"),
        ("441702900101000", "15 位身份证号码已经停用"),
        ("4417021990010100", "18 位，您填了 16 位"),
        ("441702199001010002", "对不上自身的校验码"),
        ("441702199002300003", "“19900230”不是一个存在的日期"),
        ("441702000001010003", "“00000101”不是一个存在的日期"),
        ("44170219900101000A", "对不上自身的校验码"),
        ("4417021990O1010003", "第 11 位的“O”不能用：身份证号码的前 17 位都是数字"),
    ],
)
def test_a_refused_resident_id_says_what_is_wrong(code, message):
    with pytest.raises(ValueError, match=message):
        check_resident_id(code)


@time_machine.travel(datetime(2026, 3, 1, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False)
def test_nobody_is_born_tomorrow():
    today, tomorrow = "44170220260301001", "44170220260302001"
    assert check_resident_id(today + identifiers.resident_check_character(today))
    with pytest.raises(ValueError, match="还没有到"):
        check_resident_id(tomorrow + identifiers.resident_check_character(tomorrow))


def test_a_small_x_is_stored_as_a_capital_one():
    assert check_resident_id("44170419880208000x") == "44170419880208000X"


def test_an_organisation_code_alone_cannot_tell_characters_eleven_apart():
    # Documented weakness of GB 11714; within a USCC the outer check character finds it.
    assert organisation_check_character("B000EX01") == organisation_check_character("0000EX01") == "5"
    with pytest.raises(ValueError, match="校验码"):
        check_uscc("91441702B000EX015T")


@st.composite
def edited(draw, codes, alphabet):
    """A valid code with one character changed, left out, or put in."""
    code = draw(st.sampled_from(codes))
    place = draw(st.integers(0, len(code) - 1))
    character = draw(st.sampled_from(alphabet))
    edit = draw(st.sampled_from(["change", "drop", "insert"]))
    assume(edit != "change" or character != code[place])
    inserted = character + code[place] if edit == "insert" else ""
    return code[:place] + (character if edit == "change" else inserted) + code[place + 1 :]


@given(edited(USCCS, identifiers.ORGANISATION_ALPHABET))
def test_no_single_edit_of_a_uscc_passes(code):
    with pytest.raises(ValueError):  # noqa: PT011 - which sentence depends on the edit
        check_uscc(code)


@given(edited(RESIDENT_IDS, "0123456789X"))
def test_no_single_edit_of_a_resident_id_passes(code):
    with pytest.raises(ValueError):  # noqa: PT011 - which sentence depends on the edit
        check_resident_id(code)


@given(st.sampled_from(USCCS + RESIDENT_IDS), st.integers(0, 16))
def test_no_swap_of_two_neighbours_passes(code, place):
    assume(code[place] != code[place + 1])
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    with pytest.raises(ValueError):  # noqa: PT011 - which sentence depends on the swap
        (check_uscc if code in USCCS else check_resident_id)(swapped)


@given(st.text(max_size=40))
def test_whatever_is_typed_either_passes_or_says_why(text):
    for check in (check_uscc, check_resident_id):
        try:
            stored = check(text)
        except ValueError as error:
            stored, reason = None, str(error)
        assert check(stored) == stored if stored else reason.endswith("。")
