"""The times a run needs, injected so that tests can turn the hands."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """`monotonic` for durations, `wall` for dates, `cpu` for what this process has worked; all in seconds.

    `wall` is since the epoch.
    """

    monotonic: Callable[[], float] = time.perf_counter
    wall: Callable[[], float] = time.time
    cpu: Callable[[], float] = time.process_time
