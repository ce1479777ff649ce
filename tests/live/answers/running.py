"""Cases of the table, run."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

import allup
from allup import CheckSettings, HttpSettings, LineDefaults, Request, Result, checking
from allup.lists.entry_stream import EntryStream
from allup.model.selection import SelectionSettings
from live.answers.case import TIMEOUT_S, Case
from live.answers.certificates import Certificates
from live.answers.nasty import Nasty


def url_of(case: Case, nasty: Nasty) -> str:
    return nasty.url if case.scheme is None else f"{case.scheme}://{nasty.url.partition('://')[2]}"


def lines_of(case: Case, nasty: Nasty, *, timeout_s: float = TIMEOUT_S) -> list[str]:
    """Return what a list would say."""
    return [f"{url_of(case, nasty)} timeout={timeout_s} {case.options}"] * case.times


def environment() -> dict[str, str]:
    """Return the environment of a process that is to run this very package, and is not measured itself."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return {**kept, "PYTHONPATH": str(Path(allup.__file__).parent.parent)}


async def run(
    lines: Sequence[str], certificates: Certificates, *, concurrency: int = 1, insecure: bool = False
) -> tuple[list[Result], float]:
    """Check `lines` and return the results, in the list's order, and the seconds that it took."""
    settings = CheckSettings(
        concurrency=concurrency,
        selection=SelectionSettings(dedupe=False),
        http=HttpSettings(ca_file=None if insecure else certificates.ca_file, insecure=insecure),
    )
    entries = EntryStream(lines, LineDefaults(request=Request(retries=0)), SelectionSettings(dedupe=False))
    async with checking(entries, settings) as results:
        began_at = time.perf_counter()
        found = [result async for result in results]
        return found, time.perf_counter() - began_at
