"""One record of an earlier report, read for what a baseline has to know of it."""

import math
from typing import Any, Final

from allup.lists.sharding import place_of_url
from allup.model.failure import FailureKind
from allup.model.past import Known
from allup.model.shard import Shard
from allup.model.verdict import Verdict
from allup.run.baseline.baseline import Baseline

_OF_A_WATCH: Final = {"at", "from", "to"}


class NoRecord(Exception):
    """Something is no record of a check; the message says why."""


def add_record(baseline: Baseline, record: object, shard: Shard | None = None) -> None:
    """Add to `baseline` what `record` says, unless it belongs to another shard; raises NoRecord where it is none."""
    if not isinstance(record, dict):
        raise NoRecord("an object is expected")
    if record.keys() >= _OF_A_WATCH:
        raise NoRecord("it is what `allup watch` writes of a change")
    url, name, line = record.get("url"), record.get("name"), record.get("line")
    if not isinstance(url, str):
        raise NoRecord("it has no url")
    if not isinstance(name, str | None) or not isinstance(line, int | None):
        raise NoRecord("its name or line is none")
    failure = record.get("failure")
    kind = failure.get("kind") if isinstance(failure, dict) else None
    known = Known(
        verdict=Verdict(_word(record.get("verdict"), Verdict, "verdict")),
        kind=None if kind is None else FailureKind(_word(kind, FailureKind, "kind")),
        elapsed_s=_seconds(record.get("elapsed_ms")),
    )
    if shard is None or place_of_url(url) in shard:
        baseline.add(url, name, line, known)
    else:
        baseline.records += 1


def _word(value: Any, words: Any, what: str) -> str:
    if isinstance(value, str) and value in list(words):
        return value
    raise NoRecord(f"its {what} is none that this version knows")


def _seconds(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NoRecord("its elapsed_ms is no number")
    try:
        seconds = float(value) / 1000
    except OverflowError:
        seconds = math.inf
    if not 0 <= seconds < math.inf:
        raise NoRecord("its elapsed_ms is no duration")
    return seconds
