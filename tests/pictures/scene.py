"""What the pictures show: a real check of the lab, under other names and with times that stay the same."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import allup
from allup.lab.catalogue import named
from allup.lab.server import Lab, serving
from allup.model.attempt import Attempt, Hop, Timings
from allup.model.limited_by import Bottleneck, LimitedBy
from allup.model.result import Result
from allup.model.tally import Summary, Tally

PHASES: Final = ("dns", "connect", "ssl", "wait", "receive")


@dataclass(frozen=True, slots=True)
class Staged:
    """A behaviour of the lab: its name or its path on the first web server, and what stands for it in a picture.

    `ms` are the phases by name, `earlier` what requests before the last one took.
    """

    lab: str
    url: str
    ms: Mapping[str, float]
    options: str = ""
    name: str | None = None
    earlier: float = 0.0

    def line(self, lab: Lab) -> str:
        url = f"{lab.base_url}{self.lab}" if self.lab.startswith("/") else lab.url(named(self.lab))
        return f"{url} {self.options}".rstrip()


def _fresh(wait: float, receive: float | None = None) -> dict[str, float]:
    return {"dns": 8, "connect": 24, "ssl": 43, "wait": wait} | ({} if receive is None else {"receive": receive})


STAGED: Final = (
    Staged("/ok?1", "https://shop.example/", _fresh(61), name="home page"),
    Staged("/page", "https://shop.example/catalogue", {"wait": 94, "receive": 138}, "contains=Welcome"),
    Staged("/redirect/3", "https://shop.example/sale", {"wait": 48}, earlier=161),
    Staged("/flaky/shown/1", "https://shop.example/basket", {"wait": 83}),
    Staged("/status/404", "https://shop.example/offers", {"wait": 52}, "retries=0"),
    Staged("/health?1", "https://api.example/health", _fresh(21, 2), "json=$.status=ok", name="health"),
    Staged("/ok?3", "https://api.example/v1/items", {"wait": 36}),
    Staged("/ok?4", "https://api.example/v1/prices", {"wait": 44}),
    Staged("/status/503", "https://api.example/v1/orders", _fresh(312), "retries=0"),
    Staged("/health?2", "https://api.example/v1/stock", {"wait": 31, "receive": 4}, "json=$.checks[*].up=true"),
    Staged("silent", "https://api.example/v1/report", {"wait": 499.6}, "timeout=500ms retries=0"),
    Staged("/ok?5", "https://img.example/logo.svg", {"dns": 96, "connect": 38, "ssl": 71, "wait": 29}),
    Staged("not-tls", "https://img.example:8080/", {"dns": 2, "connect": 37, "ssl": 1.8}),
    Staged("refused", "http://old.example/", {"dns": 6, "connect": 3.1}, "retries=0"),
    Staged("no-such-name", "http://nosuch.invalid/", {"dns": 14}, "retries=0"),
)


async def checked() -> list[Result]:
    """Check all of it in the lab and return the results as the pictures show them."""
    async with serving() as lab:
        lines = [one.line(lab) for one in STAGED]
        async with allup.checking(lines, allup.CheckSettings()) as run:
            return [_shown(result, staged, lab) async for result in run for staged in [STAGED[result.index]]]


def summary(results: list[Result], *, wall_s: float = 1.08, peak_in_flight: int = 16) -> Summary:
    tally = Tally()
    for result in results:
        tally.add(result)
    slowest = max(results, key=lambda one: 0.0 if one.attempt is None else one.attempt.elapsed_s)
    limit = LimitedBy(Bottleneck.SLOWEST, seconds=0.45, share=0.42, name=slowest.url)
    return Summary(tally=tally, repeats=0, wall_s=wall_s, peak_in_flight=peak_in_flight, limited_by=limit)


def _shown(result: Result, staged: Staged, lab: Lab) -> Result:
    assert isinstance(result.entry, allup.Target)
    scheme, _, rest = staged.url.partition("://")
    host = rest.partition("/")[0]
    entry = replace(
        result.entry,
        url=staged.url,
        name=staged.name,
        host=host if ":" in host else f"{host}:{443 if scheme == 'https' else 80}",
    )
    attempt = None if result.attempt is None else _timed(result.attempt, staged, f"{scheme}://{host}", lab)
    return replace(result, entry=entry, attempt=attempt)


def _timed(attempt: Attempt, staged: Staged, origin: str, lab: Lab) -> Attempt:
    def elsewhere(url: str) -> str:
        return url.replace(lab.base_url, origin)

    return replace(
        attempt,
        elapsed_s=(sum(staged.ms.values()) + staged.earlier) / 1000,
        timings=Timings(blocked_s=0.0002, **{f"{name}_s": ms / 1000 for name, ms in staged.ms.items()}),
        redirects=tuple(Hop(status=hop.status, url=elsewhere(hop.url)) for hop in attempt.redirects),
        final_url=attempt.final_url and elsewhere(attempt.final_url),
        address=attempt.address and "192.0.2.7",
    )
