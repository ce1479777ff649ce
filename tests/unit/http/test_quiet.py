import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from allup.http.quiet import keep_quiet

Context = dict[str, Any]


@pytest.fixture
def heard() -> list[Context]:
    return []


@pytest.fixture
def loop(heard: list[Context]) -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _, context: heard.append(context))
    keep_quiet(loop)
    yield loop
    loop.close()


def test_a_handshake_that_was_called_off_is_no_news(loop: asyncio.AbstractEventLoop, heard: list[Context]) -> None:
    loop.call_exception_handler({"message": "Fatal error on SSL protocol", "exception": RuntimeError("is closed")})
    assert heard == []


@pytest.mark.parametrize(
    "context",
    [
        {"message": "Fatal error on SSL protocol", "exception": ValueError()},
        {"message": "Task exception was never retrieved", "exception": RuntimeError()},
        {"exception": ValueError()},
    ],
)
def test_all_else_goes_to_whom_it_went_before(
    loop: asyncio.AbstractEventLoop, heard: list[Context], context: Context
) -> None:
    loop.call_exception_handler(context)
    assert heard == [context]


def test_who_asks_again_changes_nothing(loop: asyncio.AbstractEventLoop) -> None:
    before = loop.get_exception_handler()
    keep_quiet(loop)
    assert loop.get_exception_handler() is before
