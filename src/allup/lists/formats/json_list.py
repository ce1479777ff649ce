"""JSON: an array of targets, at the top or in an object at the top, read as a stream."""

import codecs
from collections.abc import Callable, Iterator
from typing import Any, Final

import ijson

from allup.lists.details import LineDefaults
from allup.lists.formats.fields import URL, field_name
from allup.lists.formats.json_fields import as_text, entry_of_json
from allup.lists.formats.parser import BrokenList
from allup.lists.line import invalid
from allup.model.target import Entry, Origin

_LARGEST: Final = 1024 * 1024
"""Bytes of one element, give or take a chunk: beyond it no list of targets goes on."""
_DEEPEST: Final = 100
_OPENING: Final = frozenset({"start_map", "start_array"})
_CLOSING: Final = frozenset({"end_map", "end_array"})


class JsonParser:
    """The elements of an array at the top, or of the one that an object at the top holds: ``{"results": [...]}``.

    `number` counts elements.
    """

    def __init__(self, name: str, defaults: LineDefaults) -> None:
        self.number = 1
        self._name = name
        self._defaults = defaults
        self._events = ijson.sendable_list()
        self._parser = ijson.basic_parse_coro(self._events, use_float=False)
        self._depth = 0
        self._array_at = 0
        self._builder: Any = None
        self._bytes = self._silent = 0
        self._key: str | None = None
        self._keys: set[str] = set()
        self._twice: str | None = None
        self._begun = False
        self._start = b""
        self._arrays = False

    def feed(self, chunk: bytes) -> Iterator[Entry]:
        """Return the entries of the elements that `chunk` completes."""
        return self._entries(chunk if self._begun else self._first(chunk))

    def _first(self, chunk: bytes) -> bytes:
        self._start += chunk
        if len(self._start) < len(codecs.BOM_UTF8):
            return b""
        self._begun = True
        return self._start.removeprefix(codecs.BOM_UTF8)

    def _entries(self, chunk: bytes) -> Iterator[Entry]:
        problem = _tried(lambda: self._parser.send(chunk)) if chunk else None  # to send nothing is to end it
        events = list(self._events)
        del self._events[:]
        self._bytes += len(chunk)
        self._silent = 0 if events else self._silent + len(chunk)
        for event, value in events:
            yield from self._take(event, value)
        if problem is not None:
            raise problem
        if self._silent > _LARGEST or (self._builder is not None and self._bytes > _LARGEST):
            raise BrokenList(f"element {self.number} is larger than {_LARGEST // 1024} KiB")

    def finish(self) -> Iterator[Entry]:
        """Say what is missing at the end."""
        if not self._begun:
            yield from self._entries(self._start)
        problem = _tried(self._parser.close)
        for event, value in self._events:
            yield from self._take(event, value)
        if problem is not None:
            raise problem
        if not self._arrays:
            raise BrokenList("no array of URLs in it", hint='write ["https://...", {"url": "https://..."}]')

    def _take(self, event: str, value: Any) -> Iterator[Entry]:
        opening, closing = event in _OPENING, event in _CLOSING
        self._depth += opening - closing
        if self._depth > _DEEPEST:
            raise BrokenList(f"nested more than {_DEEPEST} deep")
        if self._builder is not None:
            self._note_key(event, value)
            self._builder.event(event, value)
            if closing and self._depth == self._array_at:
                yield self._completed(self._builder.value)
        elif not self._array_at:
            self._look_for_array(event, value)
        elif closing and self._depth < self._array_at:
            self._array_at = 0
        elif opening:
            self._builder = ijson.ObjectBuilder()
            self._builder.event(event, value)
            self._bytes = 0
        else:
            yield self._completed(value)

    def _note_key(self, event: str, value: Any) -> None:
        if event == "map_key" and self._depth == self._array_at + 1:
            if value in self._keys:
                self._twice = value
            self._keys.add(value)

    def _look_for_array(self, event: str, value: Any) -> None:
        if event == "map_key" and self._depth == 1:
            self._key = value
        elif event == "string" and self._depth == 1 and self._key is not None and field_name(self._key) == URL:
            raise BrokenList("one target, and no array of them", hint='write [{"url": ...}], or --input-format jsonl')
        elif event == "start_array" and self._depth <= 2:
            if self._arrays:
                raise BrokenList(f"a second array, {self._key!r}", hint="leave the one in that is meant")
            self._array_at = self._depth
            self._arrays = True

    def _completed(self, value: Any) -> Entry:
        self._builder = None
        self._bytes = 0
        origin = Origin(source=self._name, line=self.number)
        self.number += 1
        twice, self._twice = self._twice, None
        self._keys.clear()
        if twice is not None:
            return invalid(as_text(value), f"{twice!r} is there twice: keep one", origin)
        return entry_of_json(value, self._defaults, origin)


def _tried(parse: Callable[[], object]) -> BrokenList | None:
    try:
        parse()
    except (ijson.JSONError, UnicodeDecodeError) as error:
        return _broken(error)
    return None


def _broken(error: Exception) -> BrokenList:
    said = str(error)
    if "UTF8" in said or isinstance(error, UnicodeDecodeError):
        return BrokenList("not UTF-8", hint="save the list as UTF-8")
    if "trailing garbage" in said or "Additional data" in said:
        return BrokenList("more than one value", hint="a value a line is --input-format jsonl")
    if "premature EOF" in said or "Incomplete" in said:
        return BrokenList("it ends in the middle")
    return BrokenList("no JSON from here on")
