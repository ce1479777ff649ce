"""Rows of CSV (RFC 4180, with plain line feeds) in which no text of others takes effect."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Final

Cell = str | float | None

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001 - a spreadsheet knows them
_APART: Final = re.compile(r";|^\s*::")
"""What some spreadsheets part cells at, and what begins a workflow command where it begins a line."""
_NEXT_LINE: Final = re.compile(r"(?<=\n)(?=\s*::)")


def csv_row(cells: Iterable[Cell]) -> str:
    """Return one row; text that a spreadsheet would calculate begins with an apostrophe, None is empty."""
    row = ["" if cell is None else _inert(cell) for cell in cells]
    quoted = any(isinstance(cell, str) and _APART.search(cell) for cell in row)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL).writerow(row)
    return text.getvalue()


def _inert(cell: str | float) -> str | float:
    if not isinstance(cell, str):
        return cell
    text = _NEXT_LINE.sub("'", cell)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
