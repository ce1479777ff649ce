"""One work after the other: its origins are started, and every tool takes its turns."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bench.origins.origins import Server, Site, site
from bench.report import Comparison
from bench.tools.found import starts
from bench.tools.tool import Tool
from bench.turns import in_turns
from bench.works import Key, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be measured."""

    works: Sequence[Work]
    tools: Sequence[Tool]
    base: str
    server: Server
    rounds: int
    concurrency: int


def compared(plan: Plan, progress: Console) -> Iterator[Comparison]:
    """Do every work of the plan; raises NotDoneError."""
    for work in plan.works:
        with tempfile.TemporaryDirectory() as directory, site(work, plan.server, Path(directory)) as at:
            yield _compared(plan, work, at, Path(directory), progress)


def _compared(plan: Plan, work: Work, at: Site, directory: Path, progress: Console) -> Comparison:
    with progress.status(work.title) as status:
        samples = in_turns(
            work,
            at,
            [*plan.tools, *starts()] if work.key is Key.START else plan.tools,
            rounds=plan.rounds,
            concurrency=plan.concurrency,
            directory=directory,
            begins=status.update,
        )
        return Comparison(work=work, samples=list(samples), base=plan.base, concurrency=plan.concurrency)


@contextmanager
def kept(work: Work, server: Server, directory: Path) -> Iterator[Site]:
    """The origins of a work, its list and whom to trust in files of `directory`, and nothing that is measured."""
    directory.mkdir(parents=True, exist_ok=True)
    with site(work, server, directory.resolve()) as at:
        (directory / "urls.txt").write_text("".join(f"{url}\n" for url in at.urls), "utf-8")
        yield at
