"""Clients of the benchmark's own: what a tool in Python could be at best."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.tools.tool import Invocation, Job

_CLIENTS: Final = Path(__file__).parent.parent / "clients"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A script of `clients/`, which prints how many answers it got by status."""

    name: str
    asks: bool = True

    def invocation(self, job: Job) -> Invocation:
        script = _CLIENTS / f"{self.name}.py"
        return Invocation([sys.executable, script, job.listed(), str(job.concurrency), job.ca_file])

    def answers(self, stdout: Path) -> int:
        counts = dict(line.split() for line in stdout.read_text("ascii").splitlines())
        return int(counts.get("200", "0"))
