"""Lists that are fetched: over the same connections, names, proxies and certificates as their targets are asked."""

import asyncio
from typing import BinaryIO, Final

from allup.http.answer import Answer
from allup.http.body import copy_body
from allup.http.client import open_equipment
from allup.http.equipment import Equipment
from allup.http.journey import Journey
from allup.lists.fetching import FetchError
from allup.lists.line import LineDefaults, parse_argument
from allup.model.clock import Clock
from allup.model.failure import Certainty, Failure
from allup.model.settings import HttpSettings
from allup.model.target import InvalidTarget, Origin, Request, Target

LARGEST_LIST: Final = 1024 * 1024 * 1024
"""Bytes: a sitemap has 50 MB at most, packed or not."""
LEAST_TIMEOUT_S: Final = 60.0
"""A list is a download, and no answer that is there at once."""
_BACKOFF_S: Final = 0.5


class ListFetcher:
    """Fetches lists with the `settings` of a run, and with what `request` says of headers, timeout and retries."""

    def __init__(self, settings: HttpSettings, request: Request, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._defaults = LineDefaults(
            request=Request(
                headers=request.headers,
                secrets=request.secrets,
                timeout_s=max(request.timeout_s, LEAST_TIMEOUT_S),
                retries=request.retries,
            )
        )

    async def __call__(self, href: str, into: BinaryIO) -> str:
        """Write what `href` names into a file and return the URL that it came from; raises FetchError.

        What may pass is tried again, as with a target.
        """
        target = parse_argument(href, self._defaults, Origin())
        if isinstance(target, InvalidTarget):
            raise FetchError(target.reason)
        async with open_equipment(self._settings, self._clock) as equipment:
            base, failure = await _once(equipment, target, into)
            for retry in range(target.request.retries):
                if failure is None or failure.certainty is not Certainty.TRANSIENT:
                    break
                await asyncio.sleep(_BACKOFF_S * 2**retry)
                base, failure = await _once(equipment, target, into)
        if failure is not None:
            raise FetchError(failure.detail)
        return base


async def _once(equipment: Equipment, target: Target, into: BinaryIO) -> tuple[str, Failure | None]:
    async def receive(answer: Answer) -> None:
        into.seek(0)
        into.truncate()
        await copy_body(answer, into, LARGEST_LIST)

    journey = Journey(equipment, target, receiver=receive)
    with equipment.connections.using():
        attempt = await journey.travel()
    return journey.href, target.expectation.judge(attempt)
