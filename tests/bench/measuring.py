"""What a command takes: processor, wall, memory."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import launcher
from bench.tools.tool import Invocation

_PATIENCE_S: Final = 120.0
_NOT_FOR_TOOLS: Final = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "pythonpath", "force_color")


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a command took, its children included."""

    wall_s: float
    user_s: float
    system_s: float
    peak_bytes: int
    """Of all of its processes together."""

    @property
    def cpu_s(self) -> float:
        """User and system."""
        return self.user_s + self.system_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A command that has ended."""

    code: int
    usage: Usage
    stdout: Path
    stderr: Path


def measure(invocation: Invocation, directory: Path) -> Outcome:
    """Run a command in `directory`, where its output is kept; raises TimeoutExpired where it does not end."""
    stdout, stderr = directory / "stdout", directory / "stderr"
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", launcher.__file__, stdout, stderr, *invocation.command],
        stdout=subprocess.PIPE,
        cwd=directory,
        env=_environment(invocation.variables),
        start_new_session=True,
        text=True,
    )
    try:
        said, _ = process.communicate(timeout=_PATIENCE_S)
    except BaseException:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    code, wall_s, user_s, system_s, peak_bytes = said.split()
    usage = Usage(wall_s=float(wall_s), user_s=float(user_s), system_s=float(system_s), peak_bytes=int(peak_bytes))
    return Outcome(code=int(code), usage=usage, stdout=stdout, stderr=stderr)


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.lower() not in _NOT_FOR_TOOLS}
    return {**kept, **variables}
