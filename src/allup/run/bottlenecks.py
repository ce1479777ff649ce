"""What a run waits for, looked at again and again: a critical path by counting, which costs nothing a target."""

from collections import defaultdict
from collections.abc import Callable
from typing import Final

from allup.model.limited_by import Bottleneck, LimitedBy

Seen = tuple[Bottleneck, str | None]
"""What keeps the next target from being begun, and the host or the URL that it is about."""
Look = Callable[[], Seen | None]
"""Looks now; None: none is to be begun any more."""

BUSY: Final = 0.9
"""The share of one CPU from which on that is what a run waits for: more at once would not be faster."""
_CPU_OVER_S: Final = 0.1
"""Over so long the use of the CPU is measured: some clocks of it tick slowly."""
_FEWEST: Final = 5
"""Looks below which a run was too short for any limit but its slowest target."""
_MOST_NAMES: Final = 1_000
_MAIN: Final = 0.5
"""The share of a bottleneck's time that one host or URL must have to be named."""
_WAITS: Final = frozenset(
    {Bottleneck.RATE, Bottleneck.HOST_RATE, Bottleneck.RETRY_AFTER, Bottleneck.BACKOFF, Bottleneck.CANARY}
)
"""Meanwhile the CPU may be busy: that is not what is waited for."""


class Bottlenecks:
    """Seconds by what was waited for; `cpu` is what this process has worked (seconds)."""

    def __init__(self, look: Look, cpu: Callable[[], float]) -> None:
        self._look = look
        self._cpu = cpu
        self._cpu_at = cpu()
        self._cpu_over_s = 0.0
        self._busy = False
        self._looks = 0
        self._seconds: defaultdict[Bottleneck, float] = defaultdict(float)
        self._names: defaultdict[Bottleneck, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))

    def add(self, since_s: float) -> None:
        """Look now, for the `since_s` seconds since the last time."""
        self._measure_cpu(since_s)
        self._looks += 1
        seen = self._look()
        if seen is None:
            return
        bottleneck, name = seen
        if self._busy and bottleneck not in _WAITS:
            bottleneck, name = Bottleneck.CPU, None
        self._count(bottleneck, name, since_s)

    def limited_by(self, wall_s: float, last: str | None) -> LimitedBy | None:
        """Return what took most of the run, which took `wall_s`; `last` is the URL whose answer came last, if any did.

        None where nothing was asked.
        """
        if self._looks < _FEWEST or not self._seconds:
            return None if last is None else LimitedBy(Bottleneck.SLOWEST, seconds=wall_s, share=1.0, name=last)
        bottleneck = max(self._seconds, key=self._seconds.__getitem__)
        seconds = self._seconds[bottleneck]
        return LimitedBy(
            bottleneck,
            seconds=seconds,
            share=min(1.0, seconds / wall_s) if wall_s else 1.0,
            name=self._main_name(bottleneck, seconds),
        )

    def _main_name(self, bottleneck: Bottleneck, seconds: float) -> str | None:
        names = self._names[bottleneck]
        name = max(names, key=names.__getitem__, default=None)
        return name if name is not None and names[name] >= _MAIN * seconds else None

    def _count(self, bottleneck: Bottleneck, name: str | None, seconds: float) -> None:
        self._seconds[bottleneck] += seconds
        names = self._names[bottleneck]
        if name is not None and (name in names or len(names) < _MOST_NAMES):
            names[name] += seconds

    def _measure_cpu(self, since_s: float) -> None:
        self._cpu_over_s += since_s
        if self._cpu_over_s >= _CPU_OVER_S:
            worked_s = self._cpu() - self._cpu_at
            self._busy = worked_s >= BUSY * self._cpu_over_s
            self._cpu_at += worked_s
            self._cpu_over_s = 0.0
