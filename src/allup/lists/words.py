"""Words quoted as in a POSIX shell (XCU 2.2), with comments and without expansions."""

import re
from typing import Final

_GAP: Final = re.compile(r"\s*")
_PIECE: Final = re.compile(
    r"""(?P<plain>[^\s'"\\]+)
    |'(?P<single>[^']*)'
    |"(?P<double>[^"\\]*(?:\\.[^"\\]*)*)"
    |\\(?P<escaped>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"""\\(["\\$`])""")


def split_words(text: str, start: int = 0) -> list[str]:
    """Return the words of `text` from the index `start` on, up to a ``#`` that begins a word.

    Raises ValueError that names the column, counted from 1, of a quote that is not closed.
    """
    words: list[str] = []
    at = _skip_gap(text, start)
    while at < len(text) and text[at] != "#":
        word, at = _read_word(text, at)
        words.append(word)
        at = _skip_gap(text, at)
    return words


def _skip_gap(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    return gap.end() if gap else at


def _read_word(text: str, at: int) -> tuple[str, int]:
    pieces: list[str] = []
    while at < len(text) and not text[at].isspace():
        piece = _PIECE.match(text, at)
        if piece is None:
            raise ValueError(_unbalanced(text[at], at + 1))
        pieces.append(_content(piece))
        at = piece.end()
    return "".join(pieces), at


def _content(piece: re.Match[str]) -> str:
    if piece.lastgroup == "double":
        return _ESCAPE.sub(r"\1", piece["double"])
    return piece[piece.lastgroup or 0]


def _unbalanced(character: str, column: int) -> str:
    if character == "\\":
        return f"the backslash at column {column} has nothing after it"
    return f"the quote {character} at column {column} is not closed"
