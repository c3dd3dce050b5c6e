import pytest
import zxingcpp

from exchange.barcodes import code128_svg, qr_svg
from tests.barcodes import drawn


@pytest.mark.parametrize("text", ["YZ20260302000001", "7KQ2M4XB"])
def test_a_scanner_reads_the_bars_and_the_square(text):
    assert [found.text for found in zxingcpp.read_barcodes(drawn(code128_svg(text)))] == [text]
    address = f"https://zz.example.gov.cn/{text}"
    assert [found.text for found in zxingcpp.read_barcodes(drawn(qr_svg(address)))] == [address]
