"""A line to a worker: what is asked there comes back here as it would have been here."""

import asyncio
import socket
from dataclasses import replace

import pytest

from allup.model.attempt import Attempt
from allup.model.clock import Clock
from allup.model.failure import Certainty, FailureKind, Phase
from allup.model.settings import HttpSettings
from allup.model.target import Request, Target
from allup.model.usage import UsageError
from allup.run.processes import link as link_module
from allup.run.processes.errand import Fault
from allup.run.processes.launching import Worker
from allup.run.processes.link import Link
from live.processes.talking import TARGET, Move, Scripted, Stub, answer, ask, linked, never, target_of
from unit.until import until


async def test_every_attempt_is_made_once_and_its_answer_is_its_own() -> None:
    client = Scripted(answer)
    async with linked(client) as link:
        asked = [ask(link, target_of(number)) for number in range(300)]
        came = await asyncio.gather(*(one.task for one in asked))

    assert [attempt.final_url for attempt in came] == [target_of(number).url for number in range(300)]
    assert sorted(target.url for target in client.asked) == sorted(target_of(number).url for number in range(300))


async def test_a_target_arrives_with_all_that_an_attempt_needs_of_it() -> None:
    client = Scripted(answer)
    target = replace(TARGET, href="http://me:secret@a.test/", request=Request(method="HEAD", timeout_s=3))
    async with linked(client) as link:
        await ask(link, replace(target, name="home", group="g", options=(("name", "home"),))).task

    assert client.asked == [target]


async def test_what_a_client_raises_is_raised_where_it_was_asked() -> None:
    async def fall(*_: object) -> Attempt:
        raise ZeroDivisionError("in the client")

    async with linked(Scripted(fall)) as link:
        with pytest.raises(Fault, match="ZeroDivisionError: in the client"):
            await ask(link).task
        with pytest.raises(Fault):  # and the worker goes on
            await ask(link).task


async def test_a_cancellation_that_nobody_asked_for_is_a_fault() -> None:
    async def give_up(*_: object) -> Attempt:
        raise asyncio.CancelledError

    async with linked(Scripted(give_up)) as link:
        with pytest.raises(Fault, match="nobody asked for"):
            await ask(link).task


async def test_who_is_called_off_is_called_off_there_and_says_in_which_phase_it_was() -> None:
    client = Scripted(never, phase=Phase.SSL)
    async with linked(client) as link:
        one, other = ask(link), ask(link, target_of(1))
        await until(lambda: len(client.asked) == 2)
        one.task.cancel()
        await asyncio.wait([one.task])

        assert one.task.cancelled()
        assert client.cancelled == [TARGET.url]
        assert one.phase is Phase.SSL
        assert not other.task.done()
        other.task.cancel()
        await asyncio.wait([other.task])


async def test_who_is_called_off_before_it_was_begun_never_is() -> None:
    client = Scripted(never)
    async with linked(client) as link:
        link._line._next_at = asyncio.get_running_loop().time() + 0.2  # both words go in one piece
        one = ask(link)
        await asyncio.sleep(0)
        one.task.cancel()
        await asyncio.wait([one.task])
        assert one.task.cancelled()

    assert client.asked == []


async def test_the_phase_of_what_takes_long_is_told() -> None:
    client = Scripted(never, phase=Phase.CONNECT)
    async with linked(client) as link:
        one = ask(link)
        await until(lambda: one.phase is Phase.CONNECT)
        client.phase = Phase.WAIT
        await until(lambda: one.phase is Phase.WAIT)
        one.task.cancel()
        await asyncio.wait([one.task])


async def test_an_answer_that_crosses_a_cancellation_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "PARTING_S", 3600)
    free = asyncio.Event()

    async def soon(target: Target, move: Move) -> Attempt:
        await free.wait()
        return await answer(target, move)

    client = Scripted(soon)
    async with linked(client) as link:
        for number in range(100):
            free.clear()
            one = ask(link, target_of(number))
            await until(lambda seen=number: len(client.asked) > seen)  # type: ignore[misc]
            free.set()
            for _ in range(number % 10):
                await asyncio.sleep(0)
            one.task.cancel()
            async with asyncio.timeout(10):
                await asyncio.wait([one.task])


