"""A cluster in one event loop: its workers work, come, and die, as tests have it."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from allup.model.usage import UsageError
from allup.run.client import Client
from allup.run.dask.shift import Shift
from allup.run.dask.station import Gone
from allup.run.processes.packing import packed, unpacked
from unit.virtual_loop import CLOCK


@dataclass
class Worker:
    shifts: dict[str, tuple[Shift, "asyncio.Task[None]"]] = field(default_factory=dict)
    dead: asyncio.Event = field(default_factory=asyncio.Event)


class FakeCluster:
    """Workers by their names; `silent` ones are there, and answer nothing."""

    def __init__(self, client: Client, *names: str, refuses: str = "") -> None:
        self._client = client
        self._refuses = refuses
        self.present = {name: Worker() for name in names}
        self.silent: set[str] = set()
        self.unreachable = False
        self.opened = 0

    def join(self, name: str) -> None:
        self.present[name] = Worker()

    def kill(self, name: str) -> None:
        worker = self.present.pop(name)
        worker.dead.set()
        for _, task in worker.shifts.values():
            task.cancel()

    def reach(self) -> None:
        self.unreachable = False

    async def workers(self) -> Collection[str]:
        if self.unreachable:
            raise Gone("no scheduler")
        return set(self.present)

    async def call(self, address: str, verb: str, shift: str, payload: bytes) -> bytes:
        await asyncio.sleep(0.001)
        worker = self.present.get(address)
        if worker is None or self.unreachable:
            raise Gone(address)
        if address in self.silent:
            await asyncio.sleep(1e6)
        what = unpacked(payload)
        answering = asyncio.create_task(self._answer(worker, verb, shift, what), name="allup-answer")
        dying = asyncio.create_task(worker.dead.wait(), name="allup-dying")
        try:
            await asyncio.wait([answering, dying], return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                raise Gone(address)
            return packed(answering.result())
        finally:
            dying.cancel()
            answering.cancel()

    async def _answer(self, worker: Worker, verb: str, name: str, what: Any) -> Any:
        if verb == "open":
            if self._refuses:
                raise UsageError(self._refuses)
            self.opened += 1
            shift = Shift(self._client, what, CLOCK)
            worker.shifts[name] = shift, asyncio.create_task(shift.run(), name="allup-shift-of-a-test")
            return None
        if name not in worker.shifts:
            raise Gone(name)
        shift, task = worker.shifts[name]
        match verb:
            case "ask":
                shift.ask(what)
            case "stop":
                shift.stop(what)
            case "drop":
                task.cancel()
            case "hear":
                return await shift.hear(1.0)
        return None
