"""Which sources a command is to read."""

from collections.abc import Sequence

from allup.cli.environment import Environment
from allup.lists.source import Source, SourceError, StandardInput, resolve_source


def chosen_sources(arguments: Sequence[str] | None, environment: Environment) -> list[Source]:
    """Return the sources that `arguments` name; none of them means standard input, if that is no terminal.

    Raises SourceError.
    """
    if arguments:
        sources = [resolve_source(argument) for argument in arguments]
    elif environment.stdin_is_terminal:
        raise SourceError("nothing to check: name a URL or a list, or pipe one in")
    else:
        sources = [StandardInput()]
    return [_connected(source, environment) for source in sources]


def _connected(source: Source, environment: Environment) -> Source:
    return StandardInput(fd=environment.stdin_fd) if isinstance(source, StandardInput) else source
