"""Text of others, made harmless: what a terminal, a pipe or an editor could act upon becomes a visible escape."""

import re
from typing import Final

from allup.model.harmful import HARMFUL

ACTIVE: Final = re.compile(
    f"{HARMFUL.pattern}"
    "|[\ufffe\uffff]"  # no characters: XML and YAML take them nowhere
    r"|(?<=#)#(?=\[)"  # of "##[error]": a runner of GitHub's obeys it anywhere in a line
)
"""What could act on whoever reads text: harmful characters, and the middle of an old workflow command's prefix."""
_PREFIX: Final = "##["
_SHORT: Final = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}


def printable(text: str) -> str:
    r"""Return `text` on one line, its harmful characters written as ``\t``, ``\x1b`` or ``\u202e``."""
    return text if is_plain(text) else ACTIVE.sub(_visible, text)


def is_plain(text: str) -> bool:
    """Say whether ACTIVE surely finds nothing in `text`, in a tenth of the time that the search takes."""
    return text.isprintable() and _PREFIX not in text


def shortened(text: str, most: int) -> str:
    """Return `text`, or where it is longer than `most` characters its start and how many are left out."""
    return text if len(text) <= most else f"{text[:most]}... ({len(text) - most} more characters)"


def _visible(match: re.Match[str]) -> str:
    character = match[0]
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
