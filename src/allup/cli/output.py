"""Where the results of `check` go: standard output, report files, and the display on stderr."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from allup.cli.environment import Color, Environment
from allup.cli.options.output import ReportFile
from allup.live.display import CheckDisplay, NullDisplay
from allup.model.clock import Clock
from allup.model.result import Verdict
from allup.model.usage import UsageError
from allup.report.depth import Depth
from allup.report.format import ReportFormat
from allup.report.only import Only
from allup.report.output import OutputError, OutputFile
from allup.report.printable import printable
from allup.report.several import NamedReport, Reports
from allup.report.sink import Sink
from allup.run.turns import Turn

STDOUT: Final = "standard output"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputSettings:
    """What was asked for; `format` None means: what fits standard output."""

    format: ReportFormat | None
    reports: Sequence[ReportFile]
    only: frozenset[Verdict]
    quiet: bool
    verbose: bool = False
    progress: bool
    color: Color


class Outputs:
    """The report files of a run, open; they appear where `commit` is called, and are discarded otherwise."""

    def __init__(self, settings: OutputSettings, environment: Environment) -> None:
        self._settings = settings
        self._environment = environment
        self._files: list[tuple[ReportFormat, OutputFile]] = []

    def open(self) -> None:
        """Open all files; raises OutputError where one cannot be written."""
        summary = self._path_of("GITHUB_STEP_SUMMARY")
        append = frozenset({summary} if summary else ())
        paths = [os.path.realpath(report.path) for report in self._settings.reports]
        for report, path in zip(self._settings.reports, paths, strict=True):
            if paths.count(path) > 1 and not path.startswith("/dev/"):
                raise UsageError(f"two reports go to {report.path}: give each a file of its own")
            self._files.append((report.format, OutputFile.open(report.path, append=append)))
        if summary and ReportFormat.GITHUB in self._formats() and os.path.realpath(summary) not in paths:
            self._files.append((ReportFormat.MARKDOWN, OutputFile.open(summary, append=append)))

    def reports(self, stdout: Sink) -> Reports:
        """Return the reports of all files, and the one on `stdout` unless all is to be quiet."""
        reports = [] if self._settings.quiet else [self._on_stdout(stdout)]
        for format_, file in self._files:
            reports.append(
                NamedReport(name=str(file.path), report=format_.report(file.stream, depth=self._depth, root=self._root))
            )
        return Reports(reports)

    def written(self, write: Callable[[Sink], None]) -> list[str]:
        """Have `write` write every file, and let it appear; return a message for each that cannot."""
        problems = []
        while self._files:
            _, file = self._files.pop()
            try:
                write(file.stream)
                file.commit()
            except OutputError as error:
                problems.append(str(error))
            except OSError as error:
                file.discard()
                problems.append(f"cannot write {printable(str(file.path))}: {error.strerror or error}")
        return problems

    def commit(self, reports: Reports) -> list[str]:
        """Let the files appear that took everything; return a message for each that cannot."""
        problems = []
        while self._files:
            _, file = self._files.pop()
            try:
                if reports.works(str(file.path)):
                    file.commit()
                else:
                    file.discard()
            except OutputError as error:
                problems.append(str(error))
        return problems

    def discard(self) -> None:
        """Let no file appear."""
        while self._files:
            self._files.pop()[1].discard()

    @property
    def format(self) -> ReportFormat:
        """The format on standard output."""
        if self._settings.format is not None:
            return self._settings.format
        return ReportFormat.TABLE if self._environment.stdout_is_terminal else ReportFormat.LINES

    @property
    def leaves_out_course(self) -> bool:
        """Whether how the run went is to be told, and standard output's format has no room for it."""
        told = self.format in (ReportFormat.TABLE, ReportFormat.MARKDOWN)
        return self._settings.verbose and not self._settings.quiet and not told

    def display(
        self,
        *,
        total: Callable[[], int | None],
        turns: Callable[[], Sequence[Turn]],
        known: Callable[[], int],
        clock: Clock,
    ) -> CheckDisplay:
        """Return the display that fits: none where nobody would see it, or where it would get into the results."""
        environment, settings = self._environment, self._settings
        # Results on the same terminal, be they ours or those of the next program in a pipe, and a
        # bar would write over each other.
        streams = environment.stdout_is_terminal and self.format is not ReportFormat.TABLE
        mixed = (streams or environment.stdout_is_pipe) and not settings.quiet
        if settings.quiet or not settings.progress or not environment.shows_progress or mixed:
            return NullDisplay()
        from allup.cli.consoles import stderr_console  # noqa: PLC0415 - Rich is for those who see it
        from allup.live.progress import ProgressDisplay  # noqa: PLC0415
        from allup.live.snapshot import Snapshot  # noqa: PLC0415

        console = stderr_console(environment, settings.color)
        seen = Snapshot(turns)
        return ProgressDisplay(
            console,
            total=total(),
            in_flight=lambda: len(seen()),
            turns=seen,
            known=known,
            clock=clock.monotonic,
        )

    def _formats(self) -> set[ReportFormat]:
        return {report.format for report in self._settings.reports} | (set() if self._settings.quiet else {self.format})

    @property
    def _root(self) -> Path | None:
        return self._path_of("GITHUB_WORKSPACE")

    def _path_of(self, variable: str) -> Path | None:
        value = self._environment.variables.get(variable)
        return Path(value) if value else None

    @property
    def _depth(self) -> Depth:
        return Depth.FULL if self._settings.verbose else Depth.USUAL

    def _on_stdout(self, stdout: Sink) -> NamedReport:
        environment, settings = self._environment, self._settings
        color = environment.colors(settings.color, is_terminal=environment.stdout_is_terminal)
        # A log is read among others, and percentiles of some verdicts mislead: unless more is asked for, there
        # are the rows and the summary.
        usual = environment.stdout_is_terminal and not settings.only
        depth = self._depth if usual or settings.verbose else Depth.BRIEF
        report = self.format.report(stdout, width=environment.columns, color=color, depth=depth, root=self._root)
        return NamedReport(name=STDOUT, report=Only(report, settings.only) if settings.only else report, to_reader=True)


@contextmanager
def opened(settings: OutputSettings, environment: Environment) -> Iterator[Outputs]:
    """Open the outputs of a run; a file that was not committed by the block's end never appears. Raises OutputError."""
    outputs = Outputs(settings, environment)
    try:
        outputs.open()
        yield outputs
    finally:
        outputs.discard()
