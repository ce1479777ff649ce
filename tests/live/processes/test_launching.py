"""Workers come into being, and none outlives the block that they were started for."""

import errno
import os
import signal

import pytest

from allup.model.usage import UsageError
from allup.run.processes import launching
from allup.run.processes.launching import launched
from live.processes.talking import Stub


def test_workers_that_nobody_has_spoken_to_are_gone_after_the_block() -> None:
    with launched(2) as workers:
        assert [worker.process.poll() for worker in workers] == [None, None]
        assert len({os.getpid(), *(worker.process.pid for worker in workers)}) == 3

    assert [worker.process.poll() for worker in workers] == [-signal.SIGKILL] * 2
    assert [worker.end.fileno() for worker in workers] == [-1, -1]


def test_where_the_machine_allows_no_more_those_that_were_started_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Stub] = []

    def start(*_: object) -> Stub:
        if begun:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        begun.append(Stub())
        return begun[0]

    monkeypatch.setattr(launching, "_forked", start)
    monkeypatch.setattr(launching, "_spawned", start)

    with pytest.raises(UsageError, match="cannot start 3 processes: Resource temporarily unavailable"), launched(3):
        pass

    assert [process.code for process in begun] == [-9]


def test_signals_reach_this_process_again_once_they_are_started() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with launched(1):
        assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before
