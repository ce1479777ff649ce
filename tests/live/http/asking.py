"""The client under test, driven by lines of a list."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from allup.http.client import open_client
from allup.http.http_client import HttpClient
from allup.lists.line import LineDefaults, parse_line
from allup.model.attempt import Attempt
from allup.model.clock import Clock
from allup.model.failure import Failure
from allup.model.settings import HttpSettings
from allup.model.target import Origin, Target

DEFAULTS: Final = HttpSettings()
REAL: Final = Clock()


def target(line: str) -> Target:
    entry = parse_line(line, LineDefaults(), Origin())
    assert isinstance(entry, Target)
    return entry


@asynccontextmanager
async def opened(settings: HttpSettings = DEFAULTS, clock: Clock = REAL) -> AsyncIterator[HttpClient]:
    async with open_client(settings, clock) as client:
        yield client


@asynccontextmanager
async def asking(settings: HttpSettings = DEFAULTS) -> AsyncIterator[Callable[[str], Awaitable[Attempt]]]:
    """Open a client that is asked one line after the other."""
    async with opened(settings) as client:
        yield lambda line: client.attempt(target(line))


async def asked(line: str, settings: HttpSettings = DEFAULTS) -> Attempt:
    """Ask once, with a client of its own."""
    async with asking(settings) as ask:
        return await ask(line)


def failure(attempt: Attempt) -> Failure:
    assert attempt.failure is not None, attempt
    return attempt.failure
