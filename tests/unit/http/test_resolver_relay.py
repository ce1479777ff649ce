"""What resolvers remember of names stays bounded: they take over from each other."""

import asyncio
import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from allup.http.resolver_relay import MOST_NAMES, ResolverRelay


class Remembering(AbstractResolver):
    """Notes what it was asked; a name that begins with ``slow`` has to be let go."""

    made: list["Remembering"]

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.closed = 0
        self.go = asyncio.Event()
        self.made.append(self)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        assert not self.closed
        self.asked.append(host)
        if host.startswith("slow"):
            await self.go.wait()
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        self.closed += 1


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Remembering]:
    """All resolvers that were made."""
    made: list[Remembering] = []
    monkeypatch.setattr(Remembering, "made", made, raising=False)
    return made


async def ask(relay: ResolverRelay, count: int) -> None:
    for number in range(count):
        assert (await relay.resolve(f"h{number}.test"))[0]["hostname"] == f"h{number}.test"


async def test_none_is_asked_more_than_so_many_names_and_only_the_last_one_is_open(made: list[Remembering]) -> None:
    relay = ResolverRelay(Remembering)
    await ask(relay, 2 * MOST_NAMES + 1)
    assert [len(one.asked) for one in made] == [MOST_NAMES, MOST_NAMES, 1]
    assert [one.closed for one in made] == [1, 1, 0]
    await relay.close()
    assert made[-1].closed == 1


async def test_one_that_was_taken_over_from_is_closed_when_it_has_answered_all(made: list[Remembering]) -> None:
    relay = ResolverRelay(Remembering)
    slow = [asyncio.create_task(relay.resolve(name), name=name) for name in ("slow.test", "slower.test")]
    await asyncio.sleep(0)
    await ask(relay, MOST_NAMES)
    assert [one.closed for one in made] == [0, 0]
    slow[0].cancel()
    await asyncio.wait(slow[:1])
    assert made[0].closed == 0
    made[0].go.set()
    assert (await slow[1])[0]["hostname"] == "slower.test"
    assert [one.closed for one in made] == [1, 0]
    await relay.close()


async def test_what_is_still_asked_is_closed_too_in_the_end(made: list[Remembering]) -> None:
    relay = ResolverRelay(Remembering)
    slow = asyncio.create_task(relay.resolve("slow.test"), name="slow")
    await asyncio.sleep(0)
    await ask(relay, MOST_NAMES)
    await relay.close()
    assert [one.closed for one in made] == [1, 1]
    slow.cancel()
    await asyncio.wait((slow,))


async def test_where_no_other_one_can_be_made_the_one_at_hand_goes_on(made: list[Remembering]) -> None:
    def make() -> Remembering:
        if made:
            raise OSError("no descriptors left")
        return Remembering()

    relay = ResolverRelay(make)
    await ask(relay, 2 * MOST_NAMES)
    assert len(made[0].asked) == 2 * MOST_NAMES
    assert made[0].closed == 0
