"""How large a regular expression becomes: counted repeats are written out when it is compiled."""

import re
from typing import Final

MOST_PIECES: Final = 50_000
"""More than anybody writes, and compiled within some 20 ms."""

_TOKEN: Final = re.compile(
    r"""(?P<escaped>\\.)
    |(?P<set>\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]?)
    |(?P<opens>\()
    |(?P<closes>\))
    |\{(?P<least>[0-9]*)(?P<range>,(?P<most>[0-9]*))?\}
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


def check_expansion(source: str) -> None:
    """Raise ValueError where `source`, its repeats written out, has more than `MOST_PIECES` pieces."""
    if pieces(source) > MOST_PIECES:
        raise ValueError(f"its counted repeats come to more than {MOST_PIECES:,} pieces: lower the numbers in {{ }}")


def pieces(source: str) -> int:
    """Return how many pieces `source` has at the most, its counted repeats written out, those within others too."""
    sizes, last = [0], [0]  # of each group that is open: all of it, and the piece that a repeat would be of
    for token in _TOKEN.finditer(source):
        if token["opens"]:
            sizes.append(1)
            last.append(0)
        elif token["closes"] and len(sizes) > 1:
            group = sizes.pop()
            last.pop()
            sizes[-1] += group
            last[-1] = group
        elif token["least"] is not None:
            times = max((int(count[:9]) for count in (token["least"], token["most"]) if count), default=1)
            sizes[-1] += last[-1] * max(0, times - 1)
            last[-1] *= max(1, times)
        else:
            sizes[-1] += 1
            last[-1] = 1
    return sum(sizes)
