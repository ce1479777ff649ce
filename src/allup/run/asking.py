"""One attempt in a turn."""

import asyncio

from allup.model.attempt import Attempt
from allup.model.target import Target
from allup.run.client import Client
from allup.run.turns import Turn


async def asked(client: Client, turn: Turn, target: Target) -> Attempt:
    """Ask `target` once; raises RuntimeError for a cancellation that is the client's own, since nobody would see it."""
    try:
        attempt = await client.attempt(target, waited_s=turn.waited_s, watch=turn.watch, move=turn.move)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and not task.cancelling():
            raise RuntimeError("the client let out a cancellation that nobody asked for") from None
        raise
    turn.unwatch()
    return attempt
