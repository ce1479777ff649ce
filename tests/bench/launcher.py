"""Runs one command and prints what it took; a program of its own, and a slim one.

A process inherits the peak of the memory of the one that starts it, so that it must not be a large one; started with
``-I -S`` this one has less than any tool. Prints the exit code, then wall, user and system seconds, then the most
memory in bytes of the largest process.
"""

import os
import sys
import time


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
    _, status, usage = os.wait4(process, 0)
    wall_s = time.perf_counter() - began
    unit = 1 if sys.platform == "darwin" else 1024
    print(os.waitstatus_to_exitcode(status), wall_s, usage.ru_utime, usage.ru_stime, usage.ru_maxrss * unit)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
