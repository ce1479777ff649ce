"""Results on their way out of a run."""

import asyncio
from collections.abc import Awaitable, Callable

from allup.model.result import Result
from allup.model.settings import CheckSettings
from allup.model.standing import Standing, standing
from allup.model.stop import Stop


class Delivery:
    """Gives each result its past, if `compare` knows it, tells `note` of it at once, and hands it over, once.

    `hand_over` takes it, or returns what is to be awaited until it has. Where as many have failed as the settings
    allow, `stop` is called.
    """

    def __init__(
        self,
        settings: CheckSettings,
        *,
        note: Callable[[Result], None],
        hand_over: Callable[[Result], Awaitable[None] | None],
        compare: Callable[[Result], Result] | None,
        stop: Callable[[Stop], None],
    ) -> None:
        self._tell = note
        self._hand_over = hand_over
        self._compare = compare
        self._stop = stop
        self._fail_on = settings.fail_on
        self._failures_left = settings.max_failures
        self._put_by: list[Result] = []

    async def deliver(self, result: Result) -> None:
        """Deliver `result`; where that is cancelled, `deliver_rest` does it."""
        if self._compare is not None:
            result = self._compare(result)
        self._note(result)
        try:
            await self._handed_over(result)
        except asyncio.CancelledError:
            self._put_by.append(result)
            raise

    def put_by(self, result: Result) -> None:
        """Take `result`, for which there is no time now: `deliver_rest` hands it over."""
        if self._compare is not None:
            result = self._compare(result)
        self._note(result)
        self._put_by.append(result)

    async def deliver_rest(self) -> None:
        """Hand over what was put by."""
        for result in self._put_by:
            await self._handed_over(result)

    async def _handed_over(self, result: Result) -> None:
        waiting = self._hand_over(result)
        if waiting is not None:
            await waiting

    def _note(self, result: Result) -> None:
        self._tell(result)
        if self._failures_left is not None and self._has_failed(result):
            self._failures_left -= 1
            if self._failures_left <= 0:
                self._stop(Stop.FAILURES)

    def _has_failed(self, result: Result) -> bool:
        # Of a group, that is not known before its last member.
        return result.group is None and standing(result, self._fail_on) is Standing.FAILED
