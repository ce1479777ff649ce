"""What a command knows of the process it runs in: read once, in one place, and replaceable in tests."""

import os
import shutil
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self, TextIO, assert_never

from allup.report.printable import printable


class Color(StrEnum):
    """When output is coloured."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Where the process is, its streams and what they are connected to.

    `columns` is the width of the terminal, or of COLUMNS, if any.
    """

    variables: Mapping[str, str]
    directory: Path
    stdin_fd: int
    stdin_is_terminal: bool
    stdout_fd: int
    stdout_is_terminal: bool
    stdout_is_pipe: bool
    stdout_encoding: str
    stderr: TextIO
    stderr_is_terminal: bool
    columns: int | None

    @classmethod
    def of_process(cls) -> Self:
        """Return what this process was started with."""
        _fill_closed_descriptors()
        stdout_is_terminal = os.isatty(1)
        return cls(
            variables=os.environ,
            directory=_directory(),
            stdin_fd=0,
            stdin_is_terminal=os.isatty(0),
            stdout_fd=1,
            stdout_is_terminal=stdout_is_terminal,
            stdout_is_pipe=not stat.S_ISREG(mode := os.fstat(1).st_mode) and not stat.S_ISCHR(mode),
            stdout_encoding=sys.stdout.encoding if sys.stdout else "utf-8",
            stderr=sys.stderr or Path(os.devnull).open("w", encoding="utf-8"),
            stderr_is_terminal=os.isatty(2),
            columns=_columns(stdout_is_terminal=stdout_is_terminal),
        )

    def colors(self, choice: Color, *, is_terminal: bool) -> bool:
        """Say whether a stream is coloured: as chosen, else by NO_COLOR, FORCE_COLOR, TERM and what it is."""
        match choice:
            case Color.ALWAYS:
                return True
            case Color.NEVER:
                return False
            case Color.AUTO:
                return self._colors_by_itself(is_terminal=is_terminal)
            case _:
                assert_never(choice)

    @property
    def shows_progress(self) -> bool:
        """Whether stderr can be drawn upon: not where it is no terminal, a dumb one, or the log of a CI job."""
        return self.stderr_is_terminal and self.variables.get("TERM") != "dumb" and not self.variables.get("CI")

    def complain(self, message: str) -> None:
        """Tell the user what is wrong, on one line of stderr: the names of files in it may be anybody's."""
        with suppress(OSError):  # nobody is left to be told
            print(f"allup: {printable(message)}", file=self.stderr, flush=True)

    def _colors_by_itself(self, *, is_terminal: bool) -> bool:
        if self.variables.get("NO_COLOR"):  # no-color.org: present and not empty
            return False
        if self.variables.get("FORCE_COLOR"):  # force-color.org
            return True
        return is_terminal and self.variables.get("TERM") != "dumb"


def _directory() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:  # somebody has removed it: nothing is there
        return Path(os.sep)


def _fill_closed_descriptors() -> None:
    # The next file that is opened would take the place of a standard stream that was closed. What
    # takes it here cannot be used in that stream's direction, so that its use is an error as before.
    for fd, wrong_direction in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_RDONLY)):
        try:
            os.fstat(fd)
        except OSError:
            os.open(os.devnull, wrong_direction)


def _columns(*, stdout_is_terminal: bool) -> int | None:
    if not stdout_is_terminal and not os.environ.get("COLUMNS", "").isdigit():
        return None
    return shutil.get_terminal_size().columns
