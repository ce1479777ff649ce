"""Text in the cells of a table, kept from taking effect where it is opened, and taken back."""

import re
from typing import Final

_FORMULA: Final = re.compile(r"""(^|;)(?='*[\s"]*[-=+@\t\r＝＋－＠])""")  # noqa: RUF001 - a spreadsheet knows them
"""What a spreadsheet would calculate; in half of Europe, a cell ends at a semicolon, be it quoted or not."""
_COMMAND: Final = re.compile(r"(\n)(?='*\s*::)")
"""What a runner of GitHub's obeys where it begins a line."""
_INERT: Final = re.compile(r"""(^|;)'(?='*[\s"]*[-=+@\t\r＝＋－＠])|(\n)'(?='*\s*::)""")  # noqa: RUF001


def inert(cell: str) -> str:
    """Return `cell` with an apostrophe before whatever would take effect."""
    # Where one stands there already, another goes before it, so that it can be told which was there.
    return _COMMAND.sub(r"\1'", _FORMULA.sub(r"\1'", cell))


def as_it_was(cell: str) -> str:
    """Return what `inert` was given."""
    return _INERT.sub(r"\1\2", cell)
