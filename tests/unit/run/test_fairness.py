"""Who waits for whom: a slow host for itself, and nobody else for it."""

import asyncio
import math
from collections.abc import AsyncIterator, Iterator
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.lists.entry_stream import EntryStream
from allup.lists.line import LineDefaults
from allup.model.selection import SelectionSettings
from allup.model.settings import CheckSettings, PaceSettings
from allup.model.target import Entry, Target
from allup.run.candidate import ListCandidates
from allup.run.polite import LOOK_AHEAD, PoliteTurns
from unit.checked import checked
from unit.fake_client import FakeClient, Script, host_of, page_of, target_of, targets_of, url_of
from unit.virtual_loop import CLOCK, now, settle, virtual

SLOW = "slow.test:80"
THIRD = "third.test:80"


def pages(count: int, host: str = SLOW) -> list[Target]:
    return [page_of(number, host) for number in range(count)]


@pytest.mark.parametrize("backlog", [200, LOOK_AHEAD - 1])
@virtual
async def test_one_url_on_an_idle_host_does_not_wait_for_a_slow_hosts_backlog(backlog: int) -> None:
    client = FakeClient({url_of(backlog): Script(latency_s=0.1)}, otherwise=Script(latency_s=1))
    came = await checked([*pages(backlog), target_of(backlog)], client, CheckSettings())
    assert came.known_at[backlog] < 1.5
    assert client.peaks == {SLOW: 10, host_of(backlog): 1}
    assert max(came.known_at.values()) == math.ceil(backlog / 10)


@virtual
async def test_a_backlog_that_redirects_to_a_third_host_holds_back_nobody() -> None:
    client = FakeClient({url_of(200): Script(latency_s=0.1)}, otherwise=Script(latency_s=1, moves=(THIRD,)))
    came = await checked([*pages(200), target_of(200)], client, CheckSettings(concurrency=20))
    assert came.known_at[200] < 1.5
    assert client.peaks == {SLOW: 10, THIRD: 10, host_of(200): 1}
    assert max(came.known_at.values()) == 21.0


@virtual
async def test_many_hosts_that_redirect_to_one_slow_host_hold_back_nobody() -> None:
    script = Script(latency_s=0.5, moves=(THIRD,))
    client = FakeClient({url_of(200): Script(latency_s=0.1)}, otherwise=script)
    came = await checked(targets_of(201), client, CheckSettings(concurrency=100))
    assert came.known_at[200] < 1.5
    assert client.peaks[THIRD] == 10
    assert client.peak <= 100


@virtual
async def test_the_slot_that_a_redirect_gives_back_is_used_at_once() -> None:
    client = FakeClient({url_of(0): [Script(latency_s=1, moves=(THIRD, host_of(9)))]}, otherwise=Script(latency_s=1))
    told = CheckSettings(pace=PaceSettings(per_host=1))
    await checked(pages(2), client, told)
    assert client.visits == [(SLOW, 0.0), (SLOW, 1.0), (THIRD, 1.0), (host_of(9), 2.0)] or client.visits == [
        (SLOW, 0.0),
        (THIRD, 1.0),
        (SLOW, 1.0),
        (host_of(9), 2.0),
    ]


@virtual
async def test_who_waits_for_a_host_is_let_in_when_somebody_leaves_it_by_a_redirect() -> None:
    scripts = {
        url_of(0): Script(latency_s=2, moves=(host_of(7),)),
        url_of(1): Script(latency_s=1, moves=(SLOW,)),
    }
    told = CheckSettings(pace=PaceSettings(per_host=1))
    client = FakeClient(scripts)
    await checked([page_of(0, SLOW), target_of(1)], client, told)
    assert sorted(client.visits, key=lambda one: one[1])[:2] == [(SLOW, 0.0), (host_of(1), 0.0)]
    assert (SLOW, 2.0) in client.visits
    assert (host_of(7), 2.0) in client.visits


@virtual
async def test_who_waits_for_another_host_holds_no_global_slot() -> None:
    scripts = {url_of(0): Script(latency_s=60), url_of(1): Script(latency_s=1, moves=(SLOW,))}
    told = CheckSettings(concurrency=2, pace=PaceSettings(per_host=1))
    client = FakeClient(scripts, otherwise=Script(latency_s=1))
    came = await checked([page_of(0, SLOW), *[target_of(number) for number in range(1, 12)]], client, told)
    assert came.known_at[11] == 11.0
    assert came.known_at[1] == 61.0
    assert client.peak == 2


