"""Where the time of an attempt went, and how each part of it is drawn."""

from dataclasses import dataclass
from typing import Final

from allup.model.attempt import Attempt

_WORTH_TELLING: Final = 0.02
"""The share of an attempt that earlier requests must have taken to be drawn: less is this program's own time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of an attempt: what people call it, and the characters of its bar (`plain`: in ASCII).

    The characters differ, so that the colour (`style`) is never the only sign.
    """

    label: str
    sign: str
    plain: str
    style: str


EARLIER: Final = Part(label="earlier hops", sign="╌", plain="-", style="dim")
DNS: Final = Part(label="dns", sign="·", plain="d", style="magenta")
CONNECT: Final = Part(label="connect", sign="─", plain="c", style="cyan")
SSL: Final = Part(label="ssl", sign="═", plain="s", style="bright_cyan")
WAIT: Final = Part(label="wait", sign="━", plain="w", style="bright_blue")
RECEIVE: Final = Part(label="receive", sign="╍", plain="r", style="magenta")
PARTS: Final = (EARLIER, DNS, CONNECT, SSL, WAIT, RECEIVE)

Span = tuple[Part, float]


def spans(attempt: Attempt) -> list[Span]:
    """Return the parts that `attempt` had with their seconds, in order; its wait for a turn is none of them."""
    timings = attempt.timings
    known = [
        (DNS, timings.dns_s),
        (CONNECT, timings.connect_s),
        (SSL, timings.ssl_s),
        (WAIT, _sum(timings.send_s, timings.wait_s)),
        (RECEIVE, timings.receive_s),
    ]
    last = [(part, seconds) for part, seconds in known if seconds is not None]
    earlier_s = attempt.elapsed_s - sum(seconds for _, seconds in last)
    earlier = [(EARLIER, earlier_s)] if last and earlier_s > _WORTH_TELLING * attempt.elapsed_s else []
    return earlier + last


def _sum(first_s: float | None, second_s: float | None) -> float | None:
    return None if first_s is None and second_s is None else (first_s or 0.0) + (second_s or 0.0)
