"""muffet, the link checker in Go, which takes a page and no list."""

import json
from dataclasses import dataclass
from pathlib import Path

from bench.tools.tool import Invocation, Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Muffet:
    """`muffet` on a page of the links, which it has to fetch and to parse, too."""

    program: str
    name: str = "muffet"
    asks: bool = True

    def invocation(self, job: Job) -> Invocation:
        pace = [f"--max-connections={job.concurrency}", f"--max-connections-per-host={job.concurrency}"]
        command = [self.program, "--one-page-only", "--format=json", "--verbose", *pace, job.page]
        return Invocation(command, {"SSL_CERT_FILE": str(job.ca_file)})

    def answers(self, stdout: Path) -> int:
        return sum(link.get("status") == 200 for page in json.loads(stdout.read_bytes()) for link in page["links"])
