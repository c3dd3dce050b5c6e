"""Moves in real threads that start together."""

import threading

from django.db import connection

from routing.refusals import NotAllowed


def at_once(*moves):
    """Run the moves at the same moment; return what each gave back or raised, in their order."""
    barrier, outcomes = threading.Barrier(len(moves)), [None] * len(moves)

    def run(place, move):
        try:
            barrier.wait(timeout=20)
            outcomes[place] = move()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[*numbered]) for numbered in enumerate(moves)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "nobody waits for ever"
    return outcomes


def refusals_at_once(*moves):
    """The same; return the sentences of those that were not allowed. Nothing else may go wrong."""
    raised = [outcome for outcome in at_once(*moves) if isinstance(outcome, Exception)]
    assert [error for error in raised if not isinstance(error, NotAllowed)] == []
    return [str(error) for error in raised]
