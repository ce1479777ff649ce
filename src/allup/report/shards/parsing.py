"""Reports as JSON, cut into their records and what stands at their end."""

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

from allup.report.json_document import SCHEMA
from allup.report.jsonl import is_end
from allup.report.printable import printable, shortened

HELP: Final = "merge takes what `allup check --shard K/N --report json=FILE` (jsonl, junit) has written"
_LARGEST: Final = 1024 * 1024
"""Bytes of a line: no target takes more."""
_MOST_QUOTED: Final = 60
_WANTED: Final = frozenset({"schema", "results.item", "summary"})
_OPENING: Final = frozenset({"start_map", "map_key", "start_array"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A record, or the summary `is_end` is said of; `place` is where it stands, to be put behind the file's name."""

    place: str
    value: Any
    is_end: bool = False


class Broken(Exception):
    """A report cannot be read at a `place`; the message says why."""

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(reason)
        self.place = place


def lines(file: IO[bytes]) -> Iterator[Piece]:
    """Yield the pieces of JSON Lines; raises Broken."""
    number, ended = 1, False
    while line := file.readline(_LARGEST + 1):
        place = f":{number}"
        if len(line) > _LARGEST:
            raise Broken(f"a line of more than {_LARGEST // 1024} KiB", place)
        if line.strip():
            if ended:
                raise Broken("something stands behind the summary, which is the last line", place)
            piece = _piece(line.removeprefix(codecs.BOM_UTF8) if number == 1 else line, place)
            ended = piece.is_end
            yield piece
        number += 1


def _piece(line: bytes, place: str) -> Piece:
    try:
        value = json.loads(line.decode())
    except (ValueError, RecursionError):
        raise Broken("no JSON" if line.endswith(b"\n") else "it breaks off", place) from None
    if not is_end(value):
        return Piece(place=place, value=value)
    check_schema(value.get("schema"), place)
    return Piece(place=place, value=value["summary"], is_end=True)


def document(file: IO[bytes]) -> Iterator[Piece]:
    """Yield the pieces of a JSON document, its summary last, wherever that stands; raises Broken."""
    number, schema, summary = 0, None, None
    for prefix, value in _values(file):
        if prefix == "schema":
            schema = value
        elif prefix == "summary":
            summary = value
        else:
            number += 1
            yield Piece(place=f": element {number}", value=value)
    check_schema(schema, "")
    yield Piece(place="", value=summary, is_end=True)


def _values(file: IO[bytes]) -> Iterator[tuple[str, Any]]:
    import ijson  # noqa: PLC0415 - those who have JSON Lines do not need it

    builder, within = None, ""
    try:
        for prefix, event, value in ijson.parse(file, use_float=True):
            if builder is None:
                if prefix not in _WANTED:
                    continue
                builder, within = ijson.ObjectBuilder(), prefix
            builder.event(event, value)
            if prefix == within and event not in _OPENING:
                yield prefix, builder.value
                builder = None
    except (ijson.JSONError, UnicodeError):
        raise Broken("it breaks off, or is no JSON") from None


def check_schema(schema: object, place: str) -> None:
    """Raise Broken where a report is of another version, or of another command."""
    if schema != SCHEMA:
        said = printable(shortened(str(schema), _MOST_QUOTED))
        raise Broken(f"its schema is {said!r}, and not {SCHEMA!r}", place)
