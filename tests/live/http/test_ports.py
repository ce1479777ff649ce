"""Ports: who takes a connection is up, and who does not is told why."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator

import pytest

from allup.http.ports import open_port_client
from allup.lists.line import LineDefaults, parse_line
from allup.model.attempt import Attempt
from allup.model.failure import FailureKind, Phase
from allup.model.settings import Family, HttpSettings, Pin
from allup.model.target import Origin as Place
from allup.model.target import Target
from live.http.asking import DEFAULTS, REAL, failure
from live.http.names import Names
from live.http.origin import OK, Origin, answers, silence

Serve = Callable[..., Awaitable[Origin]]
Eventually = Callable[[Callable[[], bool]], Awaitable[None]]


def target(line: str) -> Target:
    entry = parse_line(line, LineDefaults(ports=True), Place())
    assert isinstance(entry, Target)
    return entry


async def knocked(line: str, settings: HttpSettings = DEFAULTS) -> Attempt:
    async with open_port_client(settings, REAL) as client:
        return await client.attempt(target(line))


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that nobody else gets, and where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


async def test_who_takes_a_connection_is_up_whatever_it_speaks(serve: Serve, eventually: Eventually) -> None:
    origin = await serve(silence)

    attempt = await knocked(f"tcp://127.0.0.1:{origin.port}")

    assert (attempt.failure, attempt.status) == (None, None)
    await eventually(lambda: (origin.connections, origin.open) == (1, 0))


async def test_urls_are_asked_as_ever(serve: Serve) -> None:
    origin = await serve(answers(OK))

    assert (await knocked(origin.url())).status == 200


async def test_nobody_there_is_refused(closed_port: int) -> None:
    refused = failure(await knocked(f"tcp://127.0.0.1:{closed_port}"))

    assert (refused.kind, refused.phase) == (FailureKind.CONNECT_REFUSED, Phase.CONNECT)


async def test_a_connection_that_meets_itself_is_nobody(closed_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def itself(*_: object, **__: object) -> socket.socket:
        one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        one.bind(("127.0.0.1", 0))
        one.connect(one.getsockname())
        return one

    monkeypatch.setattr("aiohappyeyeballs.start_connection", itself)

    assert failure(await knocked(f"tcp://127.0.0.1:{closed_port}")).kind is FailureKind.CONNECT_REFUSED


async def test_a_name_is_pinned_or_resolved_as_for_any_target(serve: Serve, names: Names) -> None:
    origin = await serve(silence)
    names.known["db.test"] = ["127.0.0.1"]
    pinned = HttpSettings(pins=(Pin(host="pinned.test", port=origin.port, addresses=("127.0.0.1",)),))

    assert (await knocked(f"tcp://db.test:{origin.port}")).failure is None
    assert (await knocked(f"tcp://pinned.test:{origin.port}", pinned)).failure is None
    assert names.asked == ["db.test"]


async def test_one_of_several_addresses_is_enough(serve: Serve, names: Names) -> None:
    origin = await serve(silence)
    names.known["db.test"] = ["127.0.0.2", "127.0.0.1"]

    assert (await knocked(f"tcp://db.test:{origin.port}")).failure is None


async def test_no_such_name_and_no_reply_are_failures_of_resolving(names: Names) -> None:
    names.known["nowhere.test"] = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    names.known["silent.test"] = None

    assert failure(await knocked("tcp://nowhere.test:1")).detail == "no such name"
    slow = failure(await knocked("tcp://silent.test:1", HttpSettings(connect_timeout_s=0.02)))
    assert (slow.kind, slow.detail) == (FailureKind.DNS, "timed out after 20ms resolving the name")


async def test_an_address_of_the_other_family_is_not_connected_to(closed_port: int) -> None:
    told = failure(await knocked(f"tcp://127.0.0.1:{closed_port}", HttpSettings(family=Family.IPV6)))

    assert told.kind is FailureKind.UNREACHABLE


async def test_a_cancellation_passes_and_leaves_nothing_behind(names: Names, eventually: Eventually) -> None:
    names.known["silent.test"] = None
    async with open_port_client(DEFAULTS, REAL) as client:
        seen: list[Callable[[], Phase]] = []
        attempt = asyncio.create_task(client.attempt(target("tcp://silent.test:1"), watch=seen.append))
        await eventually(lambda: bool(names.asked))
        assert seen[0]() is Phase.DNS
        attempt.cancel()
        with pytest.raises(asyncio.CancelledError):
            await attempt
    assert asyncio.all_tasks() == {asyncio.current_task()}
