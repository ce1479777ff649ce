"""Standard error, for what people look at."""

from rich.console import Console

from allup.cli.environment import Color, Environment
from allup.report.paper import paper


def stderr_console(environment: Environment, color: Color) -> Console:
    """Return a console over standard error: as wide as its terminal, if it is one."""
    colors = environment.colors(color, is_terminal=environment.stderr_is_terminal)
    if environment.stderr_is_terminal:
        return Console(file=environment.stderr, force_terminal=True, no_color=not colors, highlight=False)
    return paper(environment.stderr, width=environment.columns, color=colors)
