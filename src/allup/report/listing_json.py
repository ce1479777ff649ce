"""A list as JSON, written as a stream."""

from collections.abc import Mapping

from allup.lists.line import listed_url
from allup.lists.options import OPTIONS, values_by_option
from allup.model.target import Entry, InvalidTarget
from allup.report.json_text import json_text
from allup.report.sink import Sink


class JsonListing:
    """An array, an object a target with its options by name, and a string for a line that is none."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._before_next = "["
        self._end = "[]\n"

    def start(self) -> None:
        """Write nothing yet."""

    def add(self, entry: Entry) -> None:
        """Write one element, on a line of its own."""
        element = (
            entry.text
            if isinstance(entry, InvalidTarget)
            else _object(listed_url(entry), values_by_option(entry.options))
        )
        self._sink.write(f"{self._before_next}\n{json_text(element)}")
        self._before_next, self._end = ",", "\n]\n"

    def finish(self) -> None:
        """Close the array."""
        self._sink.write(self._end)


def _object(url: str, options: Mapping[str, list[str]]) -> dict[str, object]:
    return {"url": url} | {name: texts if OPTIONS[name].several else texts[0] for name, texts in options.items()}
