"""The journal of a run that may be cut off, from its opening to what becomes of it."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from allup.cli.environment import Environment
from allup.cli.output import OutputSettings
from allup.lists.details import LineDefaults
from allup.lists.source import FileSource, Source
from allup.model.clock import Clock
from allup.model.duration import format_duration
from allup.model.settings import CheckSettings
from allup.model.stop import Stop
from allup.model.usage import UsageError
from allup.report.printable import printable

if TYPE_CHECKING:
    from allup.run.journal.journal import Journal


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a run ended: what stopped it, and whether all that came of it was told.

    `told` is false where a report could not be written, or its reader went away; `bereft` is true where a process
    was lost, and with it what that had in hand.
    """

    stop: Stop | None
    told: bool
    bereft: bool

    @property
    def by_itself(self) -> bool:
        """Whether the run came to the end of its list by itself, and was told.

        What is unchecked then, by a fault of this machine, is a result like another: a target that always is would
        keep the journal for good, and have every later run tell what this one found.
        """
        return self.stop is None and self.told and not self.bereft


class Resuming:
    """What a run has of its `journal`, which may be none; the journal goes where the run came to its list's end."""

    def __init__(self, journal: "Journal | None" = None) -> None:
        self.journal = journal
        self.complete = False
        self.stop: Stop | None = None

    @property
    def known(self) -> int:
        """How many results were taken from the journal so far."""
        return 0 if self.journal is None else self.journal.restored

    @property
    def problems(self) -> list[str]:
        """Why the journal could not be written to its end, where it could not."""
        return [] if self.journal is None or self.journal.problem is None else [self.journal.problem]

    def reported(self, ending: Ending) -> None:
        """Take note of how a run ended: it may be over, and all of it told."""
        self.stop = ending.stop
        self.complete = ending.by_itself


@contextmanager
def resuming(
    path: Path | None,
    sources: Sequence[Source],
    defaults: LineDefaults,
    settings: CheckSettings,
    output: OutputSettings,
    environment: Environment,
) -> Iterator[Resuming]:
    """Open the journal at `path`, if there is to be one, and say what is in it; raises UsageError."""
    if path is None:
        yield Resuming()
        return
    from allup.run.journal.journal import Journal  # noqa: PLC0415 - for those who have one

    _check_place(path, sources, output, environment)
    clock = Clock()
    journal = Journal.open(path, sources, defaults, settings, began_at=clock.wall())
    run = Resuming(journal)
    refused = False
    try:
        if journal.known or journal.damaged:  # also where all is to be quiet: not all that is reported is of today
            environment.complain(_going_on(journal, clock.wall()))
        yield run
    except UsageError:
        refused = True
        raise
    finally:
        journal.close(complete=run.complete)
        if len(journal) and not (run.complete or refused or output.quiet):
            environment.complain(_what_stays(journal, run))


def _check_place(path: Path, sources: Sequence[Source], output: OutputSettings, environment: Environment) -> None:
    others = [report.path for report in output.reports]
    others += [Path(source.path) for source in sources if isinstance(source, FileSource)]
    if os.path.realpath(path) in map(os.path.realpath, others) or _is_open(path, environment.stdout_fd):
        raise UsageError(f"{printable(str(path))} is a list or a report of this run: give --resume a file of its own")


def _is_open(path: Path, fd: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(fd)) and path.is_file()
    except OSError:  # nothing is there yet
        return False


def _going_on(journal: "Journal", now: float) -> str:
    since = format_duration(max(0.0, now - journal.began_at))
    damaged = f"; {journal.damaged:,} more cannot be read, and are asked for again" if journal.damaged else ""
    results = "1 result" if journal.known == 1 else f"{journal.known:,} results"
    return f"going on with {results} of {journal.name}, which was begun {since} ago{damaged}"


def _what_stays(journal: "Journal", run: Resuming) -> str:
    unless = " with a higher limit of failures" if run.stop is Stop.FAILURES else ""
    results = "1 result" if len(journal) == 1 else f"{len(journal):,} results"
    return f"{journal.name} keeps {results}: the same command{unless} goes on from there"
