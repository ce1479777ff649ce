"""Rounds in which every tool has its turn, and what is held against a tool that did not do its work."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import machine
from bench.measuring import Outcome, Usage, measure
from bench.origins.origins import Site
from bench.tools.tool import Job, Tool
from bench.works import Work


class NotDoneError(Exception):
    """A tool did not get every answer, so that what it took means nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What one tool took for one work in one round."""

    work: str
    tool: str
    round: int
    urls: int
    usage: Usage
    origins_cpu_s: float
    """What the origins took meanwhile."""
    others_cpu_s: float | None = None
    """What everybody else took meanwhile, where the system says."""


def in_turns(
    work: Work,
    site: Site,
    tools: Sequence[Tool],
    *,
    rounds: int,
    concurrency: int,
    directory: Path,
    begins: Callable[[str], None] = lambda _: None,
) -> Iterator[Sample]:
    """Measure every tool once a round, in every round with another one first; raises NotDoneError."""
    job = Job(
        urls=site.urls,
        page=site.page,
        concurrency=concurrency,
        ca_file=site.authority.ca_file,
        directory=directory,
    )
    for number in range(rounds):
        start = number % len(tools)
        for tool in [*tools[start:], *tools[:start]]:
            begins(f"{work.key}, round {number + 1} of {rounds}: {tool.name}")
            yield _turn(work, site, tool, job, number)


def _turn(work: Work, site: Site, tool: Tool, job: Job, number: int) -> Sample:
    invocation = tool.invocation(job)
    answered, cpu_s, busy_s = site.origins.answered(), site.origins.cpu_s(), machine.busy_s()
    try:
        outcome = measure(invocation, job.directory)
    except subprocess.TimeoutExpired as error:
        raise NotDoneError(f"{work.key}: {tool.name} did not end in {error.timeout:.0f} s") from None
    busy_s = None if busy_s is None else (machine.busy_s() or 0) - busy_s
    answered, cpu_s = site.origins.answered() - answered, site.origins.cpu_s() - cpu_s
    expected = len(job.urls) if tool.asks else 0
    says = _says(tool, outcome)
    if outcome.code != 0 or not says == answered == expected:
        raise NotDoneError(
            f"{work.key}: {tool.name} ended with {outcome.code}, says that it got {says} answers with 200, and the "
            f"origins gave {answered}, of {expected}: {outcome.stderr.read_text('utf-8', 'replace')[-2000:]}"
        )
    return Sample(
        work=work.key,
        tool=tool.name,
        round=number,
        urls=len(job.urls),
        usage=outcome.usage,
        origins_cpu_s=cpu_s,
        others_cpu_s=None if busy_s is None else max(0.0, busy_s - outcome.usage.cpu_s - cpu_s),
    )


def _says(tool: Tool, outcome: Outcome) -> int | None:
    try:
        return tool.answers(outcome.stdout)
    except (ValueError, KeyError) as error:
        print(f"{tool.name}: {error}", file=sys.stderr)  # noqa: T201
        return None
