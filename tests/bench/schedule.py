"""The shortest that a run can take, from what is known of its latencies."""

import heapq
from collections.abc import Iterable


def ideal_s(latencies_s: Iterable[float], slots: int) -> float:
    """When the last of `latencies_s` ends, where each begins in its turn as soon as one of `slots` is free."""
    free_at = [0.0] * slots
    for latency in latencies_s:
        heapq.heapreplace(free_at, free_at[0] + latency)
    return max(free_at)
