"""A list as text: what `check` reads as the same targets."""

from allup.lists.line import format_line
from allup.model.target import Entry, InvalidTarget
from allup.report.printable import printable
from allup.report.sink import Sink


class TextListing:
    """A line an entry, with its options in force, as a text list has them."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def start(self) -> None:
        """Write nothing: a text list has no head."""

    def add(self, entry: Entry) -> None:
        """Write one line."""
        line = printable(entry.text) if isinstance(entry, InvalidTarget) else format_line(entry)
        self._sink.write(f"{line}\n")
        self._sink.flush()

    def finish(self) -> None:
        """Write nothing."""
