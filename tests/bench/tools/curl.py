"""curl, which has many transfers at once since 7.66."""

from dataclasses import dataclass
from pathlib import Path

from bench.tools.tool import Invocation, Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Curl:
    """`curl --parallel`, which throws the bodies away and prints the statuses."""

    program: str
    name: str = "curl"
    asks: bool = True

    def invocation(self, job: Job) -> Invocation:
        transfers = [f'url = "{url}"\noutput = "/dev/null"' for url in job.urls]
        config = job.written("curl.cfg", transfers)
        parallel = ["--parallel", "--parallel-max", str(job.concurrency)]
        command = [self.program, "--disable", "--silent", *parallel, "--write-out", "%{http_code}\\n"]
        return Invocation([*command, "--cacert", job.ca_file, "--config", config])

    def answers(self, stdout: Path) -> int:
        return stdout.read_text("ascii").split().count("200")
