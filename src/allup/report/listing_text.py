"""A list as text: what `check` reads as the same targets."""

from allup.lists.line import LineDefaults, format_line, parse_line
from allup.model.target import Entry, InvalidTarget, Origin
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
        line = _unreadable(entry.text) if isinstance(entry, InvalidTarget) else format_line(entry)
        self._sink.write(f"{line}\n")

    def finish(self) -> None:
        """Write nothing."""


def _unreadable(text: str) -> str:
    line = printable(text.replace("\t", " "))
    # What had to be escaped, or cut off, might be a target now, and not the one that was meant: in quotes it is none.
    # Nor does a runner of GitHub's take it for a command then.
    harmless = isinstance(parse_line(line, LineDefaults(), Origin()), InvalidTarget) and not line.startswith("::")
    return line if harmless else f'"{line}"'
