"""Runs one command and prints what it took; a program of its own, and a slim one.

A process inherits the peak of the memory of the one that starts it, so that it must not be a large one; started with
``-I -S`` this one has less than any tool. Prints the exit code, then wall, user and system seconds, then the most
memory in bytes: of a command of several processes, what they had together, seen every 50 ms where /proc tells.
"""

import os
import sys
import threading
import time

EVERY_S = 0.05


class Family:
    """The memory of a process and its children, as long as it has any."""

    def __init__(self, process: int) -> None:
        self.peak_bytes = 0
        self._process = process
        self._ended = threading.Event()
        self._watching = threading.Thread(target=self._watch)
        self._watching.start()

    def end(self) -> None:
        self._ended.set()
        self._watching.join()

    def _watch(self) -> None:
        while not self._ended.wait(EVERY_S):
            try:
                members = descendants(self._process)
                if len(members) > 1:
                    self.peak_bytes = max(self.peak_bytes, sum(map(share_bytes, members)))
            except (OSError, ValueError):  # one of them has just ended, or there is no /proc
                continue


def descendants(process: int) -> list[int]:
    """The process, its children, theirs, and so on."""
    members = [process]
    for member in members:
        with open(f"/proc/{member}/task/{member}/children", encoding="ascii") as children:  # noqa: PTH123 - slim
            members.extend(map(int, children.read().split()))
    return members


def share_bytes(process: int) -> int:
    """The memory of a process, with its share of what it has together with others."""
    with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as rollup:  # noqa: PTH123 - slim
        return next(int(line.split()[1]) * 1024 for line in rollup if line.startswith("Pss:"))


def main(stdout: str, stderr: str, *command: str) -> None:
    creating = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    began = time.perf_counter()
    process = os.posix_spawnp(
        command[0],
        command,
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, stdout, creating, 0o600),
            (os.POSIX_SPAWN_OPEN, 2, stderr, creating, 0o600),
        ],
    )
    family = Family(process)
    _, status, usage = os.wait4(process, 0)
    wall_s = time.perf_counter() - began
    family.end()
    peak_bytes = max(family.peak_bytes, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
    print(os.waitstatus_to_exitcode(status), wall_s, usage.ru_utime, usage.ru_stime, peak_bytes)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
