"""A run of `check`: the list in, the results out, the exit code back."""

import asyncio
import errno
import functools
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from allup.cli.environment import Environment
from allup.cli.fitted import fitted
from allup.cli.output import STDOUT, Outputs, OutputSettings, opened
from allup.cli.resuming import Ending, Resuming, resuming
from allup.cli.shortfall import idleness, shortfalls
from allup.cli.signals import inspecting, stopping
from allup.cli.sources import chosen_sources
from allup.http.fetching import ListFetcher
from allup.lists.estimate import estimate_count
from allup.lists.formats.format import InputFormat
from allup.lists.line import LineDefaults
from allup.lists.source import Source
from allup.lists.stream import Entries, TargetStream
from allup.live.display import CheckDisplay
from allup.live.inspector import inspection
from allup.model.canaries import CanarySummary
from allup.model.clock import Clock
from allup.model.duration import format_duration
from allup.model.exit_code import ExitCode, exit_code
from allup.model.failure import FailureKind
from allup.model.result import Verdict
from allup.model.settings import CheckSettings
from allup.model.shard import Shard
from allup.model.stop import Stop
from allup.model.usage import UsageError
from allup.report.canary_text import why_away
from allup.report.course_text import course_sentences
from allup.report.several import Reports
from allup.report.stdout import PipeWriter
from allup.run.checking import Checking, checking
from allup.run.deadline import left_s
from allup.run.loop import run_loop

if TYPE_CHECKING:
    from allup.run.baseline.baseline import Baseline
    from allup.run.processes.launching import Workers

