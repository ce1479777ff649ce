"""How worker processes come into being, and to their end.

To fork takes milliseconds, where nothing runs beside the main thread yet; elsewhere each worker is
a Python of its own, which takes half a second.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from allup.model.usage import UsageError
from allup.run.processes.worker import LEFT_TO_THE_PARENT, work

_REAPING_S: Final = 1.0
POLL_S: Final = 0.002

_PROGRAM: Final = """\
import sys
sys.path[:] = {path!r}
import socket
from allup.run.processes.worker import work
work({end}, {name!r})
"""


class Process(Protocol):
    """What is needed of a process: `subprocess.Popen` has it."""

    @property
    def pid(self) -> int:
        """Its number."""
        ...

    def poll(self) -> int | None:
        """Return what it ended with, a signal as its negative; None while it runs."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A worker process, and this side's end of the line to it."""

    process: Process
    end: socket.socket


Workers = Sequence[Worker]


@contextmanager
def launched(count: int) -> Iterator[Workers]:
    """Start `count` workers; with the block they are gone. Raises UsageError where the machine does not allow it.

    To be called before there is an event loop, if that can be.
    """
    workers: list[Worker] = []
    try:
        try:
            _start(count, workers)
        except OSError as error:
            raise UsageError(f"cannot start {count} processes: {error.strerror}") from error
        yield workers
    finally:
        _end(workers)


async def ended(workers: Workers, within_s: float) -> None:
    """Wait until all of `workers` have ended, but not for long."""
    give_up_at = time.monotonic() + within_s
    # For a process, and one that was forked at that, nobody sets an event.
    while any(worker.process.poll() is None for worker in workers) and time.monotonic() < give_up_at:  # noqa: ASYNC110
        await asyncio.sleep(POLL_S)


def _start(count: int, workers: list[Worker]) -> None:
    start = _forked if _may_fork() else _spawned
    with _signals_held_back():
        for number in range(1, count + 1):
            ours, theirs = socket.socketpair()
            try:
                process = start(theirs, f"allup-worker-{number}")
            except BaseException:
                ours.close()
                raise
            finally:
                theirs.close()
            workers.append(Worker(process=process, end=ours))


def _may_fork() -> bool:
    if sys.platform != "linux" or threading.active_count() > 1:
        return False
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return True
    return False


@contextmanager
def _signals_held_back() -> Iterator[None]:
    # A worker that hears of Ctrl-C before it is told to ignore it would die of it.
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, LEFT_TO_THE_PARENT)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Forked:
    """A process that was forked."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None

    def poll(self) -> int | None:
        if self._code is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:  # somebody else has asked for it, or nobody wants to know (SIGCHLD ignored)
                self._code = 0
            else:
                self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code

    def kill(self) -> None:
        if self.poll() is None:  # else the number may be another process's by now
            os.kill(self.pid, signal.SIGKILL)


def _forked(theirs: socket.socket, name: str) -> Process:
    import allup.http.client  # noqa: F401, PLC0415 - once, and not in every worker

    pid = os.fork()
    if pid:
        return _Forked(pid)
    try:
        _keep_only(theirs.fileno())
        work(theirs, name)
    finally:
        os._exit(1)


def _keep_only(kept: int) -> None:
    # A pipe that this process held open would not end with the parent; nor would a line to another worker.
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    os.closerange(3, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))


def _spawned(theirs: socket.socket, name: str) -> Process:
    if sys.platform == "win32":
        process = _python("socket.fromshare(sys.stdin.buffer.read())", name, stdin=subprocess.PIPE)
        process.communicate(theirs.share(process.pid))
        return process
    return _python(f"socket.socket(fileno={theirs.fileno()})", name, pass_fds=(theirs.fileno(),))


def _python(end: str, name: str, *, stdin: int = subprocess.DEVNULL, pass_fds: Sequence[int] = ()) -> Process:
    program = _PROGRAM.format(path=sys.path, end=end, name=name)
    return subprocess.Popen(  # noqa: S603 - this very Python, with a program of our own
        [sys.executable, "-c", program],
        stdin=stdin,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=pass_fds,
    )


def _end(workers: Workers) -> None:
    for worker in workers:
        worker.end.close()
        worker.process.kill()
    give_up_at = time.monotonic() + _REAPING_S
    while any(worker.process.poll() is None for worker in workers) and time.monotonic() < give_up_at:
        time.sleep(POLL_S)
