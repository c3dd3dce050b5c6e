"""Bounds for a process that takes apart what a stranger sent. Free of Django and all else, as such a process is."""

import resource


def confine(*, memory, seconds, written):
    """Let this process have no more than so many bytes of address space, seconds of the processor, bytes in a file.

    To be called once its libraries are loaded: they read and need more than the bounds were made for, and none of them
    is hostile. Beyond them the system calls fail (MemoryError, OSError) or SIGXCPU ends it; it leaves no core behind.
    """
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
