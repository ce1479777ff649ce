"""A JSON document of `check`, read as a stream for what a baseline has to know of its records."""

import json
from collections.abc import Iterator
from typing import Any, Final

import ijson

_DEEPEST: Final = 100
_RECORD_AT: Final = 3
"""How deep a record's keys are: in it, in the array, in the document."""
_OPENING: Final = frozenset({"start_map", "start_array"})
_CLOSING: Final = frozenset({"end_map", "end_array"})


class BrokenDocument(Exception):
    """What comes is no JSON, or nested without end."""


class DocumentParser:
    """The elements of `results`, each as an object with what is plain in it, and of its failure.

    What is no object comes as it is, or as None. `schema` is the document's, as soon as it is known.
    """

    def __init__(self) -> None:
        self.schema: str | None = None
        self._events = ijson.sendable_list()
        self._parser = ijson.basic_parse_coro(self._events, use_float=True)
        self._keys: list[Any] = [None]
        self._record: dict[str, Any] | None = None
        self._found: list[Any] = []

    def feed(self, chunk: bytes) -> Iterator[object]:
        """Yield the elements that `chunk` completes; raises BrokenDocument behind them."""
        try:
            self._parser.send(chunk)
        except (ijson.JSONError, UnicodeError, StopIteration) as error:
            yield from self._complete()
            raise BrokenDocument from error
        yield from self._complete()

    def ends_well(self) -> bool:
        """Say whether the document is whole."""
        try:
            self._parser.close()
        except (ijson.JSONError, UnicodeError):
            return False
        return True

    def _complete(self) -> list[Any]:
        for event, value in self._events:
            if event == "map_key":
                self._keys[-1] = value
            elif event in _OPENING:
                self._open(event)
            elif event in _CLOSING:
                self._close()
            else:
                self._take(value)
        del self._events[:]
        found, self._found = self._found, []
        return found

    def _open(self, event: str) -> None:
        if len(self._keys) > _DEEPEST:
            raise BrokenDocument
        if len(self._keys) == _RECORD_AT and self._keys[1] == "results":
            self._record = {} if event == "start_map" else None
        elif self._record is not None and len(self._keys) == _RECORD_AT + 1 and self._keys[-1] == "failure":
            self._record["failure"] = {}
        self._keys.append(None)

    def _close(self) -> None:
        self._keys.pop()
        if len(self._keys) == _RECORD_AT and self._keys[1] == "results":
            self._found.append(self._record)
            self._record = None

    def _take(self, value: Any) -> None:
        depth, key = len(self._keys), self._keys[-1]
        if depth == _RECORD_AT + 1 and self._record is not None:
            self._record[key] = value
        elif depth == _RECORD_AT + 2 and self._record is not None and self._keys[-2] == "failure" and key == "kind":
            self._record["failure"] = {"kind": value}
        elif depth == _RECORD_AT and self._keys[1] == "results":
            self._found.append(value)
        elif depth == 2 and key == "schema":
            self.schema = value if isinstance(value, str) else json.dumps(value)
