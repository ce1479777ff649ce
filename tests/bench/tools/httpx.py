"""httpx of ProjectDiscovery, the prober in Go; not the library of that name."""

from dataclasses import dataclass
from pathlib import Path

from bench.tools.tool import Invocation, Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Httpx:
    """`httpx` with the list as it stands, without its 150 requests a second at most; it verifies no certificate."""

    program: str
    name: str = "httpx"
    asks: bool = True

    def invocation(self, job: Job) -> Invocation:
        pace = ["-threads", str(job.concurrency), "-rate-limit", "1000000"]
        quiet = ["-silent", "-no-color", "-no-stdin", "-disable-update-check"]
        as_listed = ["-no-fallback-scheme", "-status-code"]
        return Invocation([self.program, "-list", job.listed(), *pace, *quiet, *as_listed])

    def answers(self, stdout: Path) -> int:
        return sum(line.endswith(" [200]") for line in stdout.read_text("utf-8").splitlines())
