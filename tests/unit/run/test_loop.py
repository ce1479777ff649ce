"""The event loop of a command."""

import asyncio
import sys

import pytest

from allup.run.loop import run_loop


async def _name_of_the_loop() -> str:
    return type(asyncio.get_running_loop()).__module__


def test_uvloop_is_used_where_it_is_installed() -> None:
    pytest.importorskip("uvloop")
    assert run_loop(_name_of_the_loop()) == "uvloop"


def test_without_uvloop_asyncio_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert run_loop(_name_of_the_loop()).startswith("asyncio")


def test_an_exception_passes() -> None:
    async def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        run_loop(fail())
