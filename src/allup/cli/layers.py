"""What is configured for a command: a file's keys, the file's table for the command, and variables.

A later one goes before an earlier one. All of it raises UsageError with the place of what is wrong.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from allup.cli.configuration import Configuration
from allup.cli.configured_value import from_file, from_variable
from allup.cli.keys import PREFIX, Keys, slip, suggestion, variable_of
from allup.cli.setting import Setting
from allup.lists.redaction import printable_line
from allup.model.usage import UsageError
from allup.report.printable import printable, shortened

CONFIG_VARIABLE: Final = f"{PREFIX}CONFIG"
REPLACES: Final[Mapping[str, str]] = {
    "ca-file": "insecure",
    "insecure": "ca-file",
    "cert": "key",
    "ipv4": "ipv6",
    "ipv6": "ipv4",
    "max-failures": "fail-fast",
}
"""Options that do away with another one that was said further down: both would be an error, or the wrong one win."""

_LONG: Final = 60

Layer = dict[str, Setting]


def layers_of_file(
    command: str, commands: Mapping[str, Keys], configuration: Configuration, variables: Mapping[str, str]
) -> Iterator[Layer]:
    """Yield what the file says for all commands, and for `command`; `commands` are the keys of each."""
    _check_names(commands, configuration)
    table = configuration.keys.get(command, {})
    general = {key: value for key, value in configuration.keys.items() if key not in commands}
    for names, values in (((), general), ((command,), table)):
        yield _layer(commands[command], values, configuration, variables, names)


def layer_of_variables(keys: Keys, variables: Mapping[str, str]) -> Layer:
    """Return what the variables say for a command with `keys`; an empty one says nothing."""
    layer = {}
    for key, option in keys.items():
        name = variable_of(key)
        if text := variables.get(name):
            with _placed(f"${name}"):
                layer[key] = Setting(key=key, value=from_variable(option, text), origin=f"${name}")
    return layer


def unknown_variables(keys: Keys, variables: Iterable[str]) -> list[str]:
    """Return those of `variables` that begin as ours do and mean nothing to a command with `keys`."""
    meant = {CONFIG_VARIABLE, *map(variable_of, keys)}
    return [name for name in variables if name.startswith(PREFIX) and name not in meant]


def slips(commands: Mapping[str, Keys], unknown: Iterable[str]) -> Iterator[str]:
    """Yield a message for each of the `unknown` variables that means nothing, and is near to one that does."""
    meant = {CONFIG_VARIABLE, *(variable_of(key) for keys in commands.values() for key in keys)}
    for name in unknown:
        if name not in meant and (near := slip(name, meant)):
            yield f"${name} means nothing: did you mean ${near}?"


def merged(layers: Iterable[Layer]) -> Layer:
    """Return what is in force of `layers`, of which a later one goes before an earlier one."""
    settings: Layer = {}
    for layer in layers:
        for key, setting in layer.items():
            if key in REPLACES and setting.value:
                settings.pop(REPLACES[key], None)
        settings |= layer
    return settings


def _layer(
    keys: Keys,
    values: Mapping[str, Any],
    configuration: Configuration,
    variables: Mapping[str, str],
    names: tuple[str, ...],
) -> Layer:
    layer = {}
    directory = configuration.path.parent
    for key in values.keys() & keys.keys():
        place = configuration.place(*names, key)
        with _placed(f"{place}: {key}"):
            value = from_file(keys[key], values[key], directory=directory, variables=variables)
            layer[key] = Setting(key=key, value=value, origin=place, shared=not names)
    return layer


def _check_names(commands: Mapping[str, Keys], configuration: Configuration) -> None:
    known = {key for keys in commands.values() for key in keys}
    for name, value in configuration.keys.items():
        if name in commands:
            if not isinstance(value, dict):
                raise UsageError(f"{configuration.place(name)}: {name} is a table of keys: write [{name}]")
            for key in value.keys() - commands[name].keys():
                none = f"{name} has no option" if key in known else "unknown key"
                raise _unknown(configuration, (name, key), none, commands[name])
        elif name not in known:
            raise _unknown(configuration, (name,), "unknown key", {*known, *commands})


def _unknown(configuration: Configuration, names: tuple[str, ...], problem: str, words: Iterable[str]) -> UsageError:
    name = printable(shortened(printable_line(names[-1]), _LONG))
    return UsageError(f"{configuration.place(*names)}: {problem} {name!r}{suggestion(name, words)}")


@contextmanager
def _placed(place: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise UsageError(f"{place}: {error}") from None