_STALLED_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a run has before it begins: where its results go, who asks, and what is known from earlier ones."""

    outputs: Outputs
    workers: "Workers | None" = None
    baseline: "Baseline | None" = None
    resuming: Resuming = field(default_factory=Resuming)

    @property
    def has_lost_a_process(self) -> bool:
        """Whether a worker is no more, which is to be asked before they are sent home."""
        return self.workers is not None and any(worker.process.poll() is not None for worker in self.workers)


def run_check(
    environment: Environment,
    *,
    arguments: Sequence[str] | None,
    input_format: InputFormat | None,
    baseline: Path | None = None,
    resume: Path | None = None,
    defaults: LineDefaults,
    settings: CheckSettings,
    output: OutputSettings,
) -> ExitCode:
    """Check the sources that `arguments` name and return the exit code; usage errors are told on stderr."""
    began_at = Clock().monotonic()  # what is read before the first request is part of the deadline, too
    try:
        sources = chosen_sources(arguments, input_format, environment)
        asked_for = not settings.adaptive
        concurrency, http = fitted(environment, settings.concurrency, settings.http, asked_for=asked_for)
        settings = replace(settings, concurrency=concurrency, http=http)
        with (
            _launched(settings.processes) as workers,
            opened(output, environment) as outputs,
            resuming(resume, sources, defaults, settings, output, environment) as resumed,
        ):
            past = None if baseline is None else _read(baseline, settings.selection.shard, environment)
            prepared = Prepared(outputs=outputs, workers=workers, baseline=past, resuming=resumed)
            return run_loop(_check(environment, sources, defaults, settings, prepared, began_at))
    except UsageError as error:
        environment.complain(str(error))
        return ExitCode.USAGE


def _launched(processes: int) -> "AbstractContextManager[Workers | None]":
    if processes == 1:
        return nullcontext()
    # Before there is an event loop, and before a report file is open.
    from allup.run.processes.launching import launched  # noqa: PLC0415 - most runs have one process

    return launched(processes)


def _read(path: Path, shard: Shard | None, environment: Environment) -> "Baseline":
    from allup.report.earlier import read_baseline  # noqa: PLC0415 - for those who have one

    baseline, cut = read_baseline(path, shard)
    if cut is not None:
        environment.complain(cut)
    return baseline


async def _check(
    environment: Environment,
    sources: Sequence[Source],
    defaults: LineDefaults,
    settings: CheckSettings,
    prepared: Prepared,
    began_at: float,
) -> ExitCode:
    clock, deadline_s = Clock(), settings.deadline_s
    fetch = ListFetcher(settings.http, defaults.request, clock)
    async with AsyncExitStack() as stack:
        try:
            async with asyncio.timeout(left_s(deadline_s, began_at, clock)):
                stream = TargetStream(sources, defaults, settings.selection, fetch=fetch)
                entries = await stack.enter_async_context(stream)
        except TimeoutError:
            raise UsageError("the deadline came before the lists were fetched: nothing was checked") from None
        # What was taken by the baseline, and by lists that are elsewhere, is not there any more.
        settings = replace(settings, deadline_s=left_s(deadline_s, began_at, clock))
        total = functools.partial(_total, sources, settings)
        return await check_entries(environment, entries, settings, prepared, total=total)


def _total(sources: Sequence[Source], settings: CheckSettings) -> int | None:
    # Which lines are wanted is only known when they are read.
    selection = settings.selection
    selective = selection.include or selection.exclude or selection.shard
    return None if selective else estimate_count(sources)


async def check_entries(
    environment: Environment,
    entries: Entries,
    settings: CheckSettings,
    prepared: Prepared,
    *,
    total: Callable[[], int | None],
) -> ExitCode:
    """Check `entries` with what is `prepared` and return the exit code; `total` counts them, where that can be done."""
    outputs, resumed = prepared.outputs, prepared.resuming
    stdout = PipeWriter(environment.stdout_fd, encoding=environment.stdout_encoding)
    reports = outputs.reports(stdout)
    async with checking(
        entries, settings, workers=prepared.workers, baseline=prepared.baseline, journal=resumed.journal
    ) as run:
        display = outputs.display(total=total, turns=lambda: run.in_flight, known=lambda: resumed.known, clock=Clock())
        run.observe(display)
        run.tell_of_outages(lambda canaries, left_s: _tell_of_outage(environment, display, canaries, left_s))
        try:
            with stopping(run.stop), inspecting(lambda: _inspect(environment, run, display)):
                with display:
                    await _report(run, reports, stdout)
                problems = await _finish(run, reports, outputs, stdout) if _has_come_to_something(run) else []
        except UsageError:  # the list turns out to be another one than the journal's: what was told by then is told
            await _written(run, reports, stdout.aclose)
            raise
        except asyncio.CancelledError:
            # A second signal: at once, and with no report.
            if run.stopped_by is None:
                raise
            return exit_code(run.summary.tally.standings, run.stopped_by)
        bereft = prepared.has_lost_a_process and run.summary.tally.verdicts[Verdict.UNCHECKED] > 0
    told = not problems and not reports.reader_gone
    resumed.reported(Ending(stop=run.stopped_by, told=told, bereft=bereft))
    problems += resumed.problems
    if outputs.leaves_out_course:
        for sentence in course_sentences(run.summary):
            environment.complain(sentence)
    if not run.summary.tally.total and (idle := idleness(entries.share)):
        environment.complain(idle)
    return _exit_code(environment, run, [*problems, *_shortfalls(entries, run, settings)])


def _has_come_to_something(run: Checking) -> bool:
    # A shard that has nothing to do reports that, too: else it would look like one that is missing.
    return bool(run.summary.tally.total or idleness(run.summary.share))


def _inspect(environment: Environment, run: Checking, display: CheckDisplay) -> None:
    with display.aside():
        environment.stderr.write(inspection(run.in_flight, run.pauses, Clock().monotonic()))
        environment.stderr.flush()


def _tell_of_outage(environment: Environment, display: CheckDisplay, canaries: CanarySummary, left_s: float) -> None:
    with display.aside():
        environment.complain(f"{why_away(canaries)}; waiting for {format_duration(left_s)} at most")


async def _report(run: Checking, reports: Reports, stdout: PipeWriter) -> None:
    started = False
    async for result in run:
        if not started:  # a list without a target leaves nothing on stdout that looks like a result
            reports.start()
            started = True
        reports.add(result)
        if stdout.is_behind:
            await _written(run, reports, stdout.drain)
        if reports.reader_gone:
            run.stop(Stop.READER_GONE)
    if not started and _has_come_to_something(run):
        reports.start()


async def _finish(run: Checking, reports: Reports, outputs: Outputs, stdout: PipeWriter) -> list[str]:
    reports.finish(run.summary)
    problems = outputs.commit(reports)  # before anyone waits for the reader of standard output
    await _written(run, reports, stdout.aclose)
    return [*problems, *reports.problems]


async def _written(run: Checking, reports: Reports, wait: Callable[[], Awaitable[None]]) -> None:
    """Wait until standard output is written; not for long where the run was stopped and its reader has stalled."""
    while reports.works(STDOUT):
        try:
            async with asyncio.timeout(_STALLED_S):
                await wait()
        except TimeoutError:
            if run.stopped_by is not None:
                reports.give_up(STDOUT, OSError(errno.ETIMEDOUT, "nobody reads it"))
        except OSError as error:
            reports.give_up(STDOUT, error)
        else:
            return


def _shortfalls(entries: Entries, run: Checking, settings: CheckSettings) -> list[str]:
    if run.stopped_by is Stop.READER_GONE:  # the list was not read to its end, since nobody wanted it
        return []
    tally = run.summary.tally
    return list(shortfalls(entries, tally.total - tally.kinds[FailureKind.INVALID_TARGET], settings.selection))


def _exit_code(environment: Environment, run: Checking, problems: Sequence[str]) -> ExitCode:
    for problem in problems:
        environment.complain(problem)
    code = exit_code(run.summary.tally.standings, run.stopped_by)
    return code if not problems or code in (ExitCode.INTERRUPTED, ExitCode.TERMINATED) else ExitCode.USAGE
