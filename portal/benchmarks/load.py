"""A small load generator: processes that keep connections busy. Cheap, so that the server is what gets measured."""

import multiprocessing
import random
import selectors
import socket
import time
from dataclasses import dataclass
from itertools import cycle

PROCESSES, CONNECTIONS = 2, 8
_REQUEST = "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n\r\n"


@dataclass
class Outcome:
    rate: float  # requests a second
    seconds: list  # of each request
    errors: int  # answers other than 200


def run(port, paths, seconds):
    """Ask for the paths in turn for that long over PROCESSES x CONNECTIONS connections; return an Outcome.

    It begins anywhere among them: rounds of a second would else ask for the first few again and again.
    """
    begin = random.randrange(len(paths))  # noqa: S311
    paths = paths[begin:] + paths[:begin]
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        shares = pool.starmap(_drive, [(port, paths[number::PROCESSES], seconds) for number in range(PROCESSES)])
    return Outcome(
        rate=sum(len(taken) / elapsed for taken, _, elapsed in shares),
        seconds=[one for taken, _, _ in shares for one in taken],
        errors=sum(errors for _, errors, _ in shares),
    )


def _drive(port, paths, seconds):
    requests = cycle([_REQUEST.format(path=path).encode() for path in paths])
    selector, taken, errors = selectors.DefaultSelector(), [], 0
    for _ in range(CONNECTIONS):
        _ask(selector, port, None, requests)
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        for key, _ in selector.select(1):
            call = key.data
            received = key.fileobj.recv(65536)
            call["answer"] += received
            if received and not _complete(call["answer"]):
                continue
            taken.append(time.perf_counter() - call["begun"])
            errors += not call["answer"].startswith(b"HTTP/1.1 200")
            selector.unregister(key.fileobj)
            _ask(selector, port, _kept(key.fileobj, call["answer"]), requests)
    elapsed = time.perf_counter() - begun
    for key in list(selector.get_map().values()):
        key.fileobj.close()
    return taken, errors, elapsed


def _ask(selector, port, connection, requests):
    # A new connection counts into the time of its request: with gunicorn's sync workers every request needs one.
    begun = time.perf_counter()
    connection = connection or socket.create_connection(("127.0.0.1", port), 10)
    connection.sendall(next(requests))
    selector.register(connection, selectors.EVENT_READ, {"begun": begun, "answer": b""})


def _complete(answer):
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return False
    length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
    return len(body) >= int(length)


def _kept(connection, answer):
    """The connection if the server keeps it open, else None."""
    if answer and b"connection: close" not in answer.partition(b"\r\n\r\n")[0].lower():
        return connection
    connection.close()
    return None
