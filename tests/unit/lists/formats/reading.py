"""Ways to read a list of any format as a whole, in any pieces."""

from collections.abc import Iterable

from allup.lists.formats.format import InputFormat
from allup.lists.formats.parser import BrokenList, Item
from allup.lists.line import LineDefaults
from allup.model.target import InvalidTarget

NOTHING_SAID = LineDefaults()


def read(
    format_: InputFormat, pieces: Iterable[bytes], defaults: LineDefaults = NOTHING_SAID, base: str | None = None
) -> tuple[list[Item], BrokenList | None]:
    """Return the items of a list that comes in `pieces`, and what kept it from being read to its end."""
    parser = format_.parser("list", defaults, base)
    items: list[Item] = []
    try:
        for piece in pieces:
            for item in parser.feed(piece):
                items.append(item)  # noqa: PERF402 - what was there before a list broke stands
        for item in parser.finish():
            items.append(item)  # noqa: PERF402 - likewise
    except BrokenList as broken:
        return items, broken
    return items, None


def whole(format_: InputFormat, text: str | bytes, base: str | None = None) -> list[Item]:
    """Return the items of a list that can be read to its end."""
    items, broken = read(format_, [text.encode() if isinstance(text, str) else text], base=base)
    assert broken is None, broken.reason
    return items


def urls(format_: InputFormat, text: str | bytes, base: str | None = None) -> list[str]:
    """Return the URLs of a list, and the reasons for what is none."""
    return [item.reason if isinstance(item, InvalidTarget) else item.url for item in whole(format_, text, base)]


def places(format_: InputFormat, text: str | bytes) -> list[tuple[int | None, str]]:
    """Return the line of each item, and its URL or the reason why it has none."""
    items = whole(format_, text)
    return [(one.origin.line, one.reason if isinstance(one, InvalidTarget) else one.url) for one in items]


def problem(format_: InputFormat, text: str | bytes) -> str:
    """Return why a list cannot be read."""
    _, broken = read(format_, [text.encode() if isinstance(text, str) else text])
    assert broken is not None
    return broken.reason
