"""Medians and percentiles, and how a person reads them."""

import statistics
import time


def timed(function, *arguments):
    """Return (seconds, what the function returned)."""
    begun = time.perf_counter()
    returned = function(*arguments)
    return time.perf_counter() - begun, returned


def percentile(seconds, share):
    """The smallest figure that this share (0..1) of all does not exceed."""
    ordered = sorted(seconds)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def median_and_p99(seconds):
    return f"median {shown(statistics.median(seconds))}   p99 {shown(percentile(seconds, 0.99))}"


def shown(seconds):
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.2f} ms"
