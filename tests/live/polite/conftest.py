from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from allup.lab.server import Lab, serving
from allup.run.backoff import Backoff


@pytest_asyncio.fixture
async def lab() -> AsyncIterator[Lab]:
    async with serving() as running:
        yield running


@pytest.fixture
def backoff(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set what a retry waits that no server asked to."""

    def set_to(seconds: float) -> None:
        monkeypatch.setattr(Backoff, "wait_s", lambda *_: seconds)

    return set_to


@pytest.fixture
def no_backoff(backoff: Callable[[float], None]) -> None:
    backoff(0.0)
