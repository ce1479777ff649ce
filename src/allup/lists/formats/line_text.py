"""One line of a list as text, or why it is none."""

from allup.lists.line import invalid
from allup.lists.lines import LONGEST_LINE
from allup.lists.redaction import printable_line
from allup.model.target import InvalidTarget, Origin


def readable(line: bytes, origin: Origin) -> str | InvalidTarget:
    """Return the text of `line`, without its end, or the entry that it is because it cannot be read."""
    if len(line) > LONGEST_LINE:
        return _too_long(line[:LONGEST_LINE], origin)
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = line.decode(errors="backslashreplace")
        return invalid(text, "not UTF-8", origin, hint="save the list as UTF-8")
    if "\0" in text:
        return invalid(text, "a NUL byte in the line", origin, hint="save the list as plain text in UTF-8")
    return text


def _too_long(line: bytes, origin: Origin) -> InvalidTarget:
    # The @ that a password ends with may be cut off: with one at the end it is still recognised.
    text = printable_line(f"{line.decode(errors='backslashreplace').strip()}@").removesuffix("@")
    return InvalidTarget(text=text, reason=f"longer than {LONGEST_LINE:,} bytes", origin=origin)
