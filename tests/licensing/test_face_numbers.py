import re

import pytest

from licensing.face_numbers import check_digit, warning

FOOD = "food-operation"
WORKED = "JY24417020000015"


def test_the_worked_example_gives_no_warning():
    assert check_digit("2441702000001") == "5"
    assert warning(FOOD, WORKED) == warning(FOOD, "jy２４４１７０２００００ 015") == ""


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("JY2441702000001", "“JY”加 14 位数字"),
        ("JY1", "“JY”加 14 位数字"),
        ("SC24417020000015", "“JY”加 14 位数字"),
        ("JY44417020000015", "第一位是经营形式.*“4”不是其中一个"),
        ("JY24417020000016", "最后一位对不上校验码"),
    ],
)
def test_a_number_made_up_otherwise_is_warned_of(number, said):
    assert re.search(said, warning(FOOD, number))


def test_every_wrong_digit_is_warned_of():
    for place in range(2, len(WORKED)):
        for digit in set("0123456789") - {WORKED[place]}:
            assert warning(FOOD, WORKED[:place] + digit + WORKED[place + 1 :])


def test_where_no_rule_is_known_no_number_is_warned_of():
    assert warning("hotel-special-trade", "阳公特旅字第0128号") == ""
    assert warning(FOOD, "") == warning(FOOD, None) == ""
