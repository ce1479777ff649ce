"""Results to be shown, and a console to show them on."""

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from allup.model.attempt import Attempt
from allup.model.result import Result, judged
from allup.model.target import Target


def result_of(*, status: int = 200, url: str = "https://example.org/", attempts: int = 1) -> Result:
    target = Target(url=url, href=url, host="example.org:443")
    attempt = Attempt(started_at=1769860800.0, elapsed_s=0.1, method="GET", status=status)
    return judged(0, target, attempt, attempts=attempts)


@pytest.fixture(scope="session")
def make_result() -> Callable[..., Result]:
    return result_of


@pytest.fixture
def console() -> Console:
    return Console(
        file=io.StringIO(), force_terminal=True, color_system=None, width=100, height=20, legacy_windows=False
    )
