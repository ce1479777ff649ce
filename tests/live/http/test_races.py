"""A race and a wait over real sockets: nothing of a loser lives on, and what comes up is seen."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from allup.http.client import open_client
from allup.http.ports import open_port_client
from allup.lists.line import LineDefaults, parse_line
from allup.model.race import RaceOutcome, RaceSettings
from allup.model.settings import HttpSettings
from allup.model.target import Entry
from allup.model.target import Origin as Place
from allup.model.waiting import Poll, WaitSettings
from allup.run.racing import Race
from allup.run.waiting import Waiting
from live.http.asking import REAL, target
from live.http.origin import OK, Origin, Visit, answers, silence

Serve = Callable[..., Awaitable[Origin]]
Eventually = Callable[[Callable[[], bool]], Awaitable[None]]


def others() -> set[object]:
    """Return the tasks that are neither the test's nor a server's."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    return {task for task in tasks if "_visited" not in repr(task)}


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_no_connection_and_no_task_of_a_loser_lives_on(serve: Serve, eventually: Eventually, scheme: str) -> None:
    losers = [await serve(silence) for _ in range(5)]

    async def once_all_run(visit: Visit) -> None:
        await visit.head()
        await eventually(lambda: all(one.open for one in losers))
        await visit.send(OK)
        await visit.end()

    winner = await serve(once_all_run)
    urls = [*(one.url().replace("http", scheme) for one in losers), winner.url()]
    settings = HttpSettings(insecure=True)
    async with open_client(settings, REAL) as client:
        outcome = await Race([target(url) for url in urls], client, RaceSettings(), clock=REAL).run()
        assert others() == set()
        await eventually(lambda: all(one.open == 0 for one in losers))

    assert [finish.result.url for finish in outcome.winners] == [winner.url()]
    assert len(outcome.finishes) == 6


async def test_an_error_is_no_win_and_a_failure_starts_the_next_one(serve: Serve) -> None:
    broken = await serve(answers(b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"))
    good, spare = await serve(answers(OK)), await serve(answers(OK))
    entries: list[Entry] = [target(f"{one.url()} retries=0") for one in (broken, good, spare)]

    async with open_client(HttpSettings(), REAL) as client:
        outcome: RaceOutcome = await Race(entries, client, RaceSettings(stagger_s=30), clock=REAL).run()

    assert [finish.result.url for finish in outcome.winners] == [good.url()]
    assert spare.connections == 0


async def test_a_server_that_comes_up_flaps_and_stays_is_seen_through_both_of_its_doors(serve: Serve) -> None:
    origin = await serve(silence)
    port = origin.port
    await origin.stop()
    statuses = [b"503 No", b"200 OK", b"503 No", b"200 OK", b"200 OK"]
    script = answers(*(b"HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n" % status for status in statuses))
    revived = Origin(script, None)
    polls: list[Poll] = []

    async with AsyncExitStack() as stack:

        def polled(poll: Poll) -> None:
            polls.append(poll)
            if len(polls) == 2:
                reviving.set()

        async def revive() -> None:
            await reviving.wait()
            await revived.start(port)
            stack.push_async_callback(revived.stop)

        reviving = asyncio.Event()
        reviver = asyncio.create_task(revive())
        lines = [f"http://127.0.0.1:{port}/", f"tcp://127.0.0.1:{port}"]
        entries = [one for line in lines if (one := parse_line(line, LineDefaults(ports=True), Place())) is not None]
        told = WaitSettings(every_s=0.02, for_s=10, stable=2)
        client = await stack.enter_async_context(open_port_client(HttpSettings(), REAL))
        waited = await Waiting(entries, client, replace(told), clock=REAL, observe=polled).run()
        await reviver

    assert (waited.in_time, waited.missing) == (True, ())
    streaks = [poll.streak for poll in polls if poll.result.index == 0 and poll.result.attempt is not None]
    answered = streaks[streaks.index(1) - 1 :]
    assert answered == [0, 1, 0, 1, 2]
