"""This program, with further options, or of another checkout."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from typer import BadParameter

from bench.tools.tool import Invocation, Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Allup:
    """`allup check`, with its answers as JSON Lines."""

    name: str = "allup"
    options: Sequence[str] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    asks: bool = True
    baseline: bool = False
    """Whether it is told what an earlier run of its own took, which is not measured."""

    @classmethod
    def with_options(cls, options: str) -> "Allup":
        """This checkout's, with further options as they are typed."""
        return cls(name=f"allup {options}", options=shlex.split(options))

    @classmethod
    def slowest_first(cls) -> Sequence["Allup"]:
        """This checkout's with a baseline, by which it asks the slowest first, and without one."""
        order = ["--order", "completion"]
        return [
            cls(name="completion", options=order),
            cls(name="slowest first", options=order, baseline=True),
        ]

    @classmethod
    def of(cls, checkout: Path) -> "Allup":
        """Another checkout's, run by the same Python with the same packages."""
        source = checkout.resolve() / "src"
        if not (source / "allup").is_dir():
            raise BadParameter(f"{checkout}: no checkout of allup", param_hint="--allup")
        return cls(name=f"allup of {checkout.resolve().name}", variables={"PYTHONPATH": str(source)})

    def invocation(self, job: Job) -> Invocation:
        concurrency = ["--concurrency", str(job.concurrency), "--per-host", str(job.concurrency)]
        command: list[str | Path] = [
            sys.executable,
            "-m",
            "allup",
            "check",
            "--no-config",
            "--format",
            "jsonl",
            *concurrency,
        ]
        command += ["--ca-file", job.ca_file, *self.options]
        if self.baseline:
            command += ["--baseline", self._earlier_report(job, command)]
        return Invocation([*command, job.listed()], self.variables)

    def _earlier_report(self, job: Job, command: Sequence[str | Path]) -> Path:
        path = job.directory / "baseline.jsonl"
        if not path.exists():
            environment = os.environ | self.variables
            subprocess.run(
                [*command, "--quiet", "--report", f"jsonl={path}", job.listed()], check=True, env=environment
            )
        return path

    def answers(self, stdout: Path) -> int:
        with stdout.open(encoding="utf-8") as lines:
            records = map(json.loads, lines)
            return sum(one["verdict"] == "ok" and one["status"] == 200 and one["attempts"] == 1 for one in records)
