"""A small client of the ClamAV daemon: bytes go over its INSTREAM command, what it found comes back."""

import re
import socket
import struct
from contextlib import closing

_CHUNK = 64 * 1024
# With the look into the file (15 s) it stays within a worker's task.
_SECONDS = 8
_ANSWER = 4096


class ScannerFailed(OSError):
    """The scanner gave no verdict: it is away, too slow, or takes no stream that long."""


def scan(content, address):
    """Return the name of what the scanner found in a binary file object, "" for nothing. Raises OSError.

    address: "host:port", or "unix:/path" of the daemon's socket.
    """
    with closing(_connected(address)) as daemon:
        daemon.sendall(b"zINSTREAM\0")
        for chunk in iter(lambda: content.read(_CHUNK), b""):
            daemon.sendall(struct.pack(">I", len(chunk)) + chunk)
        daemon.sendall(struct.pack(">I", 0))
        return _verdict(_answer(daemon))


def _connected(address):
    if address.startswith("unix:"):
        daemon = socket.socket(socket.AF_UNIX)
        daemon.settimeout(_SECONDS)
        try:
            daemon.connect(address.removeprefix("unix:"))
        except OSError:
            daemon.close()
            raise
        return daemon
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS)


def _answer(daemon):
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _ANSWER:
        part = daemon.recv(_ANSWER)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0\n").decode(errors="replace")


def _verdict(answer):
    if answer == "stream: OK":
        return ""
    # Only a plain name: the answer of another machine is shown to people.
    if found := re.fullmatch(r"stream: ([\w.:/+-]{1,80})(?:\([^)]*\))? FOUND", answer):
        return found[1]
    raise ScannerFailed(f"no verdict: {answer[:80]!r}")
