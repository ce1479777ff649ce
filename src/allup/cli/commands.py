"""The commands of the program; the module of each is imported when it is asked for, and not before."""

import functools
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Final

import typer
from typer.main import get_command

from allup.cli.configurable import Configurable
from allup.cli.following import Preceding
from allup.cli.options.configuration import configurable
from allup.cli.plain_values import PlainCommand

_COMMANDS: Final = {
    "check": ("allup.cli.check:check", Configurable),
    "compare": ("allup.cli.compare:compare", Configurable),
    "race": ("allup.cli.race:race", Configurable),
    "wait": ("allup.cli.wait:wait", Preceding),
    "watch": ("allup.cli.watch:watch", Configurable),
    "list": ("allup.cli.list_:list_", Configurable),
    "config": ("allup.cli.config:config", PlainCommand),
    "demo": ("allup.cli.demo:demo", PlainCommand),
    "merge": ("allup.cli.merge:merge", PlainCommand),
    "history": ("allup.cli.history:history", PlainCommand),
    "lab": ("allup.cli.lab:lab", PlainCommand),
    "schema": ("allup.cli.schema:schema", PlainCommand),
}
"""In the order of the help: where the function of each is, and what kind of a command it is."""


class Commands(Mapping[str, Any]):
    """The commands by their names."""

    def __getitem__(self, name: str) -> Any:
        """Return the command of that name; raises KeyError."""
        return _command(name)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, in the order of the help."""
        return iter(_COMMANDS)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(_COMMANDS)


@functools.cache
def _command(name: str) -> Any:
    place, kind = _COMMANDS[name]
    module, _, function = place.partition(":")
    run = getattr(import_module(module), function)
    alone = typer.Typer(add_completion=False)
    alone.command(name=name, cls=kind)(configurable(run) if issubclass(kind, Configurable) else run)
    return get_command(alone)
