"""Which sources a command is to read."""

from collections.abc import Sequence
from dataclasses import replace

from allup.cli.environment import Environment
from allup.lists.formats.format import InputFormat
from allup.lists.source import Source, SourceError, StandardInput, resolve_source, resolve_sources


def chosen_sources(
    arguments: Sequence[str] | None, input_format: InputFormat | None, environment: Environment
) -> list[Source]:
    """Return the sources that `arguments` name; none of them means standard input, if that is no terminal.

    With an `input_format`, all of them are lists of it. Raises SourceError.
    """
    if arguments:
        sources = [source for argument in arguments for source in resolve_sources(argument, input_format)]
    elif environment.stdin_is_terminal:
        raise SourceError("nothing to check: name a URL or a list, or pipe one in")
    else:
        sources = [resolve_source("-", input_format)]
    return [_connected(source, environment) for source in sources]


def _connected(source: Source, environment: Environment) -> Source:
    return replace(source, fd=environment.stdin_fd) if isinstance(source, StandardInput) else source
