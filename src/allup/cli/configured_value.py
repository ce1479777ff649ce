"""How what a file or a variable says becomes what the flag would be given: the flag's own parser does the rest.

All functions raise ValueError with a message for people, which quotes no value.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from typer.core import TyperOption

from allup.cli.setting import Value

_YES: Final = frozenset({"1", "true", "yes", "on"})
_NO: Final = frozenset({"0", "false", "no", "off"})
_WITH_COMMAS: Final = frozenset({"--concurrency", "--expect", "--retry-on"})
"""Options whose one value is a list with commas, which a file may write as a list of its own."""
_HOMES: Final = ("HOME", "USERPROFILE")


def from_file(option: TyperOption, value: Any, *, directory: Path, variables: Mapping[str, str]) -> Value:
    """Return `value`, of a file in `directory`, to which relative paths in it refer."""
    if option.is_bool_flag:
        if not isinstance(value, bool):
            raise ValueError("write true or false")
        return value
    if option.multiple:
        texts = [_text(one) for one in (value if isinstance(value, list) else [value])]
        return [_from_there(option, text, directory, variables) for text in texts]
    if isinstance(value, list) and _WITH_COMMAS.intersection(option.opts):
        return ",".join(_text(one) for one in value)
    return _from_there(option, _text(value), directory, variables)


def from_variable(option: TyperOption, text: str) -> Value:
    """Return the value that the variable's `text` is: of an option that may be repeated, one a line."""
    if option.is_bool_flag:
        word = text.strip().lower()
        if word not in _YES | _NO:
            raise ValueError("write 1 or 0, true or false, yes or no")
        return word in _YES
    if option.multiple:
        return [line.strip() for line in text.splitlines() if line.strip()]
    # Secrets are made by machines: what they hold is taken as it stands, and not for a ${NAME}.
    return text.replace("${", r"\${") if "--auth" in option.opts else text


def _text(value: Any) -> str:
    match value:
        case str():
            return value
        case int() | float() if not isinstance(value, bool):
            return str(value)
        case _:
            raise ValueError("write a text or a number")


def _from_there(option: TyperOption, text: str, directory: Path, variables: Mapping[str, str]) -> str:
    match option.metavar:
        case "PATH":
            return _absolute(text, directory, variables)
        case "FORMAT=PATH" if "=" in text:
            name, _, path = text.partition("=")
            return f"{name}={_absolute(path, directory, variables)}"
        case _:
            return text


def _absolute(path: str, directory: Path, variables: Mapping[str, str]) -> str:
    home = next((variables[name] for name in _HOMES if variables.get(name)), "~")
    return str(directory / (home + path[1:] if path.startswith("~/") else path)) if path else path
