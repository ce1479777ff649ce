"""A run of `race`: the list in, the winners out, the exit code back."""

from collections.abc import Sequence

from allup.cli.consoles import stderr_console
from allup.cli.environment import Color, Environment
from allup.cli.sources import chosen_sources
from allup.cli.stdout import written
from allup.cli.stoppable import stoppable
from allup.cli.whole_list import read_whole
from allup.http.client import open_client
from allup.lists.formats.format import InputFormat
from allup.lists.line import LineDefaults
from allup.lists.source import Source
from allup.live.display import Display, NullDisplay
from allup.live.progress import ProgressDisplay
from allup.live.snapshot import Snapshot
from allup.model.clock import Clock
from allup.model.exit_code import ExitCode, exit_code
from allup.model.race import Finish, RaceOutcome, RaceSettings
from allup.model.result import Verdict
from allup.model.stop import Stop
from allup.model.target import Entry
from allup.model.usage import UsageError
from allup.report.look import Look
from allup.report.race_format import RaceFormat
from allup.report.race_table import RaceTable
from allup.run.loop import run_loop
from allup.run.racing import MOST_TARGETS, Race


def run_race(
    environment: Environment,
    *,
    arguments: Sequence[str] | None,
    input_format: InputFormat | None,
    defaults: LineDefaults,
    settings: RaceSettings,
    format_: RaceFormat,
    quiet: bool,
    progress: bool,
    color: Color,
) -> ExitCode:
    """Race the targets of the sources that `arguments` name and return the exit code."""
    try:
        sources = chosen_sources(arguments, input_format, environment)
        course = _Course(environment, settings, format_, quiet=quiet, progress=progress and not quiet, color=color)
        return run_loop(course.run(sources, defaults))
    except UsageError as error:
        environment.complain(str(error))
        return ExitCode.USAGE


class _Course:
    def __init__(
        self,
        environment: Environment,
        settings: RaceSettings,
        format_: RaceFormat,
        *,
        quiet: bool,
        progress: bool,
        color: Color,
    ) -> None:
        self._environment = environment
        self._settings = settings
        self._format = format_
        self._quiet = quiet
        self._progress = progress and environment.stderr_is_terminal
        self._console = stderr_console(environment, color)
        self._clock = Clock()

    async def run(self, sources: Sequence[Source], defaults: LineDefaults) -> ExitCode:
        settings = self._settings
        entries = await read_whole(
            sources, defaults, settings.selection, settings.http, most=MOST_TARGETS, what="a race"
        )
        if isinstance(entries, Stop):
            return exit_code({}, entries)
        if settings.need > len(entries):
            raise UsageError(f"--need {settings.need} is more than there are in the race: {len(entries)}")
        outcome = await self._race(entries)
        if isinstance(outcome, Stop):
            return exit_code({}, outcome)
        await self._tell(outcome)
        return _exit_code(outcome)

    async def _race(self, entries: Sequence[Entry]) -> RaceOutcome | Stop:
        """Return how it ended."""
        async with open_client(self._settings.http, self._clock) as client:
            race = Race(entries, client, self._settings, clock=self._clock, observe=lambda one: _show(display, one))
            display = self._display(race, len(entries))
            return await stoppable(race.run, race.stop, display)

    async def _tell(self, outcome: RaceOutcome) -> None:
        if not self._quiet:
            self._console.print(RaceTable(outcome, Look.on(self._console.encoding)))
        if outcome.won or self._format is RaceFormat.JSON:
            await written(self._environment, lambda stdout: self._format.write(outcome, stdout))

    def _display(self, race: Race, total: int) -> Display:
        if not self._progress:
            return NullDisplay()
        seen = Snapshot(lambda: race.in_flight)
        return ProgressDisplay(
            self._console, total=total, in_flight=lambda: len(seen()), turns=seen, clock=self._clock.monotonic
        )


def _show(display: Display, finish: Finish) -> None:
    display.completed(finish.result)


def _exit_code(outcome: RaceOutcome) -> ExitCode:
    if outcome.stop is not None:
        return exit_code({}, outcome.stop)
    if outcome.won:
        return ExitCode.OK
    failed = any(finish.result.verdict is Verdict.FAILED for finish in outcome.finishes)
    return ExitCode.FAILED if failed else ExitCode.UNCHECKED
