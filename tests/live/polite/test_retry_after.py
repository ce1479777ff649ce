"""What a server asks for by Retry-After is what its host gets, to the second, and nobody else waits."""

import asyncio
import math
import time
from collections.abc import Callable
from email.utils import formatdate

import pytest

from allup.model.result import Verdict
from allup.model.settings import CheckSettings, PaceSettings, RetrySettings
from live.polite.running import ran
from live.polite.spy import OK, Answer, Asked, Spy, gaps, in_turn, spying


def asking_for(seconds: float, *, status: int = 429) -> Answer:
    return Answer(status=status, headers={"Retry-After": f"{seconds:g}"})


def one_at_a_time(*, budget_s: float = 60.0) -> CheckSettings:
    return CheckSettings(pace=PaceSettings(per_host=1), retry=RetrySettings(budget_s=budget_s))


def limited(*answers: Answer) -> Callable[[str, int], Answer]:
    """Give these answers to /limited, and a good one to everybody else."""
    script = in_turn(*answers)
    return lambda path, times: script(path, times) if path == "/limited" else OK


def urls(spy: Spy, count: int) -> list[str]:
    return [spy.url("/limited"), *(spy.url(f"/{number}") for number in range(count))]


def refusals(spy: Spy) -> list[tuple[Asked, float]]:
    """Return every request that was told to wait, with the time until the next one."""
    return [(asked, gap) for asked, gap in zip(spy.log, gaps(spy.times()), strict=False) if asked.answer.status == 429]


async def test_two_seconds_are_two_seconds_for_the_whole_host_and_for_no_other() -> None:
    async with spying(limited(asking_for(2), asking_for(2), OK)) as spy, spying(in_turn(Answer(after_s=0.1))) as other:
        began_at = asyncio.get_running_loop().time()
        came = await ran([*urls(spy, 5), *urls(other, 40)], one_at_a_time())

    assert [round(gap) for _, gap in refusals(spy)] == [2, 2]
    assert all(2 <= gap < 2.5 for _, gap in refusals(spy))
    assert came.verdicts == [Verdict.FLAKY] + [Verdict.OK] * 46
    assert came.attempts[0] == 3
    assert max(gaps([began_at, *other.times()])) < 1  # it went on all the while


async def test_a_date_is_honoured_to_the_second() -> None:
    until: list[float] = []

    def answer(path: str, times: int) -> Answer:
        if path != "/limited" or times > 1:
            return OK
        until.append(math.ceil(time.time() + 2))
        return Answer(status=503, headers={"Retry-After": formatdate(until[0], usegmt=True)})

    asked_at: list[float] = []

    def noted(path: str, times: int) -> Answer:
        asked_at.append(time.time())
        return answer(path, times)

    async with spying(noted) as spy:
        came = await ran(urls(spy, 5), one_at_a_time())

    assert 0 <= asked_at[1] - until[0] < 1
    assert gaps(asked_at)[0] >= 2
    assert came.verdicts == [Verdict.FLAKY] + [Verdict.OK] * 5


async def test_what_goes_beyond_the_budget_ends_at_once_and_pauses_nobody() -> None:
    async with spying(limited(asking_for(3600))) as spy:
        came = await ran(urls(spy, 5), one_at_a_time())

    assert came.wall_s < 10
    assert came.verdicts == [Verdict.FAILED] + [Verdict.OK] * 5
    assert came.attempts == [1] * 6


async def test_without_retries_nobody_is_paused() -> None:
    async with spying(limited(asking_for(2))) as spy:
        lines = urls(spy, 5)
        came = await ran([f"{lines[0]} retries=0", *lines[1:]], one_at_a_time())

    assert came.wall_s < 2
    assert came.attempts == [1] * 6


async def test_the_budget_is_for_all_that_a_host_asks_for() -> None:
    async with spying(limited(asking_for(1))) as spy:
        came = await ran(urls(spy, 0), one_at_a_time(budget_s=1.5))

    assert came.attempts == [2]
    assert came.verdicts == [Verdict.FAILED]
    assert 1 <= came.wall_s < 10


async def test_a_budget_of_one_host_is_not_that_of_another() -> None:
    async with spying(in_turn(asking_for(1), OK)) as one, spying(in_turn(asking_for(1), OK)) as two:
        came = await ran([one.url("/"), two.url("/")], one_at_a_time(budget_s=1.5))

    assert came.verdicts == [Verdict.FLAKY] * 2
    assert came.wall_s < 10


async def test_many_that_are_told_the_same_at_once_wait_once() -> None:
    async with spying(in_turn(asking_for(1), OK)) as spy:
        came = await ran(urls(spy, 4), CheckSettings(pace=PaceSettings(per_host=5)))

    assert came.verdicts == [Verdict.FLAKY] * 5
    assert came.wall_s < 4


async def test_the_host_that_answered_is_the_one_that_is_left_alone() -> None:
    async with spying(limited(asking_for(1), OK)) as target:

        def away(path: str, _: int) -> Answer:
            if path == "/":
                return Answer(status=302, headers={"Location": target.url("/limited")})
            return Answer(after_s=0.1)

        async with spying(away) as source:
            lines = [source.url("/"), *urls(source, 9), *urls(target, 3)[1:]]
            came = await ran(lines, one_at_a_time())

    assert came.verdicts == [Verdict.FLAKY] + [Verdict.OK] * (len(lines) - 1)
    assert max(gaps(source.times())[:9]) < 0.9
    (refused,) = (gap for _, gap in refusals(target))
    assert 1 <= refused < 2.5


@pytest.mark.parametrize("value", ["soon", "-1", "", "1e9", "1.5"])
async def test_what_cannot_be_read_is_an_ordinary_retry(value: str, backoff: Callable[[float], None]) -> None:
    backoff(0.0)
    refused = Answer(status=429, headers={"Retry-After": value})

    async with spying(limited(refused, OK)) as spy:
        came = await ran(urls(spy, 0))

    assert (came.verdicts, came.attempts) == ([Verdict.FLAKY], [2])
    assert came.wall_s < 5
