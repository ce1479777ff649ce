"""The cluster itself: Dask's scheduler, reached through its own client, and its workers."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import Any, Final

from allup.model.usage import UsageError
from allup.run.dask.post import OPERATION
from allup.run.dask.station import Gone
from allup.version import __version__

LOCAL: Final = "local"
START_S: Final = 60.0
"""The most that is waited for a scheduler, and for the first worker."""
_LOOK_S: Final = 0.1
_ANSWER_S: Final = 10.0


class DaskCluster:
    """The workers of the scheduler at `address`, which may go away and come again."""

    def __init__(self, address: str, client: Any) -> None:
        self._address = address
        self._client = client
        self._ready: set[str] = set()
        self._refused: dict[str, str] = {}

    @property
    def refused(self) -> Collection[str]:
        """Why workers that are there cannot be used, for people."""
        return self._refused.values()

    async def workers(self) -> Collection[str]:
        """Return the addresses of the workers that can be used; raises Gone where the scheduler cannot be reached."""
        if self._client is None:
            await self._connect_again()
        try:
            async with asyncio.timeout(_ANSWER_S):
                identity = await self._client.scheduler.identity()
                present = set(identity["workers"])
                for address in present - self._ready - self._refused.keys():
                    await self._make_ready(address)
        except Exception as error:  # noqa: BLE001 - whatever a library raises of another machine
            await self.aclose()
            raise Gone(f"the scheduler at {self._address} cannot be reached: {error}") from None
        self._ready &= present
        return set(self._ready)

    async def call(self, address: str, verb: str, shift: str, payload: bytes) -> bytes:
        """Return what the worker at `address` answers; raises Gone, and UsageError where it refuses."""
        if self._client is None:
            raise Gone(f"the scheduler at {self._address} is gone")
        message = {"op": OPERATION, "verb": verb, "shift": shift, "payload": payload}
        try:
            answer = await self._client.scheduler.proxy(msg=message, worker=address)
        except Exception as error:  # noqa: BLE001 - likewise
            raise Gone(f"the worker at {address} cannot be reached: {error}") from None
        if "refused" in answer:
            raise UsageError(f"the worker at {address}: {answer['refused'].decode()}")
        if "answer" not in answer:
            raise Gone(f"the worker at {address} knows nothing of this run")
        result: bytes = answer["answer"]
        return result

    async def aclose(self) -> None:
        """Let go of the scheduler; may be called again."""
        client, self._client = self._client, None
        self._ready.clear()
        if client is not None:
            with suppress(Exception):
                async with asyncio.timeout(_ANSWER_S):
                    await client.close()

    async def _connect_again(self) -> None:
        try:
            self._client = await _client(self._address, timeout_s=_ANSWER_S)
        except OSError as error:
            raise Gone(f"the scheduler at {self._address} cannot be reached: {error}") from None

    async def _make_ready(self, address: str) -> None:
        answers = await self._client.run(_install, __version__, workers=[address], on_error="return")
        answer = answers.get(address)
        if isinstance(answer, ImportError):
            answer = f"allup is not installed there: {answer}"
        if answer is None:
            self._ready.add(address)
        elif isinstance(answer, str):
            self._refused[address] = f"the worker at {address} cannot be used: {answer}"


def _install(version: str, dask_worker: Any) -> str | None:
    """Have a worker understand this program, and return why not; this is run there."""
    import signal  # noqa: PLC0415 - this is another process
    import threading  # noqa: PLC0415

    from allup.run.dask.post import OPERATION, handle  # noqa: PLC0415
    from allup.version import __version__ as there  # noqa: PLC0415

    if there != version:
        return f"it has allup {there}, and this is {version}"
    dask_worker.handlers[OPERATION] = handle
    # A terminal sends Ctrl-C to all its processes: what it means is decided by the one that reports.
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return None


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ImportError:
        raise UsageError("--dask needs Dask: pip install 'allup[dask]'") from None


@asynccontextmanager
async def open_cluster(address: str) -> AsyncIterator[DaskCluster]:
    """Connect to the scheduler at `address`, or start a cluster of this machine (``local``, ``local:N``).

    Raises UsageError where there is no Dask, no scheduler, or no worker that can be used.
    """
    _distributed()
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    if address.partition(":")[0] == LOCAL:
        async with _local(int(address.partition(":")[2] or 0)) as scheduler, _connected(scheduler) as cluster:
            yield cluster
    else:
        async with _connected(address) as cluster:
            yield cluster


@asynccontextmanager
async def _connected(address: str) -> AsyncIterator[DaskCluster]:
    try:
        client = await _client(address, timeout_s=_ANSWER_S)
    except (OSError, ValueError) as error:
        raise UsageError(f"no Dask scheduler at {address}: {error}") from None
    cluster = DaskCluster(address, client)
    try:
        await _someone(cluster, address)
        yield cluster
    finally:
        await cluster.aclose()


async def _someone(cluster: DaskCluster, address: str) -> None:
    give_up_at = asyncio.get_running_loop().time() + START_S
    while True:
        try:
            found = await cluster.workers()
        except Gone as error:
            raise UsageError(str(error)) from None
        if found:
            return
        for reason in cluster.refused:
            raise UsageError(reason)
        if asyncio.get_running_loop().time() > give_up_at:
            raise UsageError(f"no worker has come to the scheduler at {address} within {START_S:g}s")
        await asyncio.sleep(_LOOK_S)


async def _client(address: str, *, timeout_s: float) -> Any:
    client = _distributed().Client(address, asynchronous=True, set_as_default=False, timeout=timeout_s, name="allup")
    try:
        return await client
    except BaseException:
        with suppress(Exception):
            await client.close()
        raise


@asynccontextmanager
async def _local(count: int) -> AsyncIterator[str]:
    async with _distributed().LocalCluster(
        n_workers=count or None,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",  # with none it is a port of its own choice, which another one may have
        memory_limit=None,
        asynchronous=True,
        silence_logs=logging.CRITICAL,
    ) as cluster:
        yield cluster.scheduler_address
