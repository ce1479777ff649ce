"""Ways to drive the command: in this process, as a process of its own, and on a terminal."""

import contextlib
import fcntl
import io
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Final

from allup.cli.environment import Environment
from allup.cli.main import app

PATIENCE_S: Final = 30.0
PROGRAM: Final = ("-m", "allup")
NOWHERE: Final = Path("/nowhere")
"""A directory without a configuration."""
_DECIDED_BY_TESTS: Final = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERM", "CI", "GITHUB_STEP_SUMMARY")
_FRAME: Final = re.compile(r"[\s│╭╮╰╯─]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a user gets to see of a run that is over."""

    code: int
    stdout: str
    stderr: str

    @property
    def fields(self) -> list[list[str]]:
        """The fields of each line on stdout."""
        return [line.split("\t") for line in self.stdout.splitlines()]

    @property
    def records(self) -> list[dict[str, Any]]:
        """Stdout, read as JSON Lines."""
        return records(self.stdout)

    @property
    def document(self) -> dict[str, Any]:
        """Stdout, read as JSON."""
        document: dict[str, Any] = json.loads(self.stdout)
        return document

    @property
    def complaint(self) -> str:
        """Stderr on one line, without the frame that Typer draws around a message."""
        return _FRAME.sub(" ", self.stderr)


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def allup(
    *arguments: str | Path,
    stdin: str | None = None,
    variables: Mapping[str, str] | None = None,
    terminal: bool = False,
    pipe: bool = False,
    columns: int | None = None,
    directory: Path = NOWHERE,
) -> Outcome:
    """Run the command in this process; `stdin` None is a terminal, and `terminal` says whether the others are one.

    With `pipe`, stdout leads to another program instead. A configuration is found in and above `directory`.
    """
    stderr = io.StringIO()
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as typed:
        typed.write((stdin or "").encode())
        typed.seek(0)
        environment = Environment(
            variables=variables or {},
            directory=directory,
            stdin_fd=typed.fileno(),
            stdin_is_terminal=stdin is None,
            stdout_fd=stdout.fileno(),
            stdout_is_terminal=terminal and not pipe,
            stdout_is_pipe=pipe,
            stdout_encoding="utf-8",
            stderr=stderr,
            stderr_is_terminal=terminal,
            columns=columns or (100 if terminal else None),
        )
        code = run_in(environment, *arguments)
        stdout.seek(0)
        return Outcome(code=code, stdout=stdout.read().decode(), stderr=stderr.getvalue())


def run_in(environment: Environment, *arguments: str | Path) -> int:
    """Run the command in `environment` and return the exit code; what Typer itself says goes to its stderr, too."""
    try:
        with contextlib.redirect_stderr(environment.stderr):
            app(args=[str(one) for one in arguments], obj=environment, prog_name="allup")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    raise AssertionError("the command did not exit")


def writing_to(environment: Environment, fd: int) -> Environment:
    return replace(environment, stdout_fd=fd)


def command(*arguments: str | Path, program: Sequence[str] = PROGRAM) -> list[str]:
    return [sys.executable, *program, *map(str, arguments)]


def variables(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without what decides about looks."""
    return {name: value for name, value in os.environ.items() if name not in _DECIDED_BY_TESTS} | dict(more or {})


def process(*arguments: str | Path, stdin: str = "", **more: str) -> Outcome:
    """Run the command as a process of its own; `more` are variables of its environment."""
    ended = subprocess.run(
        command(*arguments),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
        env=variables(more),
        encoding="utf-8",
    )
    return Outcome(code=ended.returncode, stdout=ended.stdout, stderr=ended.stderr)


def shell(script: str, **more: str) -> Outcome:
    """Run `script` with sh, in which ``$allup`` is the command and ``$name`` what `more` says."""
    ended = subprocess.run(
        ["sh", "-c", script],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
        env=variables({"allup": f"{sys.executable} -m allup", **more}),
        encoding="utf-8",
    )
    return Outcome(code=ended.returncode, stdout=ended.stdout, stderr=ended.stderr)


@contextmanager
def started(
    *arguments: str | Path, stdin: int | IO[str] = subprocess.DEVNULL, program: Sequence[str] = PROGRAM
) -> Iterator[subprocess.Popen[str]]:
    """Start the command; it is over when the block is."""
    child = subprocess.Popen(
        command(*arguments, program=program),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=variables(),
        encoding="utf-8",
    )
    with child:
        try:
            yield child
        finally:
            if child.poll() is None:
                child.kill()


def outcome_of(child: subprocess.Popen[str]) -> Outcome:
    """Wait for `child` and return what it came to, without what was read of its stdout before."""
    stdout, stderr = child.communicate(timeout=PATIENCE_S)
    return Outcome(code=child.returncode, stdout=stdout, stderr=stderr)


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds that another process or thread brings about."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.005)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A terminal that the command runs on: its pid, and the other side of its terminal."""

    child: subprocess.Popen[bytes]
    fd: int

    def read_until(self, wanted: str) -> str:
        """Return what was written up to `wanted`, and a little more."""
        return self._read(lambda text: wanted in text)

    def rest(self) -> str:
        """Return what is written until the command ends."""
        return self._read(lambda _: False)

    def interrupt(self) -> None:
        self.child.send_signal(signal.SIGINT)

    def _read(self, enough: Callable[[str], bool]) -> str:
        data, deadline = b"", time.monotonic() + PATIENCE_S
        while not enough(data.decode("utf-8", "replace")):
            assert time.monotonic() < deadline, data
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    chunk = os.read(self.fd, 65_536)
                except OSError:  # Linux: all of the other side is closed
                    chunk = b""
                if not chunk:
                    break
                data += chunk
        return data.decode("utf-8", "replace")


@contextmanager
def on_terminal(
    arguments: Sequence[str | Path],
    *,
    columns: int = 100,
    stdout: int | None = None,
    program: Sequence[str] = PROGRAM,
    **more: str,
) -> Iterator[Screen]:
    """Run the command on a terminal; `stdout`, where given, goes elsewhere."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
    child = subprocess.Popen(
        command(*arguments, program=program),
        stdin=theirs,
        stdout=theirs if stdout is None else stdout,
        stderr=theirs,
        env=variables({"TERM": "xterm-256color", **more}),
    )
    os.close(theirs)
    try:
        with child:
            yield Screen(child=child, fd=ours)
            child.wait(PATIENCE_S)
    finally:
        if child.poll() is None:
            child.kill()
        os.close(ours)
