"""The configuration file: where it is found, and how it is read."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from allup.lists.redaction import printable_line
from allup.model.usage import UsageError

FILE: Final = "allup.toml"
_PYPROJECT: Final = "pyproject.toml"
_TABLE: Final = ("tool", "allup")
_AT: Final = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_HEADER: Final = re.compile(r"\s*\[(?P<name>[^\[\]]+)\]")
_KEY: Final = re.compile(r"""\s*(?P<quote>["']?)(?P<name>[^\s"'=.]+)(?P=quote)\s*=""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What a file says: its keys, and its tables as mappings; `text` may hold secrets."""

    path: Path
    keys: Mapping[str, Any]
    table: tuple[str, ...] = ()
    text: str = field(repr=False)

    def place(self, *names: str) -> str:
        """Return for people where the key or table of these names stands: the file, and the line if it is seen."""
        line = _line_of(self.text, (*self.table, *names))
        return str(self.path) if line is None else f"{self.path}:{line}"


def found(directory: Path) -> Configuration | None:
    """Return the configuration that is nearest to `directory`, in it or above; None where there is none.

    Raises UsageError where a file is there and cannot be read.
    """
    try:
        return next((one for place in (directory, *directory.parents) if (one := _in(place)) is not None), None)
    except UsageError as error:
        raise UsageError(f"{error} (--no-config does without it)") from error


def read(path: Path) -> Configuration:
    """Return what the file at `path` says; raises UsageError with the place where it cannot be read."""
    configuration = _parsed(path, _bytes_of(path))
    if configuration is None:
        raise UsageError(f"{path}: there is no table [tool.allup] in it")
    return configuration


def _in(place: Path) -> Configuration | None:
    own, shared = place / FILE, place / _PYPROJECT
    if os.path.isfile(own):  # noqa: PTH113 - says no where a directory must not be searched
        return read(own)
    # Most projects say nothing of allup in it: those are not parsed.
    if os.path.isfile(shared) and b"allup" in (data := _bytes_of(shared)):  # noqa: PTH113
        return _parsed(shared, data)
    return None


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"{path}: the configuration cannot be read: {reason}") from error


def _parsed(path: Path, data: bytes) -> Configuration | None:
    text = _text_of(path, data)
    keys = _toml(path, text)
    if path.name != _PYPROJECT:
        return Configuration(path=path, keys=keys, text=text)
    tools = keys.get(_TABLE[0])
    table = tools.get(_TABLE[1]) if isinstance(tools, dict) else None
    return Configuration(path=path, keys=table, table=_TABLE, text=text) if isinstance(table, dict) else None


def _text_of(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"{path}:{line}: not UTF-8, which TOML is written in") from None


def _toml(path: Path, text: str) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - for those who have a file

    try:
        return tomllib.loads(text)
    except ValueError as error:  # most are a TOMLDecodeError; a number of ten thousand digits is none
        at = _AT.search(str(error))
        place = f"{path}:{at['line']}:{at['column']}" if at and at["line"] else str(path)
        message = str(error)[: at.start()] if at and at["line"] else str(error)
        raise UsageError(f"{place}: not TOML: {printable_line(message)}") from None
    except RecursionError:
        raise UsageError(f"{path}: not TOML that can be read: it is nested too deeply") from None


def _line_of(text: str, names: tuple[str, ...]) -> int | None:
    # The parser tells no lines. What stands in a string of several lines may be taken for a key: then
    # the line is a wrong one, and nothing else.
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            table = tuple(part.strip().strip("\"'") for part in header["name"].split("."))
            if table == names:
                return number
        elif table == names[:-1] and (key := _KEY.match(line)) and key["name"] == names[-1]:
            return number
    return None
