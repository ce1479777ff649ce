"""This program, with further options, or of another checkout."""

import json
import shlex
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

    @classmethod
    def with_options(cls, options: str) -> "Allup":
        """This checkout's, with further options as they are typed."""
        return cls(name=f"allup {options}", options=shlex.split(options))

    @classmethod
    def of(cls, checkout: Path) -> "Allup":
        """Another checkout's, run by the same Python with the same packages."""
        source = checkout.resolve() / "src"
        if not (source / "allup").is_dir():
            raise BadParameter(f"{checkout}: no checkout of allup", param_hint="--allup")
        return cls(name=f"allup of {checkout.resolve().name}", variables={"PYTHONPATH": str(source)})

    def invocation(self, job: Job) -> Invocation:
        concurrency = ["--concurrency", str(job.concurrency), "--per-host", str(job.concurrency)]
        command = [sys.executable, "-m", "allup", "check", "--no-config", "--format", "jsonl", *concurrency]
        return Invocation([*command, "--ca-file", job.ca_file, *self.options, job.listed()], self.variables)

    def answers(self, stdout: Path) -> int:
        with stdout.open(encoding="utf-8") as lines:
            records = map(json.loads, lines)
            return sum(one["verdict"] == "ok" and one["status"] == 200 and one["attempts"] == 1 for one in records)
