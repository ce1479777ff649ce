"""Rows of CSV (RFC 4180, with plain line feeds) that no spreadsheet takes for formulas."""

import csv
import io
from collections.abc import Iterable
from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_ESCAPED: Final = (*_FORMULA, *(f"'{start}" for start in (*_FORMULA, "'")))
"""What an apostrophe goes before: also where there is one already, so that it can be told which was there."""


def csv_row(cells: Iterable[str]) -> str:
    """Return one row; a cell that a spreadsheet would calculate begins with an apostrophe."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(f"'{cell}" if cell.startswith(_ESCAPED) else cell for cell in cells)
    return text.getvalue()