async def test_a_worker_that_does_not_part_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "PARTING_S", 0.01)
    enough = asyncio.Event()

    async def stubborn(*_: object) -> Attempt:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await enough.wait()
            raise
        raise AssertionError

    client = Scripted(stubborn)
    async with linked(client) as link:
        one = ask(link)
        await until(lambda: len(client.asked) == 1)
        one.task.cancel()
        await asyncio.wait([one.task])
        assert one.task.cancelled()
        enough.set()


async def test_a_move_is_awaited_by_who_asked_and_its_seconds_are_told() -> None:
    moves: list[str] = []
    tasks: list[asyncio.Task[Attempt] | None] = []

    async def travel(target: Target, move: Move) -> Attempt:
        took_s = [await move("b.test:80"), await move("c.test:80")]
        return replace(await answer(target, move), elapsed_s=sum(took_s))

    async def move(host: str) -> float:
        moves.append(host)
        tasks.append(asyncio.current_task())
        return 0.25 * len(moves)

    async with linked(Scripted(travel)) as link:
        one = ask(link, move=move)
        assert (await one.task).elapsed_s == 0.75
        assert (await ask(link).task).elapsed_s == 0.0

    assert moves == ["b.test:80", "c.test:80"]
    assert tasks == [one.task, one.task]


async def test_who_is_called_off_on_its_way_to_another_host_is_called_off_there() -> None:
    async def travel(target: Target, move: Move) -> Attempt:
        await move("b.test:80")
        return await answer(target, move)

    on_its_way = asyncio.Event()

    async def move(_: str) -> float:
        on_its_way.set()
        await asyncio.Event().wait()
        return 0.0

    client = Scripted(travel)
    async with linked(client) as link:
        one = ask(link, move=move)
        await on_its_way.wait()
        one.task.cancel()
        await asyncio.wait([one.task])
        assert one.task.cancelled()
        assert client.cancelled == [TARGET.url]


async def test_what_a_worker_that_ends_has_not_answered_is_no_word_about_the_target() -> None:
    client = Scripted(never)
    process = Stub()
    async with linked(client, process) as link:
        asked = [ask(link, target_of(number)) for number in range(3)]
        await until(lambda: len(client.asked) == 3)
        process.kill()
        link._line.hang_up()
        came = await asyncio.gather(*(one.task for one in asked))

        assert not link.alive
    for attempt in came:
        assert attempt.failure is not None
        assert attempt.failure.kind is FailureKind.LOCAL
        assert attempt.failure.certainty is Certainty.LOCAL
        assert attempt.failure.detail == "the process that asked it was killed by signal 9"
        assert attempt.failure.hint is not None


async def test_a_worker_of_which_nothing_is_heard_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "LISTENING_S", 0.01)
    process = Stub()
    async with linked(Scripted(never), process) as link:
        monkeypatch.setattr(link._line, "data_received", lambda _: None)
        attempt = await ask(link).task

    assert process.code == -9
    assert attempt.failure is not None
    assert attempt.failure.detail == "the process that asked it hangs, and was ended"


async def test_a_client_that_cannot_be_opened_is_refused_with_its_reason() -> None:
    async with linked(Scripted(answer), opened=False, trouble=UsageError("no such file")) as link:
        refusal = await link.ready

    assert isinstance(refusal, UsageError)
    assert str(refusal) == "no such file"


async def test_what_opening_a_client_should_never_raise_is_told_with_its_traceback() -> None:
    async with linked(Scripted(answer), opened=False, trouble=ZeroDivisionError("while opening")) as link:
        fault = await link.ready

    assert isinstance(fault, Fault)
    assert "ZeroDivisionError: while opening" in str(fault)


async def test_a_worker_that_ends_before_it_could_begin_is_a_usage_error() -> None:
    process = Stub(code=-11)
    link = Link(Worker(process=process, end=(pair := socket.socketpair())[0]), Clock())
    with pair[1]:
        await link.open(HttpSettings())
    refusal = await link.ready
    link.close()
    pair[0].close()

    assert isinstance(refusal, UsageError)
    assert "was killed by signal 11 before it could begin" in str(refusal)
