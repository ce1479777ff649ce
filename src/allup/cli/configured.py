"""The defaults of a command that are configured: those of a file and of variables."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typer

from allup.cli import configuration
from allup.cli.configuration import Configuration
from allup.cli.environment import Environment
from allup.cli.keys import Keys, keys_of
from allup.cli.layers import (
    CONFIG_VARIABLE,
    REPLACES,
    Layer,
    layer_of_variables,
    layers_of_file,
    merged,
    slips,
    unknown_variables,
)
from allup.cli.options.configuration import CONFIG_FILE, NO_CONFIG
from allup.cli.setting import Setting
from allup.model.usage import UsageError


class Configured(dict[str, Any]):
    """Values by the names of parameters, as Typer asks for them: file and variables are read when it first does.

    `commands` returns the keys of every command, all of which are imported for it: that is done where a file, or
    a variable that the command does not know, is to be understood. `path` is the file that was read, if any. For
    help and completion there are no values, and nothing is read.
    """

    def __init__(self, context: typer.Context, commands: Callable[[], dict[str, Keys]]) -> None:
        super().__init__()
        self.path: Path | None = None
        self.keys_of_command = keys_of(context.command)
        self._context = context
        self._commands = commands
        self._by_name = {option.name: key for key, option in self.keys_of_command.items()}
        self._settings: Layer | None = None

    def get(self, name: str, default: Any = None) -> Any:
        """Return what is configured for the parameter of that name; raises UsageError."""
        setting = None if self._context.resilient_parsing else self._setting(name)
        return default if setting is None else setting.value

    def origin(self, name: str) -> Setting | None:
        """Return where the value of the parameter of that name is from, if that is from here."""
        return self._setting(name) if self._source(name) == "DEFAULT_MAP" else None

    def of_flag(self, flag: str) -> Setting | None:
        """Return where the value of the option with that flag is from, if that is from here."""
        return next((self.origin(option.name) for option in self.keys_of_command.values() if flag in option.opts), None)

    def _setting(self, name: str) -> Setting | None:
        key = self._by_name.get(name)
        if key is None:
            return None
        if self._settings is None:
            self._settings = merged(self._layers())
        return None if self._is_replaced(key) else self._settings.get(key)

    def _is_replaced(self, key: str) -> bool:
        # Typer takes what is on the command line first, so that is known.
        others = (option.name for other, option in self.keys_of_command.items() if REPLACES.get(other) == key)
        return any(self._source(name) == "COMMANDLINE" and self._context.params.get(name) for name in others)

    def _source(self, name: str) -> str | None:
        source = self._context.get_parameter_source(name)
        return None if source is None else source.name

    def _layers(self) -> Iterator[Layer]:
        environment: Environment = self._context.obj
        file = self._file(environment)
        if file is not None:
            self.path = file.path
            yield from layers_of_file(self._context.info_name or "", self._commands(), file, environment.variables)
        if unknown := unknown_variables(self.keys_of_command, environment.variables):
            for message in slips(self._commands(), unknown):
                environment.complain(message)
        yield layer_of_variables(self.keys_of_command, environment.variables)

    def _file(self, environment: Environment) -> Configuration | None:
        chosen, none = self._context.params.get(CONFIG_FILE), self._context.params.get(NO_CONFIG)
        if chosen and none:
            raise UsageError("--config and --no-config exclude each other: leave one out")
        if none:
            return None
        named, directory = chosen or environment.variables.get(CONFIG_VARIABLE), environment.directory
        return configuration.read(directory / named) if named else configuration.found(directory)
