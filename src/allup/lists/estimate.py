"""How many targets there will be, for a progress bar."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, assert_never

from allup.lists.formats.format import InputFormat
from allup.lists.source import FileSource, RemoteSource, Source, StandardInput, UrlSource

_CHUNK: Final = 1024 * 1024
_LINE: Final = re.compile(rb"^(?:\xef\xbb\xbf)?+[ \t\r\f\v]*+[^\s#]", re.MULTILINE)
_LONGEST_START: Final = 4096


def estimate_count(sources: Sequence[Source]) -> int | None:
    """Return how many lines and arguments name a target, None where only their end will tell.

    Repeats and invalid lines count, too.
    """
    total = 0
    for source in sources:
        count = _count(source)
        if count is None:
            return None
        total += count
    return total


def _count(source: Source) -> int | None:
    match source:
        case UrlSource():
            return 1
        case FileSource(format=InputFormat.TEXT) if not source.path.lower().endswith(".gz"):
            return _count_lines(Path(source.path))
        case FileSource() | StandardInput() | RemoteSource():
            return None
        case _:
            assert_never(source)


def _count_lines(path: Path) -> int | None:
    try:
        return _count_in_chunks(path) if path.is_file() else None
    except OSError:
        return None


def _count_in_chunks(path: Path) -> int:
    count, tail = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            whole, newline, rest = chunk.rpartition(b"\n")
            if newline:
                count += len(_LINE.findall(tail + whole))
                tail = b""
            # How a line begins says whether it counts; the rest of a long one is not kept.
            tail = (tail + rest)[:_LONGEST_START]
    return count + len(_LINE.findall(tail))
