"""How much at once, and how often."""

import os
from dataclasses import dataclass
from typing import Annotated, Final, Self

import typer

from allup.cli.completing import AUTO, automatic
from allup.cli.options.parsing import parser
from allup.model.duration import parse_rate
from allup.model.settings import MOST_ADAPTIVE, CompareSettings

PANEL: Final = "Pace"
LOCAL: Final = "local"
MOST_CONCURRENT: Final = 10_000
MOST_PROCESSES: Final = 256


@dataclass(frozen=True, slots=True)
class LevelList:
    """What `compare --concurrency` asks for."""

    levels: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the levels that `text` lists, each once; raises ValueError."""
        if text == AUTO:
            raise ValueError(f"{AUTO} is for check: here the levels are what is measured, as in 1,10,100")
        levels = [int(level) if level.strip().isdecimal() else 0 for level in text.split(",")]
        if not all(1 <= level <= MOST_CONCURRENT for level in levels):
            raise ValueError(f"{text!r} is not a list of numbers from 1 to {MOST_CONCURRENT}, as in 1,10,100")
        return cls(tuple(dict.fromkeys(levels)))


@dataclass(frozen=True, slots=True)
class AtOnce:
    """What `check --concurrency` asks for; where it is `adaptive`, `most` is the most that it may come to."""

    most: int
    adaptive: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what `text` asks for, a number or ``auto``; raises ValueError."""
        if text == AUTO:
            return cls(MOST_ADAPTIVE, adaptive=True)
        most = int(text) if text.isdecimal() else 0
        if not 1 <= most <= MOST_CONCURRENT:
            raise ValueError(f"{text!r} is neither {AUTO} nor a number from 1 to {MOST_CONCURRENT}")
        return cls(most)

    def __str__(self) -> str:
        return AUTO if self.adaptive else str(self.most)


def parse_concurrency(text: str) -> int:
    """Return how many targets at once `text` asks for, where ``auto`` is none of the choices; raises ValueError."""
    if text == AUTO:
        raise ValueError(f"{AUTO} is for check: here it is a number from 1 to {MOST_CONCURRENT}")
    most = int(text) if text.isdecimal() else 0
    if not 1 <= most <= MOST_CONCURRENT:
        raise ValueError(f"{text!r} is not a number from 1 to {MOST_CONCURRENT}")
    return most


def parse_processes(text: str) -> int:
    """Return how many processes `text` asks for, ``auto`` for the CPUs that this one may use; raises ValueError."""
    if text == AUTO:
        return min(MOST_PROCESSES, _usable_cpus())
    count = int(text) if text.isdecimal() else 0
    if not 1 <= count <= MOST_PROCESSES:
        raise ValueError(f"{text!r} is neither {AUTO} nor a number from 1 to {MOST_PROCESSES}")
    return count


def parse_scheduler(text: str) -> str:
    """Return `text` where it is the address of a scheduler, or a number of local workers; raises ValueError."""
    kind, colon, count = text.partition(":")
    if kind == LOCAL and (not colon or (count.isdecimal() and 1 <= int(count) <= MOST_PROCESSES)):
        return text if colon else f"{LOCAL}:{min(MOST_PROCESSES, _usable_cpus())}"
    if kind == LOCAL or not colon or not count.rpartition(":")[2].isdecimal():
        raise ValueError(f"{text!r} is not the address of a scheduler: write HOST:PORT, local, or local:N")
    return text


def check_dask(dask: str | None, *, at_once: AtOnce, processes: int, rate: float | None, canaries: bool) -> None:
    """Raise BadParameter for what does not go together with a cluster."""
    if dask is not None and processes > 1:
        raise typer.BadParameter("--dask has workers of its own: leave out --processes")
    if dask is not None and at_once.adaptive:
        raise typer.BadParameter(
            "-c auto finds out what one machine bears: with --dask, name the number for each worker"
        )
    if dask is not None and rate is not None:
        raise typer.BadParameter("--rate holds for one machine: with --dask, say --per-host-rate")
    if dask is not None and canaries:
        raise typer.BadParameter("--canary tells of the network of this machine, and with --dask others ask")


def _usable_cpus() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


Concurrency = Annotated[
    int,
    typer.Option(
        "--concurrency",
        "-c",
        metavar="N",
        parser=parser(parse_concurrency),
        rich_help_panel=PANEL,
        help="Targets in flight at most.",
    ),
]
CheckedConcurrency = Annotated[
    AtOnce,
    typer.Option(
        "--concurrency",
        "-c",
        metavar="N|auto",
        parser=parser(AtOnce.parse),
        autocompletion=automatic,
        rich_help_panel=PANEL,
        help="Targets in flight at most; auto: as many as servers, and this machine, turn out to bear.",
    ),
]
Processes = Annotated[
    int,
    typer.Option(
        "--processes",
        metavar="N|auto",
        parser=parser(parse_processes),
        autocompletion=automatic,
        rich_help_panel=PANEL,
        help="Processes that ask, each for its part of the hosts; auto: one for each CPU.",
    ),
]
DaskScheduler = Annotated[
    str | None,
    typer.Option(
        "--dask",
        metavar="ADDRESS",
        parser=parser(parse_scheduler),
        rich_help_panel=PANEL,
        show_default="none",
        help="Have the workers of this Dask scheduler ask (local, local:N: of this machine), each for its hosts.",
    ),
]
Levels = Annotated[
    LevelList,
    typer.Option(
        "--concurrency",
        "-c",
        metavar="N[,N...]",
        parser=parser(LevelList.parse),
        rich_help_panel=PANEL,
        show_default=",".join(map(str, CompareSettings().levels)),
        help="Levels of concurrency to compare.",
    ),
]
Rounds = Annotated[
    int,
    typer.Option(
        "--rounds",
        metavar="N",
        min=1,
        max=1_000,
        rich_help_panel=PANEL,
        help="Rounds; the strategies take turns in each.",
    ),
]
PerHost = Annotated[
    int,
    typer.Option(
        "--per-host",
        metavar="N",
        min=1,
        max=MOST_CONCURRENT,
        rich_help_panel=PANEL,
        help="Targets in flight to one host (host:port) at most.",
    ),
]
ComparedPerHost = Annotated[
    int | None,
    typer.Option(
        "--per-host",
        metavar="N",
        min=1,
        max=MOST_CONCURRENT,
        rich_help_panel=PANEL,
        show_default="no limit",
        help="Targets in flight to one host (host:port) at most.",
    ),
]
Rate = Annotated[
    float | None,
    typer.Option(
        "--rate",
        metavar="RATE",
        parser=parser(parse_rate),
        rich_help_panel=PANEL,
        show_default="no limit",
        help="Targets begun in a time: 5/s, 30/m.",
    ),
]
PerHostRate = Annotated[
    float | None,
    typer.Option(
        "--per-host-rate",
        metavar="RATE",
        parser=parser(parse_rate),
        rich_help_panel=PANEL,
        show_default="no limit",
        help="The same for one host.",
    ),
]
