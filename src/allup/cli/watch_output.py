"""Who gets to know what a watch sees."""

from dataclasses import dataclass
from pathlib import Path

from allup.cli.environment import Color, Environment
from allup.cli.options.watch import Address
from allup.report.transition_format import TransitionFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchOutput:
    """What was asked for; `format` None means: what fits standard output."""

    format: TransitionFormat | None
    on_change: str | None
    metrics: Address | None
    history: Path | None
    keep_s: float
    progress: bool
    color: Color

    def shows_dashboard(self, environment: Environment) -> bool:
        """Say whether there is a terminal for it, on which nothing else is written."""
        lines_on_terminal = environment.stdout_is_terminal and self.format is not None
        mixed = environment.stdout_is_pipe or lines_on_terminal
        return self.progress and environment.stderr_is_terminal and not mixed

    def writes_lines(self, environment: Environment) -> bool:
        """Say whether changes go to standard output; to a terminal with a dashboard they go by that."""
        return not (environment.stdout_is_terminal and self.shows_dashboard(environment))
