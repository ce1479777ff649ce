"""Files that are no list, told by how they begin."""

from typing import Final

from allup.lists.formats.parser import BrokenList

_AS_TEXT: Final = "save it as text, CSV or JSON"
_UNPACK: Final = "unpack it, or pipe it in unpacked"
_BEGINNINGS: Final = (
    (b"PK\x03\x04", "a ZIP archive, as spreadsheets (xlsx, ods) and documents are", "save it as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Office file", "save it as CSV"),
    (b"%PDF-", "a PDF", _AS_TEXT),
    (b"SQLite format 3\0", "an SQLite database", "query it, and pipe the URLs in"),
    (b"\x7fELF", "a program", _AS_TEXT),
    (b"\x89PNG", "a picture", _AS_TEXT),
    (b"\xff\xd8\xff", "a picture", _AS_TEXT),
    (b"GIF87a", "a picture", _AS_TEXT),
    (b"GIF89a", "a picture", _AS_TEXT),
    (b"\x28\xb5\x2f\xfd", "packed by zstd", _UNPACK),
    (b"BZh91AY&SY", "packed by bzip2", _UNPACK),
    (b"\xfd7zXZ\0", "packed by xz", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"PAR1\x15", "a Parquet file", _AS_TEXT),
)
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def kind_of(start: bytes) -> tuple[str, str] | None:
    """Return of which other kind a file is that begins with `start`, and what to do about it; None where it is none."""
    return next(((kind, hint) for beginning, kind, hint in _BEGINNINGS if start.startswith(beginning)), None)


def check_beginning(start: bytes) -> None:
    """Raise BrokenList where a list that begins with `start` is a file of another kind."""
    other = kind_of(start)
    if other is not None:
        raise BrokenList(f"no list: it is {other[0]}", hint=other[1])
    if start.startswith(_UTF16):
        raise BrokenList("UTF-16, not UTF-8", hint="save the list as UTF-8")
