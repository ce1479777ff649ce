"""CSV and TSV: a row a target, its URL and options in columns that the first row names."""

from collections.abc import Iterator, Sequence
from typing import Final

from allup.lists.details import LineDefaults
from allup.lists.formats.csv_rows import BadRow, Row, RowReader
from allup.lists.formats.fields import FIELDS, URL, entry_of, field_name, meant
from allup.lists.formats.inert import as_it_was
from allup.lists.formats.parser import BrokenList
from allup.lists.line import invalid
from allup.lists.options import OPTIONS
from allup.model.target import Entry, InvalidTarget, Origin

_MOST_COLUMNS: Final = 1_000


class CsvParser:
    """The rows of a CSV list; `delimiter` None: what the first row has most of, of comma, semicolon, tab and bar.

    A column that is no option's is left alone. Without a row of names, the first column with a URL in it counts.
    """

    def __init__(self, name: str, defaults: LineDefaults, *, delimiter: str | None = None) -> None:
        self._name = name
        self._defaults = defaults
        self._rows = RowReader(name, delimiter)
        self._columns: list[tuple[int, str]] | None = None
        self._url_at = 0
        self._own = False

    @property
    def number(self) -> int:
        """The line in which the row that is being read begins."""
        return self._rows.number

    def feed(self, chunk: bytes) -> Iterator[Entry]:
        """Return the entries of the rows that `chunk` completes."""
        return self._entries(self._rows.feed(chunk))

    def finish(self) -> Iterator[Entry]:
        """Return the entries of the rows that are left at the end."""
        return self._entries(self._rows.finish())

    def _entries(self, rows: Iterator[Row | BadRow | InvalidTarget]) -> Iterator[Entry]:
        for row in rows:
            if isinstance(row, InvalidTarget):
                yield row
            elif isinstance(row, BadRow):
                yield invalid(row.text, row.reason, Origin(source=self._name, line=row.line))
            elif self._columns is not None or not self._read_names(row):
                entry = self._entry(row)
                if entry is not None:
                    yield entry

    def _read_names(self, row: Row) -> bool:
        """Take `row` for the names of the columns; say whether it has them, and does not begin the list itself."""
        names = [field_name(cell) for cell in row.cells]
        if URL in names:
            self._url_at = names.index(URL)
            self._columns = _columns(names, row)
            self._own = names == [*FIELDS]
            return True
        first = next((at for at, cell in enumerate(row.cells) if "://" in cell), None)
        if first is None:
            raise BrokenList(
                f"no column is called url: there are {', '.join(row.cells[:10])}",
                hint="name the columns in the first row, the one of the URLs url",
                line=row.line,
            )
        self._columns, self._url_at = [], first
        return False

    def _entry(self, row: Row) -> Entry | None:
        assert self._columns is not None
        url = self._cell(row, self._url_at).strip()
        given = [(option, self._cell(row, at)) for at, option in self._columns]
        if not url and not any(text for _, text in given):
            return None  # spreadsheets leave such rows behind
        values = [(option, text) for option, cell in given for text in _texts(option, cell)]
        origin = Origin(source=self._name, line=row.line)
        if not url:
            return invalid(row.text, "no URL in the url column", origin)
        return entry_of(url, values, self._defaults, origin, shown=row.text)

    def _cell(self, row: Row, at: int) -> str:
        cell = row.cells[at] if at < len(row.cells) else ""
        # Only what `allup list` has written is known to have it: others may mean their apostrophes.
        return as_it_was(cell) if self._own else cell


def _columns(names: Sequence[str], row: Row) -> list[tuple[int, str]]:
    if len(names) > _MOST_COLUMNS:
        raise BrokenList(f"more than {_MOST_COLUMNS:,} columns", line=row.line)
    for cell, name in zip(row.cells, names, strict=True):
        if field := meant(name):
            raise BrokenList(
                f"no option is called {cell.strip()!r}: did you mean {field}?",
                hint="rename the column in the first row",
                line=row.line,
            )
    twice = next((name for name in FIELDS if names.count(name) > 1), None)
    if twice is not None:
        raise BrokenList(f"two columns are called {twice}: rename one", line=row.line)
    return [(at, name) for at, name in enumerate(names) if name in OPTIONS]


def _texts(option: str, cell: str) -> list[str]:
    """Return the values in `cell`: an option that may be repeated has one a line, an empty cell has none."""
    if not OPTIONS[option].several:
        return [cell] if cell.strip() else []
    return [line for line in cell.split("\n") if line.strip()]
