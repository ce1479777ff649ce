"""What a URL of the lab does, and what allup is to say of it."""

from dataclasses import dataclass
from enum import StrEnum

from allup.model.failure import FailureKind
from allup.model.result import Verdict


class Server(StrEnum):
    """The lab's servers, each on a loopback port of its own: to a checker, each is a host."""

    ONE = "one"
    TWO = "two"
    THREE = "three"
    FOUR = "four"
    WIRE = "wire"
    """Does what no HTTP server would: resets, hangs up, talks nonsense."""
    SILENT = "silent"
    """Accepts, reads, and never says a word."""
    ABRUPT = "abrupt"
    """Resets every connection at once."""
    REFUSED = "refused"
    """A port where nobody listens."""
    ELSEWHERE = "elsewhere"
    """No server of the lab: the behaviour's path is the whole URL."""


WEB_SERVERS = (Server.ONE, Server.TWO, Server.THREE, Server.FOUR)
"""The servers that speak proper HTTP; all of them know the same paths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """One URL that keeps its word.

    `latency_s` is the least time until it answers (infinite: it never does), `status` the status of
    the answer that its redirects, or its retries, end at (None: at none), `expected` and `kind` the
    verdict of a first check with `options`, the line options of the text list.
    """

    name: str
    about: str
    path: str
    server: Server = Server.ONE
    scheme: str = "http"
    latency_s: float = 0.0
    status: int | None = 200
    expected: Verdict = Verdict.OK
    kind: FailureKind | None = None
    options: str = ""
