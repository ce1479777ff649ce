"""A run of `compare`: the list in, the rows out, the exit code back."""

from collections.abc import Callable, Sequence

from allup.cli.environment import Color, Environment
from allup.cli.shortfall import shortfalls
from allup.cli.signals import interruptible
from allup.cli.sources import chosen_sources
from allup.cli.stdout import written
from allup.http.client import open_client
from allup.http.fetching import ListFetcher
from allup.http.tls import TlsContext
from allup.lists.formats.format import InputFormat
from allup.lists.line import LineDefaults
from allup.lists.source import Source
from allup.lists.stream import TargetStream
from allup.live.rounds import NullRoundDisplay, Rounds
from allup.model.clock import Clock
from allup.model.comparison import Comparison
from allup.model.exit_code import ExitCode, exit_code
from allup.model.result import Result
from allup.model.settings import CompareSettings
from allup.model.stop import Stop
from allup.model.target import Entry, Target
from allup.model.usage import UsageError
from allup.report.comparison_format import ComparisonFormat
from allup.run.comparing import Comparing, Contender, read_all
from allup.run.loop import run_loop


def run_compare(
    environment: Environment,
    *,
    arguments: Sequence[str] | None,
    input_format: InputFormat | None,
    defaults: LineDefaults,
    settings: CompareSettings,
    format_: ComparisonFormat,
    progress: bool,
    color: Color,
) -> ExitCode:
    """Compare the strategies on the sources that `arguments` name and return the exit code."""
    try:
        sources = chosen_sources(arguments, input_format, environment)
        return run_loop(
            _compare(environment, sources, defaults, settings, format_=format_, progress=progress, color=color)
        )
    except UsageError as error:
        environment.complain(str(error))
        return ExitCode.USAGE


async def _compare(
    environment: Environment,
    sources: Sequence[Source],
    defaults: LineDefaults,
    settings: CompareSettings,
    *,
    format_: ComparisonFormat,
    progress: bool,
    color: Color,
) -> ExitCode:
    entries: list[Entry] = []
    with interruptible() as reading:
        fetch = ListFetcher(settings.http, defaults.request, Clock())
        async with TargetStream(sources, defaults, settings.selection, fetch=fetch) as stream:
            entries = await read_all(stream)
            targets = sum(isinstance(entry, Target) for entry in entries)
            problems = list(shortfalls(stream, targets, settings.selection))
            if problems or not targets:
                problem = next(iter(problems), "there is no target that could be asked")
                raise UsageError(f"nothing to compare: {problem}")
    if reading.stop is not None:
        return _ended_by(reading.stop)
    return await compare_entries(environment, entries, settings, format_=format_, progress=progress, color=color)


async def compare_entries(
    environment: Environment,
    entries: Sequence[Entry],
    settings: CompareSettings,
    *,
    format_: ComparisonFormat,
    progress: bool,
    color: Color,
) -> ExitCode:
    """Compare the strategies on `entries`, write what was measured, and return the exit code."""
    clock = Clock()
    tls = TlsContext(settings.http)
    comparing = Comparing(entries, settings, clock, lambda: open_client(settings.http, clock, tls=tls))
    display = _display(environment, len(entries), settings, clock, progress=progress, color=color)
    with display, interruptible() as interruption:
        await comparing.warm_up()
        await comparing.rounds(_observer(display))
    await _write(environment, comparing.comparison, format_, color)
    unchecked = _unchecked(environment, comparing.comparison)
    return ExitCode.UNCHECKED if unchecked and interruption.stop is None else _ended_by(interruption.stop)


def _unchecked(environment: Environment, comparison: Comparison) -> bool:
    rows = [row for row in comparison.rows if row.unchecked]
    for row in rows:
        environment.complain(
            f"{row.strategy.value} -c {row.concurrency}: {row.unchecked} checks could not be made, "
            "and its figures say nothing; a lower -c may help"
        )
    return bool(rows)


def _ended_by(stop: Stop | None) -> ExitCode:
    return exit_code({}, stop)


def _observer(display: Rounds) -> Callable[[Contender, int], Callable[[Result], None]]:
    def observe(contender: Contender, number: int) -> Callable[[Result], None]:
        display.round_started(contender.strategy, contender.concurrency, number)
        return display.completed

    return observe


def _display(
    environment: Environment, targets: int, settings: CompareSettings, clock: Clock, *, progress: bool, color: Color
) -> Rounds:
    if not progress or not environment.shows_progress:
        return NullRoundDisplay()
    from allup.cli.consoles import stderr_console  # noqa: PLC0415 - Rich is for those who see it
    from allup.live.round_display import RoundDisplay  # noqa: PLC0415

    console = stderr_console(environment, color)
    return RoundDisplay(console, targets=targets, rounds=settings.rounds, clock=clock.monotonic)


async def _write(environment: Environment, comparison: Comparison, format_: ComparisonFormat, color: Color) -> None:
    colors = environment.colors(color, is_terminal=environment.stdout_is_terminal)
    if comparison.rows:
        width = environment.columns
        await written(environment, lambda stdout: format_.write(comparison, stdout, width=width, color=colors))
