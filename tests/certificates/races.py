"""Moves in threads that start together."""

import threading

from django.db import connection

from routing.refusals import NotAllowed


def at_once(*moves):
    """Run the moves at the same moment; return the sentences of those that were not allowed."""
    barrier, refused, failed = threading.Barrier(len(moves)), [], []

    def run(move):
        try:
            barrier.wait(timeout=10)
            move()
        except NotAllowed as sentence:
            refused.append(str(sentence))
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[move]) for move in moves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failed == []
    return refused
