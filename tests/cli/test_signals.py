"""Signals that come at the same time, and cancellations that are none of theirs."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from allup.cli.signals import interruptible
from allup.model.stop import Stop

FOREVER_S = 3600


async def test_a_signal_ends_the_block_and_says_which_it_was() -> None:
    with interruptible() as interruption:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(FOREVER_S)

    assert interruption.stop is Stop.TERMINATE


async def test_two_signals_at_once_end_the_block_as_one_does() -> None:
    with interruptible() as interruption:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(FOREVER_S)

    task = asyncio.current_task()
    assert interruption.stop in (Stop.INTERRUPT, Stop.TERMINATE)
    assert task is not None
    assert task.cancelling() == 0
    await asyncio.sleep(0)  # what comes next is not cancelled, too


async def test_a_block_that_nobody_interrupts_says_so() -> None:
    with interruptible() as interruption:
        await asyncio.sleep(0)

    assert interruption.stop is None


async def test_a_cancellation_from_outside_passes() -> None:
    begun = asyncio.Event()

    async def work() -> None:
        with interruptible():
            begun.set()
            await asyncio.sleep(FOREVER_S)

    task = asyncio.create_task(work(), name="work")
    await begun.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


CLOSING = """
import allup.cli.main as main

def app(**_):
    try:
        raise {came}
    finally:
        raise RuntimeError("Cannot close a running event loop")

main.app = app
main.run()
"""


@pytest.mark.parametrize(("came", "code"), [("KeyboardInterrupt", 130), ("SystemExit(143)", 143), ("ValueError", 1)])
def test_a_signal_while_the_loop_is_closed_is_no_traceback(came: str, code: int) -> None:
    program = [sys.executable, "-c", CLOSING.format(came=came)]

    ended = subprocess.run(program, capture_output=True, text=True, timeout=30, check=False)

    assert ended.returncode == code
    assert ("Traceback" in ended.stderr) is (came == "ValueError")
