"""What a run is told, and every default in its one home."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from allup.version import __version__


class Order(StrEnum):
    """The order that results are reported in."""

    LIST = "list"
    COMPLETION = "completion"


class Strategy(StrEnum):
    """The ways to run many awaitables."""

    SEQUENTIAL = "sequential"
    GATHER = "gather"
    WAIT = "wait"
    TASKGROUP = "taskgroup"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """What holds for every request of a run; `connect_timeout_s` bounds name, connection and TLS of each one."""

    connect_timeout_s: float | None = None
    user_agent: str = f"allup/{__version__}"
    max_redirects: int = 10
    insecure: bool = False
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """One run of `check`.

    `concurrency` caps how many targets are in flight; with `dedupe`, a repeated target is checked
    and reported once.
    """

    concurrency: int = 100
    order: Order = Order.LIST
    dedupe: bool = True
    http: HttpSettings = HttpSettings()

    def __post_init__(self) -> None:
        if self.concurrency < 1:
            raise ValueError(f"a concurrency of {self.concurrency} would check nothing: it is 1 at least")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareSettings:
    """One run of `compare`: every level of concurrency, `rounds` times, in turns."""

    levels: tuple[int, ...] = (10,)
    rounds: int = 1
    dedupe: bool = True
    http: HttpSettings = HttpSettings()
