"""Journals in a temporary folder, over a list that is standard input."""

from collections.abc import Sequence
from pathlib import Path

from allup.lists.details import LineDefaults
from allup.lists.source import Source, StandardInput
from allup.model.attempt import Attempt
from allup.model.result import Result, judged
from allup.model.settings import CheckSettings
from allup.run.journal.journal import Journal
from unit.fake_client import target_of

DEFAULTS = LineDefaults()
SETTINGS = CheckSettings()
STDIN: Sequence[Source] = (StandardInput(),)


def opened(
    path: Path,
    *,
    sources: Sequence[Source] = STDIN,
    defaults: LineDefaults = DEFAULTS,
    settings: CheckSettings = SETTINGS,
    began_at: float = 0.0,
) -> Journal:
    return Journal.open(path, sources, defaults, settings, began_at=began_at)


def result_of(number: int, *, status: int = 200) -> Result:
    target = target_of(number)
    attempt = Attempt(started_at=float(number), elapsed_s=0.1, method="GET", status=status, final_url=target.url)
    return judged(number, target, attempt)


def known(journal: Journal, count: int) -> list[int]:
    """Return which of the first targets are known, and hold each of their results against what it was."""
    found = []
    for number in range(count):
        result = journal.result_of(number, target_of(number))
        if result is not None:
            assert result == result_of(number)
            found.append(number)
    return found