@virtual
async def test_among_those_that_may_go_the_lists_order_holds() -> None:
    hosts = ["a.test:80", "b.test:80", "a.test:80", "a.test:80", "b.test:80", "c.test:80"]
    entries = [page_of(number, host) for number, host in enumerate(hosts)]
    client = FakeClient(otherwise=Script(latency_s=1))
    told = CheckSettings(concurrency=2, pace=PaceSettings(per_host=1))
    await checked(entries, client, told)
    assert client.asked == [url_of(number) for number in (0, 1, 2, 4, 3, 5)]


@settings(deadline=None)
@given(hosts=st.lists(st.integers(0, 3), min_size=1, max_size=30), concurrency=st.integers(1, 5), cap=st.integers(1, 3))
@virtual
async def test_whoever_goes_is_the_first_in_the_list_whose_host_has_room(
    hosts: list[int], concurrency: int, cap: int
) -> None:
    entries = [page_of(number, host_of(host)) for number, host in enumerate(hosts)]
    turns = turns_of(iter(entries), PaceSettings(per_host=cap), concurrency)
    waiting = dict(enumerate(hosts))
    while waiting:
        turn = await turns.take()
        assert turn is not None
        busy = [hosts[one] for one in turns.in_flight if one != turn.index]
        assert turn.index == min(number for number, host in waiting.items() if busy.count(host) < cap)
        del waiting[turn.index]
        while turns.in_flight and not any(may_go(host, turns, hosts, cap) for host in waiting.values()):
            turns.release(next(iter(turns.in_flight.values())))
        if len(turns.in_flight) == concurrency:
            turns.release(next(iter(turns.in_flight.values())))


def may_go(host: int, turns: PoliteTurns, hosts: list[int], cap: int) -> bool:
    return [hosts[one] for one in turns.in_flight].count(host) < cap


def turns_of(entries: Iterator[Entry], pace: PaceSettings, concurrency: int) -> PoliteTurns:
    stream = EntryStream(entries, LineDefaults(), SelectionSettings(dedupe=False))
    return PoliteTurns(ListCandidates(stream), CLOCK, pace, concurrency=concurrency)


class Counted:
    """Counts how far a list was read."""

    def __init__(self, entries: Iterator[Entry]) -> None:
        self._entries = entries
        self.read = 0

    def __iter__(self) -> Iterator[Entry]:
        return self

    def __next__(self) -> Entry:
        entry = next(self._entries)
        self.read += 1
        return entry


@virtual
async def test_a_host_that_owns_a_million_lines_is_read_ahead_in_bounds() -> None:
    source = Counted(page_of(number, SLOW) for number in range(1_000_000))
    turns = turns_of(source, PaceSettings(), 100)
    begun = [await turns.take() for _ in range(10)]
    waiting = asyncio.create_task(turns.take(), name="the eleventh")
    for rounds in range(3):
        await asyncio.sleep(60)
        assert LOOK_AHEAD + 10 + rounds <= source.read <= LOOK_AHEAD + 10 + rounds + 64
        turn = begun.pop()
        assert turn is not None
        turns.release(turn)
        begun.append(await waiting)
        waiting = asyncio.create_task(turns.take(), name="one more")
    waiting.cancel()
    await turns.aclose()


@virtual
async def test_what_waits_for_a_retry_counts_as_read_ahead() -> None:
    failing = Script(status=503)
    with patch("allup.run.polite.LOOK_AHEAD", 50):
        source = Counted(page_of(number, host_of(number), retries=1) for number in range(1_000))
        client = FakeClient(otherwise=[failing, Script()])
        reading = asyncio.create_task(checked(source, client, CheckSettings(concurrency=10)), name="reader")
        await settle()
        while not reading.done():
            asked, answered = len(client.log), len(client.log) - len(set(client.asked))
            assert len(set(client.asked)) - answered <= 50 + 10 + 1, asked
            await asyncio.sleep(0.01)
    assert (await reading).indexes == list(range(1_000))


@virtual
async def test_a_silent_list_holds_back_nobody_who_was_read() -> None:
    async def silent() -> AsyncIterator[Entry]:
        for number in range(5):
            yield page_of(number, SLOW)
        await asyncio.sleep(100)
        yield target_of(5)

    client = FakeClient(otherwise=Script(latency_s=1))
    came = await checked(silent(), client, CheckSettings(pace=PaceSettings(per_host=1)))
    assert [came.known_at[number] for number in range(6)] == [1.0, 2.0, 3.0, 4.0, 5.0, 101.0]
    assert now() == 101.0
