"""Rows of CSV (RFC 4180, with plain line feeds) in which no text of others takes effect."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Final

from allup.lists.formats.inert import inert

Cell = str | float | None

_COMMAND: Final = re.compile(r"\s*::")
"""What a runner of GitHub's obeys where it begins a line."""


def csv_row(cells: Iterable[Cell]) -> str:
    """Return one row, None as empty; in text, an apostrophe goes before what a spreadsheet would calculate."""
    row = [cell if isinstance(cell, float | int) else inert(cell or "") for cell in cells]
    # In quotes a command does not begin the line, and is still the same text.
    quoted = bool(row) and _COMMAND.match(str(row[0]))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL).writerow(row)
    return text.getvalue()
