"""A race as JSON: ``allup.race/1``."""

from typing import Final

from allup.model.race import Finish, RaceOutcome
from allup.report.json_text import json_text
from allup.report.record import milliseconds, record

SCHEMA: Final = "allup.race/1"


def race_json(outcome: RaceOutcome) -> str:
    """Return the document, one entry a line: those that arrived first, in that order, then everyone else."""
    rows = ",\n".join(json_text(_row(outcome, finish)) for finish in outcome.finishes)
    head = f'"schema": {json_text(SCHEMA)}, "need": {outcome.need}, "won": {json_text(outcome.won)}'
    return f'{{{head}, "wall_s": {round(outcome.wall_s, 6)}, "results": [\n{rows}\n]}}\n'


def _row(outcome: RaceOutcome, finish: Finish) -> dict[str, object]:
    return {
        "place": finish.place,
        "started_ms": milliseconds(finish.started_s),
        "ended_ms": milliseconds(finish.ended_s),
        "behind_ms": milliseconds(outcome.behind_s(finish)),
        **record(finish.result),
    }
