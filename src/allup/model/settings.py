"""What a run is told, and every default in its one home."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from allup.model.retry_on import TRANSIENT, RetryOn
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
    """What holds for every request of a run.

    `connect_timeout_s` bounds name, connection and TLS of each one; of the connections that have
    served, `most_idle` are kept for the next target of their host.
    """

    connect_timeout_s: float | None = None
    user_agent: str = f"allup/{__version__}"
    max_redirects: int = 10
    insecure: bool = False
    ca_file: Path | None = None
    most_idle: int = 64


PER_HOST: Final = 10
"""Connections that a host is expected to bear; browsers open six."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceSettings:
    """How hard hosts may be pressed: turns at once, and turns a second; None: as hard as may be."""

    per_host: int | None = PER_HOST
    rate_per_s: float | None = None
    per_host_rate_per_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrySettings:
    """Which failures are tried again, and how long any host may make the run wait by Retry-After."""

    on: RetryOn = TRANSIENT
    budget_s: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """One run of `check`.

    `concurrency` caps how many targets are in flight; with `dedupe`, a repeated target is checked
    and reported once. With `confirm`, what failed in passing is tried once more at the end. The run
    ends early after `deadline_s`, or with the failure that is number `max_failures`; when it is
    interrupted, what is in flight has `grace_s` to come to an end.
    """

    concurrency: int = 100
    order: Order = Order.LIST
    dedupe: bool = True
    pace: PaceSettings = PaceSettings()
    retry: RetrySettings = RetrySettings()
    confirm: bool = False
    deadline_s: float | None = None
    max_failures: int | None = None
    grace_s: float = 2.0
    http: HttpSettings = HttpSettings()

    def __post_init__(self) -> None:
        if self.concurrency < 1:
            raise ValueError(f"a concurrency of {self.concurrency} would check nothing: it is 1 at least")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareSettings:
    """One run of `compare`: every level of concurrency, `rounds` times, in turns."""

    levels: tuple[int, ...] = (10,)
    rounds: int = 1
    pace: PaceSettings = PaceSettings(per_host=None)
    dedupe: bool = True
    http: HttpSettings = HttpSettings()
