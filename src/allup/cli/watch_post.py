"""A watch, wired to all who are told of it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from allup.cli.environment import Environment
from allup.cli.signals import inspecting
from allup.cli.watch_display import watch_display
from allup.cli.watch_lines import WatchLines
from allup.cli.watch_output import WatchOutput
from allup.http.client import open_client
from allup.live.inspector import inspection
from allup.live.watch_display import NoDashboard, WatchDisplay
from allup.model.canaries import CanarySettings
from allup.model.clock import Clock
from allup.model.exit_code import ExitCode
from allup.model.state import Standpoint, Transition
from allup.model.target import Entry
from allup.model.usage import UsageError
from allup.model.watch_settings import WatchSettings
from allup.report.on_change import OnChange
from allup.report.transition_format import TransitionFormat
from allup.run.client import Client
from allup.run.watching import Poll, Watching

if TYPE_CHECKING:
    from allup.report.history.writer import HistoryWriter


class WatchPost:
    """One watch; nobody who is told of it is waited for."""

    def __init__(self, environment: Environment, settings: WatchSettings, output: WatchOutput) -> None:
        self._environment = environment
        self._settings = settings
        self._output = output
        self._clock = Clock()
        self._of_polls: list[Callable[[Poll], None]] = []
        self._of_changes: list[Callable[[Transition], None]] = []
        self._display: WatchDisplay = NoDashboard()
        self._history: HistoryWriter | None = None
        self._is_told_of_problem = False

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of a watch that is over; what was lost is told."""
        if self._history is None or not self._history.lost:
            return ExitCode.OK
        lost = f"{self._history.lost} polls are missing from {self._output.history}: {self._history.problem}"
        self._environment.complain(lost)
        return ExitCode.USAGE

    async def watch(self, entries: Sequence[Entry]) -> None:
        """Watch `entries` until cancelled, or until nobody reads standard output; raises UsageError."""
        async with AsyncExitStack() as stack:
            client = await self._open_client(stack)
            standpoints = await self._keep_history(stack, entries)
            await self._run_command(stack)
            await self._write_lines(stack)
            watch = Watching(entries, client, self._settings, clock=self._clock, standpoints=standpoints)
            await self._serve(stack, watch)
            await stack.enter_async_context(watch)
            self._display = stack.enter_context(watch_display(self._output, self._environment, watch, self._clock))
            self._of_changes.append(self._display.changed)
            stack.enter_context(inspecting(lambda: self._inspect(watch)))
            await self._tell_of(watch)

    async def _open_client(self, stack: AsyncExitStack) -> Client:
        http, targets = self._settings.http, self._settings.canaries
        client = await stack.enter_async_context(open_client(http, self._clock))
        if not targets:
            return client
        from allup.run.canaries.canaries import Canaries  # noqa: PLC0415 - most watches have none
        from allup.run.canaries.cautious import SkepticalClient  # noqa: PLC0415
        from allup.run.canaries.opening import opening  # noqa: PLC0415

        settings = CanarySettings(targets=targets, patience_s=None)
        canaries = await stack.enter_async_context(Canaries(settings, opening(http, self._clock), self._clock))
        return SkepticalClient(client, canaries, self._clock)

    async def _tell_of(self, watch: Watching) -> None:
        with suppress(BrokenPipeError):  # whoever read it has seen enough
            async for poll in watch:
                for note in self._of_polls:
                    note(poll)
                if poll.transition is not None:
                    self._tell_of_change(poll.transition)

    def _tell_of_change(self, transition: Transition) -> None:
        for tell in self._of_changes:
            tell(transition)

    async def _keep_history(self, stack: AsyncExitStack, entries: Sequence[Entry]) -> Mapping[int, Standpoint]:
        path = self._output.history
        if path is None:
            return {}
        from allup.report.history.recall import recall  # noqa: PLC0415 - SQLite is for those who keep one
        from allup.report.history.writer import HistoryWriter  # noqa: PLC0415

        recalled = recall(path, entries)
        writer = HistoryWriter(path, recalled.rows, keep_s=self._output.keep_s)
        self._history = await stack.enter_async_context(writer)
        self._of_polls += [writer.add, lambda _: self._tell_of_problem(writer)]
        return recalled.standpoints

    def _tell_of_problem(self, writer: "HistoryWriter") -> None:
        if writer.problem is not None and not self._is_told_of_problem:
            self._is_told_of_problem = True
            self._complain(f"cannot write {self._output.history}: {writer.problem}; the watch goes on")

    async def _run_command(self, stack: AsyncExitStack) -> None:
        if self._output.on_change is not None:
            command = await stack.enter_async_context(OnChange(self._output.on_change, self._complain))
            self._of_changes.append(lambda change: command.tell(change) if change.is_news else None)

    async def _write_lines(self, stack: AsyncExitStack) -> None:
        if self._output.writes_lines(self._environment):
            format_ = self._output.format or TransitionFormat.LINES
            lines = await stack.enter_async_context(WatchLines(self._environment, format_))
            self._of_changes.append(lines.write)
            self._of_polls.append(lambda _: lines.look())

    async def _serve(self, stack: AsyncExitStack, watch: Watching) -> None:
        address = self._output.metrics
        if address is None:
            return
        from allup.report.metrics_server import MetricsServer  # noqa: PLC0415 - as is the library for metrics
        from allup.report.watch_pages import watch_pages  # noqa: PLC0415

        try:
            server = await stack.enter_async_context(MetricsServer(address.host, address.port, watch_pages(watch)))
        except OSError as error:
            raise UsageError(f"--metrics {address}: cannot serve there: {error.strerror or error}") from error
        if not address.port:
            self._complain(f"metrics are at http://{replace(address, port=server.port)}/metrics")

    def _complain(self, message: str) -> None:
        with self._display.aside():
            self._environment.complain(message)

    def _inspect(self, watch: Watching) -> None:
        with self._display.aside():
            self._environment.stderr.write(inspection(watch.in_flight, {}, self._clock.monotonic()))
            self._environment.stderr.flush()
