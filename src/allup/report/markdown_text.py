"""Text of others in Markdown (GitHub's): only inside of code does nothing of theirs take effect."""

import re

from allup.report.printable import printable, shortened


def code_span(text: str) -> str:
    """Return `text` as code, in which no link, mention or HTML takes effect (CommonMark 0.31, section 6.1)."""
    harmless = printable(text)
    longest = max(map(len, re.findall("`+", harmless)), default=0)
    fence = "`" * (longest + 1)
    space = " " if harmless.startswith("`") or harmless.endswith("`") else ""
    return f"{fence}{space}{harmless}{space}{fence}"


def code_cell(text: str, most: int) -> str:
    r"""Return the first `most` characters of `text` as code in a table's cell, a bar as ``\x7c``; "" stays empty.

    A bar ends a cell even in code, and how to escape one behind a backslash is read in two ways.
    """
    return code_span(shortened(text, most)).replace("|", r"\x7c") if text.strip() else ""
