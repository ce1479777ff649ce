"""With several processes a host bears no more than with one, whoever asks it."""

from contextlib import AsyncExitStack
from dataclasses import replace

from allup.model.result import Verdict
from allup.model.settings import CheckSettings, PaceSettings
from allup.model.shard import shard_of
from live.polite.running import ran
from live.polite.spy import Answer, Spy, spying

CAP = 3
PROCESSES = 2
SETTINGS = CheckSettings(processes=PROCESSES, pace=PaceSettings(per_host=CAP))


def shard(spy: Spy) -> int:
    return shard_of(f"127.0.0.1:{spy.port}", PROCESSES)


async def test_redirects_between_hosts_of_different_processes_keep_to_the_cap_of_each() -> None:
    async with AsyncExitStack() as stack:
        target = await stack.enter_async_context(spying(lambda *_: Answer(after_s=0.03)))

        def away(path: str, _: int) -> Answer:
            return Answer(status=302, headers={"Location": target.url(path)})

        spies = [await stack.enter_async_context(spying(away)) for _ in range(20)]
        same = next(spy for spy in spies if shard(spy) == shard(target))
        other = next(spy for spy in spies if shard(spy) != shard(target))
        lines = [spy.url(f"/{number}-{spy.port}") for number in range(15) for spy in (same, other)]
        came = await ran([*lines, *(target.url(f"/own-{number}") for number in range(15))], SETTINGS)

        assert came.verdicts == [Verdict.OK] * 45
        assert target.peak == CAP
        assert max(same.peak, other.peak) <= CAP
        assert [result.url for result in came.results[:30]] == lines


async def test_a_host_that_asks_to_wait_is_left_alone_by_all_of_them() -> None:
    def answer(_: str, times: int) -> Answer:
        return Answer(status=503, headers={"Retry-After": "1"}) if times == 1 else Answer()

    async with spying(answer) as spy:
        came = await ran([spy.url("/a"), spy.url("/b")], replace(SETTINGS, pace=PaceSettings(per_host=1)))

        assert came.verdicts == [Verdict.FLAKY, Verdict.FLAKY]
        times = [asked.at for asked in spy.log]
        assert times[1] - times[0] >= 1.0
