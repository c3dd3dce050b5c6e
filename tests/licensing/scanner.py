"""A daemon that speaks clamd's INSTREAM over TCP or a unix socket and knows one virus: the EICAR test file."""

import socket
import struct
import threading

# Written in two parts, or every scanner would take this file away.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner:
    """`address` to reach it; `seen` are the streams it was given. answer: said instead of a verdict."""

    def __init__(self, path=None, answer=None):
        self.socket = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
        self.socket.bind(str(path) if path else ("127.0.0.1", 0))
        self.address = f"unix:{path}" if path else f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.answer, self.seen = answer, []
        self.socket.listen()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def close(self):
        # Closing alone does not wake who waits for a client.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()

    def _serve(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            with client, client.makefile("rb") as lines:
                client.sendall(self._verdict(lines))

    def _verdict(self, lines):
        assert lines.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", lines.read(4))[0]:
            content += lines.read(size)
        self.seen.append(content)
        found = b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
        return found if self.answer is None else self.answer
