"""One list, from its bytes to its entries."""

from collections.abc import Iterator

from allup.lists.line import LineDefaults, invalid, parse_line
from allup.lists.lines import LONGEST_LINE, LineSplitter
from allup.lists.reading import Reader
from allup.lists.redaction import printable_line
from allup.model.target import Entry, InvalidTarget, Origin


class Listing:
    """The entries of the text list that `reader` reads; `name` is what records call the list."""

    def __init__(self, name: str, reader: Reader, defaults: LineDefaults) -> None:
        self.name = name
        self.count = 0
        self.stop = reader.stop
        self.aclose = reader.aclose
        self._reader = reader
        self._defaults = defaults
        self._splitter = LineSplitter()
        self._ended = False

    @property
    def empty(self) -> bool:
        """Whether the list ended by itself and had no entry."""
        return self._ended and self.count == 0 and not self._reader.cut

    async def next_batch(self) -> Iterator[Entry] | None:
        """Return the entries of the lines that came, each parsed when it is taken; None at the end."""
        while not self._ended:
            first = self._splitter.number
            try:
                lines = self._split(await self._reader.read())
            except OSError as error:
                return self._broken(error)
            if lines:
                return self._entries(first, lines)
        await self._reader.aclose()
        return None

    def _split(self, chunk: bytes) -> list[bytes]:
        if chunk:
            return self._splitter.feed(chunk)
        self._ended = True
        # Half a line of a list that was stopped is not what its author wrote.
        return [] if self._reader.cut else self._splitter.finish()

    def _entries(self, first: int, lines: list[bytes]) -> Iterator[Entry]:
        for number, line in enumerate(lines, first):
            entry = self._entry(number, line)
            if entry is not None:
                self.count += 1
                yield entry

    def _entry(self, number: int, line: bytes) -> Entry | None:
        start = line.lstrip()
        # A comment may be anything: it asks for nothing.
        if not start or start.startswith(b"#"):
            return None
        origin = Origin(source=self.name, line=number)
        if len(line) > LONGEST_LINE:
            return _too_long(line[:LONGEST_LINE], origin)
        try:
            text = line.decode()
        except UnicodeDecodeError:
            text = line.decode(errors="backslashreplace")
            return invalid(text, "not UTF-8", origin, hint="save the list as UTF-8")
        if "\0" in text:
            return invalid(text, "a NUL byte in the line", origin, hint="save the list as plain text in UTF-8")
        return parse_line(text, self._defaults, origin)

    def _broken(self, error: OSError) -> Iterator[Entry]:
        self._ended = True
        self.count += 1
        origin = Origin(source=self.name, line=self._splitter.number)
        return iter([invalid(self.name, f"the list cannot be read any further: {error.strerror}", origin)])


def _too_long(line: bytes, origin: Origin) -> InvalidTarget:
    # The @ that a password ends with may be cut off: with one at the end it is still recognised.
    text = printable_line(f"{line.decode(errors='backslashreplace').strip()}@").removesuffix("@")
    return InvalidTarget(text=text, reason=f"longer than {LONGEST_LINE:,} bytes", origin=origin)
