"""How a result came about, in a few lines for people: attempts, hops, phases, connection."""

from dataclasses import fields

from rich.text import Text

from allup.model.attempt import Attempt, Timings
from allup.model.duration import format_duration
from allup.model.result import Result
from allup.report.look import Look


def journey_text(result: Result, look: Look) -> Text:
    """Return a line for the attempts if there were several, for each hop, for the phases and for the connection."""
    lines = [f"{result.attempts} attempts, of which the last:"] if result.attempts > 1 else []
    if result.attempt is not None:
        lines += _hops(result.attempt, look)
        lines += [_joined(parts, look) for parts in (_phases(result.attempt.timings), _connection(result.attempt))]
    return Text("\n".join(filter(None, lines)), style="dim", overflow="fold")


def _hops(attempt: Attempt, look: Look) -> list[str]:
    arrow = look.pick("→", "->")
    urls = [*(hop.url for hop in attempt.redirects[1:]), attempt.final_url or "?"]
    hops = zip(attempt.redirects, urls[-len(attempt.redirects) :], strict=True) if attempt.redirects else ()
    return [f"{hop.status} {arrow} {look.foreign(url)}" for hop, url in hops]


def _phases(timings: Timings) -> list[str]:
    named = [(field.name.removesuffix("_s"), getattr(timings, field.name)) for field in fields(timings)]
    return [f"{name} {format_duration(seconds)}" for name, seconds in named if seconds is not None]


def _connection(attempt: Attempt) -> list[str]:
    version = attempt.http_version and f"HTTP/{attempt.http_version}"
    return [part for part in (attempt.address, version, attempt.tls and attempt.tls.version) if part]


def _joined(parts: list[str], look: Look) -> str:
    return f" {look.pick('·', '|')} ".join(map(look.foreign, parts))
