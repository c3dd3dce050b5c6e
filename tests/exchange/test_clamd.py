"""The client of the virus scanner, against a daemon of ours that speaks the same protocol."""

import io

import pytest

from exchange import clamd
from tests.licensing.scanner import EICAR, Scanner


@pytest.fixture
def scanner():
    scanner = Scanner()
    yield scanner
    scanner.close()


def scan(content, address):
    return clamd.scan(io.BytesIO(content), address)


def test_what_is_clean_has_no_name_and_reaches_the_scanner_whole(scanner):
    content = b"%PDF-" + bytes(range(256)) * 1000
    assert scan(content, scanner.address) == ""
    assert scanner.seen == [content]


def test_a_virus_is_named(scanner):
    assert scan(EICAR, scanner.address) == "Eicar-Signature"
    assert scan(EICAR, f"tcp://{scanner.address}") == "Eicar-Signature"


def test_a_unix_socket_serves_as_well(tmp_path):
    scanner = Scanner(tmp_path / "clamd")
    assert scan(EICAR, scanner.address) == "Eicar-Signature"
    scanner.close()


@pytest.mark.parametrize(
    "answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: <script> FOUND\0", b"stream: OK, more\0"]
)
def test_whatever_else_is_said_is_no_verdict(answer):
    scanner = Scanner(answer=answer)
    with pytest.raises(clamd.ScannerFailed):
        scan(b"a", scanner.address)
    scanner.close()


def test_a_scanner_that_is_away_is_an_error_and_never_a_verdict(tmp_path):
    with pytest.raises(OSError, match="refused"):
        scan(b"a", "127.0.0.1:9")
    with pytest.raises(OSError, match="No such file"):
        scan(b"a", f"unix:{tmp_path / 'nobody'}")
