import pytest

from guidance.quantities import bare_number
from guidance.spoken_numbers import NotOneNumber, number_meant

AREA, PEOPLE, MASS, MONEY = "平方米", "人", "千克", "万元"

MEANT = [
    # digits, and how a phone writes them
    ("300", AREA, "300"),
    ("３００", AREA, "300"),
    (" 3 0 0 ", AREA, "300"),
    ("1,200.5", AREA, "1200.5"),
    ("３００．５㎡", AREA, "300.5"),
    ("300平", AREA, "300"),
    ("300平方", AREA, "300"),
    ("300 m²", AREA, "300"),
    # a word before or after
    ("约300", AREA, "300"),
    ("大约 300 平米左右", AREA, "300"),
    ("大概有三百平吧", AREA, "300"),
    ("一共12个人", PEOPLE, "12"),
    ("5位", PEOPLE, "5"),
    ("没有", PEOPLE, "0"),
    ("零", PEOPLE, "0"),
    # Chinese numerals
    ("三百", AREA, "300"),
    ("两百五十平", AREA, "250"),
    ("三百五", AREA, "350"),
    ("三百零五", AREA, "305"),
    ("三百五十六", AREA, "356"),
    ("一千二", AREA, "1200"),
    ("一千零二十", AREA, "1020"),
    ("一千零二", AREA, "1002"),
    ("一万五", AREA, "15000"),
    ("一万零五百", AREA, "10500"),
    ("十二万三千四百五十六", AREA, "123456"),
    ("三〇〇", AREA, "300"),
    ("一二〇", AREA, "120"),
    ("叁佰贰拾", AREA, "320"),
    ("八十点五", AREA, "80.5"),
    ("十", PEOPLE, "10"),
    ("十五个人", PEOPLE, "15"),
    ("二十", PEOPLE, "20"),
    ("俩", PEOPLE, "2"),
    ("三层楼", "层", "3"),
    ("十四间房", "间", "14"),
    # mixed
    ("1.5万", AREA, "15000"),
    ("1万5", AREA, "15000"),
    ("1万500", AREA, "10500"),
    ("3百", AREA, "300"),
    ("2千平", AREA, "2000"),
    ("五十万", MONEY, "50"),
    ("1.5亿", MONEY, "15000"),
    ("四吨半", MASS, "4500"),
    ("4.5吨", MASS, "4500"),
    ("4吨半", MASS, "4500"),
    ("九千斤", MASS, "4500"),
]

RANGES = (
    "300-400 300~400 300到400 300至400平 三百到四百 300多 三百多平 300余 300以上 300以下 不到300 超过300 近300 最多20"
)
RANGES += " 十几 几百 两三百 三五个 三四十 300或400 100、200 十来个"


@pytest.mark.parametrize(("typed", "unit", "number"), MEANT)
def test_one_number_is_understood_as_it_was_meant(typed, unit, number):
    assert number_meant(typed, unit) == number


@pytest.mark.parametrize("typed", RANGES.split())
def test_what_may_lie_on_either_side_of_a_line_is_asked_back(typed):
    with pytest.raises(NotOneNumber, match=f"“{typed}”不是一个确切的数，请只填一个数"):
        number_meant(typed, AREA)


@pytest.mark.parametrize("typed", ["不知道", "还不清楚", "没量过", "暂时不确定"])
def test_who_does_not_know_is_told_where_to_look(typed):
    with pytest.raises(NotOneNumber, match="按租赁合同、产权证或实际打算估一个数再填"):
        number_meant(typed, AREA)


NONSENSE = "很大 1e5 NaN ٣٠ 10x20 0x1F 三百三百 百 万万 三万万 三点 点五 十十 三百半 五亩 --5 300元 一万二万"


@pytest.mark.parametrize("typed", [*NONSENSE.split(), "十百", "零零百", "三千万亿", "9" * 31 + "甲", "", "\0"])
def test_what_is_no_number_is_told_so(typed):
    with pytest.raises(NotOneNumber, match=r"“.*”不是数字，请只填数字，例如 20，单位是平方米"):
        number_meant(typed, AREA)


def test_every_number_is_understood_as_it_is_read_out():
    for number in [*range(1, 2000), 9999, 10_000, 10_001, 10_010, 99_999, 150_000, 1_234_567]:
        assert number_meant(_read_out(number), AREA) == str(number)


def _read_out(number):
    """The standard reading, written independently: 10010 is 一万零一十."""
    if number >= 10_000:
        rest = number % 10_000
        return (
            _read_out(number // 10_000) + "万" + ("零" if 0 < rest < 1000 else "") + (_read_out(rest) if rest else "")
        )
    text, gap = "", False
    for size, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            text += ("零" if gap and text else "") + "〇一二三四五六七八九"[digit] + sign
        gap = not digit
    return text


@pytest.mark.parametrize("typed", ["三百", "约300", "五十万", "1万5", "四吨半", "没有", "300多", "300-400"])
def test_a_forms_own_field_takes_only_what_is_exact(typed):
    assert bare_number(typed, AREA) is None
