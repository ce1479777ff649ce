"""One request to a web server of the lab, with what its answer may look at."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from allup.lab.behaviour import Server
from allup.lab.traffic import Stats


@dataclass(slots=True, kw_only=True)
class World:
    """What all answers share: the servers' ports, the counts, how often each key of a moody answer was asked.

    `at_once` counts who asks now, by path, where that matters.
    """

    ports: Mapping[Server, int]
    stats: Stats
    asked: Counter[str] = field(default_factory=Counter)
    at_once: Counter[str] = field(default_factory=Counter)

    def url(self, server: Server, path: str, scheme: str = "http") -> str:
        """Return the URL of `path` on `server`; raises KeyError where the lab does not run it."""
        return f"{scheme}://127.0.0.1:{self.ports[server]}{path}"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request, and the world it came to."""

    request: web.BaseRequest
    world: World

    @property
    def wants_body(self) -> bool:
        """Whether the answer may carry a body."""
        return self.request.method != "HEAD"
