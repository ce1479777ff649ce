"""One worker, as the run knows it: what it was asked, and what has not come back yet."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from itertools import islice
from typing import Final, Protocol

from allup.model.limited_by import Bottleneck
from allup.model.result import Result
from allup.model.settings import CheckSettings
from allup.model.stop import Stop
from allup.model.target import Target
from allup.run.candidate import Candidate
from allup.run.dask.words import Asked, News, Told, UnderWay
from allup.run.processes.packing import packed, unpacked
from allup.run.processes.terms import TermsTold

ANSWER_S: Final = 30.0
"""A worker that does not answer for so long is no more, for all that it is known of."""
_FAREWELL_S: Final = 1.0
_AT_ONCE: Final = 500
GATHERING_S: Final = 0.005
"""What is to be asked for in that time goes in one piece: each one wakes a scheduler and a worker."""


class Gone(Exception):
    """A worker cannot be reached any more, or knows nothing of the run."""


class Wire(Protocol):
    """The way to the workers."""

    async def call(self, address: str, verb: str, shift: str, payload: bytes) -> bytes:
        """Return what the worker at `address` answers; raises Gone, and UsageError where it refuses."""
        ...


class Station:
    """The targets of one worker; `outstanding` are those that have no result yet."""

    def __init__(self, address: str, shift: str, wire: Wire, settings: CheckSettings) -> None:
        self.address = address
        self.outstanding: dict[int, Candidate] = {}
        self.under_way: list[UnderWay] = []
        self.held_up_by: tuple[Bottleneck, str | None] | None = None
        self.pauses: Mapping[str, float] = {}
        self.peak_in_flight = 0
        self.is_open = False
        self._shift = shift
        self._wire = wire
        self._settings = settings
        self._terms = TermsTold()
        self._waiting: dict[int, Candidate] = {}
        self._changed = asyncio.Event()
        self._sending = asyncio.Lock()

    async def open(self) -> None:
        """Have the worker begin; raises Gone, and UsageError where it refuses."""
        await self._call("open", self._settings)
        self.is_open = True

    def send(self, candidate: Candidate) -> None:
        """Ask for `candidate`, soon."""
        self.outstanding[candidate.index] = self._waiting[candidate.index] = candidate
        self._changed.set()

    async def feed(self) -> None:
        """Send on what is to be asked, until cancelled; raises Gone, and what `pickle` raises."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            await asyncio.sleep(GATHERING_S)
            while self._waiting:
                async with self._sending:
                    await self._call("ask", self._next_words())

    async def collect(self, deliver: Callable[[Candidate, Told], Awaitable[None]]) -> None:
        """Have all results delivered as they come, each once, until cancelled; raises Gone, and RuntimeError."""
        while True:
            news: News = await self._call("hear", None)
            if news.fault is not None:
                raise RuntimeError(f"the worker at {self.address} has failed:\n{news.fault}")
            self.peak_in_flight, self.pauses, self.held_up_by = news.peak_in_flight, news.pauses, news.held_up_by
            if news.under_way is not None:
                self.under_way = news.under_way
            for told in news.results:
                candidate = self.outstanding.pop(told[0], None)
                if candidate is not None:
                    await deliver(candidate, told)

    def withdraw(self) -> list[Candidate]:
        """Take back what was not sent yet."""
        waiting, self._waiting = self._waiting, {}
        for index in waiting:
            del self.outstanding[index]
        return list(waiting.values())

    async def stop(self, reason: Stop) -> None:
        """Have it end early, in good order; raises Gone."""
        async with self._sending:  # what it is asked behind that would never have a result
            await self._call("stop", reason)

    async def drop(self) -> None:
        """Have it forget all that it was asked, if it can be reached."""
        try:
            async with asyncio.timeout(_FAREWELL_S):
                await self._call("drop", None)
        except (Gone, TimeoutError):
            pass  # its lease ends by itself

    def _next_words(self) -> list[Asked]:
        some = list(islice(self._waiting.values(), _AT_ONCE))
        for candidate in some:
            del self._waiting[candidate.index]
        return [self._word(candidate) for candidate in some]

    async def _call(self, verb: str, what: object) -> "News":
        try:
            async with asyncio.timeout(ANSWER_S):
                answer: News = unpacked(await self._wire.call(self.address, verb, self._shift, packed(what)))
        except TimeoutError:
            raise Gone(f"the worker at {self.address} does not answer") from None
        return answer

    def _word(self, candidate: Candidate) -> Asked:
        target = candidate.entry
        assert isinstance(target, Target)
        place, terms = self._terms.of(target)
        rank = candidate.rank
        return (candidate.index, rank, candidate.attempts, place, terms, target.href, target.url, target.host)


def result_of(candidate: Candidate, told: Told) -> Result:
    """Return the result that a worker has `told` of `candidate`."""
    index, verdict, failure, attempt, attempts = told
    if candidate.last is not None and failure is None and attempt is None:
        return candidate.last  # as it stood: it did not get its turn again
    return Result(
        index=index, entry=candidate.entry, verdict=verdict, failure=failure, attempt=attempt, attempts=attempts
    )
