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

    A column that is no option's is left alone.
    """

    def __init__(self, name: str, defaults: LineDefaults, *, delimiter: str | None = None) -> None:
        self._name = name
        self._defaults = defaults
        self._rows = RowReader(name, delimiter)
        self._columns: list[tuple[int, str]] | None = None
        self._url_at = self._count = 0
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
            if self._columns is None:
                self._columns = self._read_names(row)
            elif isinstance(row, InvalidTarget):
                yield row
            elif isinstance(row, BadRow):
                yield invalid(row.text, row.reason, Origin(source=self._name, line=row.line))
            elif (entry := self._entry(row, self._columns)) is not None:
                yield entry

    def _read_names(self, row: Row | BadRow | InvalidTarget) -> list[tuple[int, str]]:
        if not isinstance(row, Row):
            line = row.line if isinstance(row, BadRow) else row.origin.line
            raise BrokenList(f"the first row, which names the columns: {row.reason}", line=line)
        names = [field_name(cell) for cell in row.cells]
        if URL not in names:
            raise BrokenList(
                f"no column is called url: there are {', '.join(row.cells[:10])}",
                hint="name the columns in the first row, the one of the URLs url",
                line=row.line,
            )
        self._url_at, self._count = names.index(URL), len(names)
        self._own = names == [*FIELDS]
        self._rows.skips_initial_space = not self._own
        return _columns(names, row)

    def _entry(self, row: Row, columns: Sequence[tuple[int, str]]) -> Entry | None:
        url = self._cell(row, self._url_at).strip()
        given = [(option, self._cell(row, at)) for at, option in columns]
        origin = Origin(source=self._name, line=row.line)
        if any(cell.strip() for cell in row.cells[self._count :]):
            hint = f"put a cell with {self._rows.delimiter!r} in it in quotes"
            return invalid(row.text, "more cells than the first row has", origin, hint=hint)
        if not url and not any(text for _, text in given):
            return None  # spreadsheets leave such rows behind
        values = [(option, text) for option, cell in given for text in _texts(option, cell)]
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
    if option == "follow":  # as spreadsheets write what is true or false
        cell = {"true": "yes", "false": "no"}.get(cell.strip().lower(), cell)
    if not OPTIONS[option].several:
        return [cell] if cell.strip() else []
    return [line for line in cell.split("\n") if line.strip()]
