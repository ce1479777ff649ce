"""Words quoted as in a POSIX shell (XCU 2.2), with comments, and with variables as its only expansion."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from allup.lists.template import HOLE, NO_NAME, Template, filled
from allup.model.harmful import HARMFUL

_GAP: Final = re.compile(r"\s*")
_PIECE: Final = re.compile(
    r"""\$'(?P<ansi>[^'\\]*(?:\\.[^'\\]*)*)'
    |(?P<plain>[^\s'"\\$]+|\$(?!\{))
    |'(?P<single>[^']*)'
    |"(?P<double>[^"\\]*(?:\\.[^"\\]*)*)"
    |\\(?P<escaped>.)
    |\$\{(?P<variable>[A-Za-z_][A-Za-z0-9_]*)\}""",
    re.VERBOSE | re.DOTALL,
)
_IN_DOUBLE: Final = re.compile(r"""\\(?P<escaped>["\\$`])|\$\{(?:(?P<variable>[A-Za-z_][A-Za-z0-9_]*)\})?""")
_ANSI: Final = re.compile(
    r"\\(?:x(?P<hex>[0-9A-Fa-f]{1,2})|u(?P<short>[0-9A-Fa-f]{1,4})|U(?P<long>[0-9A-Fa-f]{1,8})|(?P<letter>.))",
    re.DOTALL,
)
_ANSI_LETTERS: Final = {
    "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", "'": "'",
    '"': '"',
}  # fmt: skip
_ANSI_SHORT: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_SAFE: Final = re.compile(r"[\w@%+=:,./-]*", re.ASCII)
_IN_DOUBLE_SPECIAL: Final = re.compile(r'(["\\$`])')


class BadWord(ValueError):
    """A word that cannot be read; `column` counts from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Word:
    """A word without its quotes, and the column, from 1, where it begins."""

    template: Template
    column: int


def split_words(text: str, start: int = 0) -> list[Word]:
    """Return the words of `text` from the index `start` on, up to a ``#`` that begins a word.

    Raises BadWord.
    """
    words: list[Word] = []
    at = _skip_gap(text, start)
    while at < len(text) and text[at] != "#":
        template, end = _read_word(text, at)
        words.append(Word(template, at + 1))
        at = _skip_gap(text, end)
    return words


def quoted(template: Template) -> str:
    """Return `template` so that `split_words` reads it as one word, on one line and without harmful characters."""
    if not template.names and _SAFE.fullmatch(template.masked):
        return template.masked
    if HARMFUL.search(template.masked.replace(HOLE, "")):
        return "".join(_piecewise(template))
    if not template.names and "'" not in template.masked:
        return f"'{template.masked}'"
    literals = [_IN_DOUBLE_SPECIAL.sub(r"\\\1", literal) for literal in template.masked.split(HOLE)]
    return '"' + filled(literals, [f"${{{name}}}" for name in template.names]) + '"'


def _piecewise(template: Template) -> Iterator[str]:
    names = iter(template.names)
    for number, literal in enumerate(template.masked.split(HOLE)):
        if number:
            yield f'"${{{next(names)}}}"'
        if literal:
            escaped = HARMFUL.sub(_ansi_escaped, literal.replace("\\", "\\\\").replace("'", "\\'"))
            yield f"$'{escaped}'"


def _ansi_escaped(match: re.Match[str]) -> str:
    return _ANSI_SHORT.get(match[0]) or f"\\U{ord(match[0]):08x}"


def _skip_gap(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    return gap.end() if gap else at


def _read_word(text: str, at: int) -> tuple[Template, int]:
    masked: list[str] = []
    names: list[str] = []
    while at < len(text) and not text[at].isspace():
        piece = _PIECE.match(text, at)
        if piece is None:
            raise BadWord(_unreadable(text[at:]), at + 1)
        masked.append(_content(piece, names, at))
        at = piece.end()
    return Template("".join(masked), tuple(names)), at


def _content(piece: re.Match[str], names: list[str], at: int) -> str:
    match piece.lastgroup:
        case "variable":
            names.append(piece["variable"])
            return HOLE
        case "double":
            return _IN_DOUBLE.sub(lambda found: _in_double(found, names, at), piece["double"])
        case "ansi":
            return _ANSI.sub(lambda found: _from_ansi(found, at), piece["ansi"])
        case _:
            return piece[piece.lastgroup or 0]


def _in_double(found: re.Match[str], names: list[str], at: int) -> str:
    if found["escaped"]:
        return found["escaped"]
    if found["variable"] is None:
        raise BadWord(NO_NAME, at + 2 + found.start())
    names.append(found["variable"])
    return HOLE


def _from_ansi(found: re.Match[str], at: int) -> str:
    code = found["hex"] or found["short"] or found["long"]
    if code is None:
        return _ANSI_LETTERS.get(found["letter"], found[0])
    if not 0 < int(code, 16) <= 0x10FFFF:
        raise BadWord(f"{found[0]} is no character", at + 3 + found.start())
    return chr(int(code, 16))


def _unreadable(text: str) -> str:
    if text.startswith("${"):
        return NO_NAME
    if text.startswith("\\"):
        return "the backslash has nothing after it"
    return f"the quote {text[0]} is not closed"
