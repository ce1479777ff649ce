"""The dashboard of a watch, where there is a terminal for it."""

from allup.cli.environment import Environment
from allup.cli.watch_output import WatchOutput
from allup.live.watch_display import NoDashboard, WatchDisplay
from allup.model.clock import Clock
from allup.run.watching import Watching


def watch_display(output: WatchOutput, environment: Environment, watch: Watching, clock: Clock) -> WatchDisplay:
    """Return the dashboard, or nothing."""
    if not output.shows_dashboard(environment):
        return NoDashboard()
    from allup.cli.consoles import stderr_console  # noqa: PLC0415 - Rich is for those who see it
    from allup.live.dashboard import Dashboard  # noqa: PLC0415

    return Dashboard(stderr_console(environment, output.color), watch, clock.wall)
