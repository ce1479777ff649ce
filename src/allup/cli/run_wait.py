"""A run of `wait`: the list in, the exit code back once all is up, or time is."""

from collections.abc import Sequence

from allup.cli.consoles import stderr_console
from allup.cli.environment import Color, Environment
from allup.cli.sources import chosen_sources
from allup.cli.stoppable import stoppable
from allup.cli.whole_list import read_whole
from allup.http.ports import open_port_client
from allup.lists.formats.format import InputFormat
from allup.lists.line import LineDefaults
from allup.lists.source import Source
from allup.live.wait_display import NullWaitDisplay, WaitDisplay
from allup.live.wait_log import WaitLog
from allup.live.wait_screen import WaitScreen
from allup.model.clock import Clock
from allup.model.exit_code import ExitCode, exit_code
from allup.model.stop import Stop
from allup.model.target import Entry
from allup.model.usage import UsageError
from allup.model.waiting import Waited, WaitSettings
from allup.report.look import Look
from allup.report.wait_table import WaitTable
from allup.run.loop import run_loop
from allup.run.waiting import MOST_TARGETS, Waiting


def run_wait(
    environment: Environment,
    *,
    arguments: Sequence[str] | None,
    input_format: InputFormat | None,
    defaults: LineDefaults,
    settings: WaitSettings,
    quiet: bool,
    progress: bool,
    color: Color,
) -> ExitCode:
    """Wait for the targets of the sources that `arguments` name and return the exit code."""
    try:
        sources = chosen_sources(arguments, input_format, environment)
        wait = _Wait(environment, settings, quiet=quiet, progress=progress, color=color)
        return run_loop(wait.run(sources, defaults))
    except UsageError as error:
        environment.complain(str(error))
        return ExitCode.USAGE


class _Wait:
    def __init__(
        self, environment: Environment, settings: WaitSettings, *, quiet: bool, progress: bool, color: Color
    ) -> None:
        self._environment = environment
        self._settings = settings
        self._quiet = quiet
        self._progress = progress
        self._console = stderr_console(environment, color)
        self._clock = Clock()

    async def run(self, sources: Sequence[Source], defaults: LineDefaults) -> ExitCode:
        settings = self._settings
        entries = await read_whole(
            sources, defaults, settings.selection, settings.http, most=MOST_TARGETS, what="a wait"
        )
        if isinstance(entries, Stop):
            return exit_code({}, entries)
        waited = await self._wait(entries)
        if isinstance(waited, Stop):
            return exit_code({}, waited)
        if not self._quiet:
            self._console.print(WaitTable(waited, Look.on(self._console.encoding)))
        if waited.stop is not None:
            return exit_code({}, waited.stop)
        return ExitCode.OK if waited.in_time else ExitCode.FAILED

    async def _wait(self, entries: Sequence[Entry]) -> Waited | Stop:
        """Return how it ended."""
        async with open_port_client(self._settings.http, self._clock) as client:
            display = self._display()
            waiting = Waiting(entries, client, self._settings, clock=self._clock, observe=display.polled)
            return await stoppable(waiting.run, waiting.stop, display)

    def _display(self) -> WaitDisplay:
        if self._quiet or not self._progress:
            return NullWaitDisplay()
        if not self._environment.stderr_is_terminal:
            return WaitLog(self._console)
        return WaitScreen(self._console, for_s=self._settings.for_s, clock=self._clock.monotonic)
