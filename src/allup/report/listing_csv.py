"""A list as CSV, for spreadsheets."""

from typing import Final

from allup.lists.line import listed_url
from allup.lists.options import OPTIONS, values_by_option
from allup.model.target import Entry, InvalidTarget
from allup.report.csv_text import csv_row
from allup.report.printable import printable
from allup.report.sink import Sink

COLUMNS: Final = ("url", *OPTIONS)


class CsvListing:
    """A head and a row an entry; an option that is given several times has a line for each in its cell."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def start(self) -> None:
        """Write the head."""
        self._sink.write(csv_row(COLUMNS))

    def add(self, entry: Entry) -> None:
        """Write one row."""
        if isinstance(entry, InvalidTarget):
            self._sink.write(csv_row([printable(entry.text), *("" for _ in OPTIONS)]))
        else:
            values = values_by_option(entry.options)
            cells = ("\n".join(map(printable, values.get(option, ()))) for option in OPTIONS)
            self._sink.write(csv_row([printable(listed_url(entry)), *cells]))

    def finish(self) -> None:
        """Write nothing."""
