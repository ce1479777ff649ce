"""Answers that depend on how many ask at once: hosts that throttle, and hosts that collapse."""

from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from allup.lab.answers import rest, text
from allup.lab.visit import Visit
from allup.model.duration import parse_duration


async def throttling(visit: Visit, most: str, duration: str) -> web.Response:
    """Answer 200 after `duration` to `most` at once, and 429 to those beyond, at once."""
    with _together(visit) as asking:
        if asking > int(most):
            return text(429, f"no more than {most} at once")
        await rest(parse_duration(duration))
        return text(200, duration)


async def collapsing(visit: Visit, most: str, duration: str) -> web.Response:
    """Answer 200 after `duration` to `most` at once; twice as many take four times as long: half as many answers."""
    with _together(visit) as asking:
        await rest(parse_duration(duration) * max(1.0, asking / int(most)) ** 2)
        return text(200, duration)


@contextmanager
def _together(visit: Visit) -> Iterator[int]:
    place = visit.request.path
    visit.world.at_once[place] += 1
    try:
        yield visit.world.at_once[place]
    finally:
        visit.world.at_once[place] -= 1
        if not visit.world.at_once[place]:
            del visit.world.at_once[place]
