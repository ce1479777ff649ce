"""A host bears so many at once and no more, whoever asks, and however its URLs are come by."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from allup.http.client import open_client
from allup.lab.behaviour import WEB_SERVERS, Behaviour, Server
from allup.lab.server import Lab
from allup.lists.entry_stream import EntryStream
from allup.lists.line import LineDefaults
from allup.model.clock import Clock
from allup.model.result import Result, Verdict
from allup.model.settings import CheckSettings, CompareSettings, HttpSettings, PaceSettings, Strategy
from allup.run.checking import checking
from allup.run.comparing import Comparing, Contender, contenders, read_all
from live.polite.running import ran
from live.polite.spy import OK, RESET, Answer, spying

CAP = 3


def spread(lab: Lab, each: int, path: str = "/latency/30ms") -> list[str]:
    """Return so many URLs of each web server, one server after the other."""
    places = [
        Behaviour(name="", about="", path=f"{path}?{at}", server=server) for server in WEB_SERVERS for at in range(each)
    ]
    return [lab.url(place) for place in places]


def peaks(lab: Lab) -> set[int]:
    return {lab.stats.of(server).peak_in_flight for server in WEB_SERVERS}


def paced(per_host: int, *, concurrency: int = 100) -> CheckSettings:
    return CheckSettings(concurrency=concurrency, pace=PaceSettings(per_host=per_host))


async def test_a_check_keeps_to_the_cap_of_every_host(lab: Lab) -> None:
    came = await ran(spread(lab, 5 * CAP), paced(CAP))

    assert set(came.verdicts) == {Verdict.OK}
    assert peaks(lab) == {CAP}
    assert lab.stats.total.peak_in_flight <= CAP * len(WEB_SERVERS)


async def test_a_check_keeps_to_both_caps(lab: Lab) -> None:
    await ran(spread(lab, 5 * CAP), paced(CAP, concurrency=5))

    assert 0 < max(peaks(lab)) <= CAP
    assert CAP < lab.stats.total.peak_in_flight <= 5


@pytest.mark.usefixtures("no_backoff")
async def test_retries_and_failures_keep_to_the_cap_too() -> None:
    answers = [Answer(status=503, after_s=0.02), RESET, Answer(status=404), Answer(after_s=0.02)]

    async with spying(lambda path, times: answers[(int(path[1:]) + times) % len(answers)]) as spy:
        await ran([spy.url(f"/{number}") for number in range(40)], paced(CAP))

    assert len(spy.log) > 40
    assert spy.peak == CAP


async def test_a_run_that_is_left_in_the_middle_has_kept_to_the_cap(lab: Lab) -> None:
    async with checking(spread(lab, 20), paced(CAP)) as run:
        async for result in run:
            if result.index == 10:
                break

    assert 0 < max(peaks(lab)) <= CAP


async def test_every_strategy_keeps_to_the_cap_of_a_host_where_one_is_given(lab: Lab) -> None:
    per_host = 2
    entries = await read_all(EntryStream(spread(lab, 8, "/latency/20ms"), LineDefaults()))
    settings = CompareSettings(levels=(20,), pace=PaceSettings(per_host=per_host))
    seen: dict[Contender, tuple[int, int]] = {}

    def observe(contender: Contender, _: int) -> Callable[[Result], None]:
        lab.reset_stats()

        def note(_: Result) -> None:
            seen[contender] = (max(peaks(lab)), lab.stats.total.peak_in_flight)

        return note

    await Comparing(entries, settings, Clock(), lambda: open_client(HttpSettings(), Clock())).rounds(observe)

    assert list(seen) == contenders((20,))
    for contender, (of_a_host, of_all) in seen.items():
        if contender.strategy is Strategy.SEQUENTIAL:
            assert (of_a_host, of_all) == (1, 1)
        else:
            assert of_a_host == per_host
            assert of_all <= per_host * len(WEB_SERVERS)


async def test_every_strategy_has_as_many_in_flight_as_it_may_where_no_cap_of_a_host_is_given() -> None:
    cap, urls = 20, 32
    full: asyncio.Event
    may: int
    seen: dict[Contender, int] = {}

    def answer(*_: object) -> Answer:
        if spy.in_flight + 1 == may:
            full.set()
        return Answer(until=full)

    def observe(contender: Contender, _: int) -> Callable[[Result], None]:
        nonlocal full, may
        full, may = asyncio.Event(), 1 if contender.strategy is Strategy.SEQUENTIAL else cap
        spy.peak = 0
        return lambda _: seen.update({contender: spy.peak})

    async with spying(answer) as spy:
        entries = await read_all(EntryStream([spy.url(f"/{number}") for number in range(urls)], LineDefaults()))
        settings = CompareSettings(levels=(cap,))
        await Comparing(entries, settings, Clock(), lambda: open_client(HttpSettings(), Clock())).rounds(observe)

    assert list(seen) == contenders((cap,))
    assert seen == {one: 1 if one.strategy is Strategy.SEQUENTIAL else cap for one in seen}


async def redirected(sources: int, urls: int, more: Sequence[str] = ()) -> tuple[int, list[int], list[Verdict]]:
    """Let servers redirect to one server; return its peak, theirs, and the verdicts. `more` are paths of that one."""
    async with spying(lambda *_: Answer(after_s=0.03)) as target:

        def away(path: str, _: int) -> Answer:
            return Answer(status=302, headers={"Location": target.url(path)})

        async with spying(away) as one, spying(away) as two:
            spies = [one, two][:sources]
            lines = [spy.url(f"/{number}-{spy.port}") for number in range(urls) for spy in spies]
            came = await ran([*lines, *map(target.url, more)], paced(CAP))
            return target.peak, [spy.peak for spy in spies], came.verdicts


async def test_a_redirect_takes_a_slot_of_the_host_that_it_leads_to() -> None:
    peak, theirs, verdicts = await redirected(2, 20)

    assert peak == CAP
    assert max(theirs) <= CAP
    assert verdicts == [Verdict.OK] * 40


async def test_redirects_and_the_host_s_own_urls_share_its_slots() -> None:
    peak, _, verdicts = await redirected(1, 20, [f"/own-{number}" for number in range(20)])

    assert peak == CAP
    assert verdicts == [Verdict.OK] * 40


async def test_a_redirect_gives_back_the_slot_of_the_host_that_it_came_from() -> None:
    async with spying(lambda *_: Answer(after_s=0.5)) as slow:

        def mostly_here(path: str, _: int) -> Answer:
            return Answer(status=302, headers={"Location": slow.url("/")}) if path.startswith("/away") else OK

        async with spying(mostly_here) as quick:
            away = [quick.url(f"/away-{number}") for number in range(2)]
            here = quick.url("/here")
            came = await ran([*away, here], paced(1))

    assert came.known_after_s[here] < 0.5 <= min(came.known_after_s[url] for url in away)
    assert slow.peak == 1


async def test_a_circle_of_redirects_between_two_hosts_ends() -> None:
    other: list[str] = []

    def there_and_back(path: str, _: int) -> Answer:
        return Answer(status=302, headers={"Location": other[0 if path == "/a" else 1]})

    async with spying(there_and_back) as one, spying(there_and_back) as two:
        other[:] = [two.url("/b"), one.url("/a")]
        came = await ran([one.url("/a"), two.url("/b"), one.url("/a#again"), two.url("/b#again")], paced(1))

    assert {result.failure and result.failure.kind for result in came.results} == {"too_many_redirects"}
    assert max(one.peak, two.peak) == 1


def test_hosts_are_ports_of_their_own() -> None:
    assert len(set(WEB_SERVERS)) == 4
    assert Server.SILENT not in WEB_SERVERS
