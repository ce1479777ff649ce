"""A history as JSON: ``allup.history/1``."""

from typing import Final

from allup.model.history import History, Incident, TargetHistory
from allup.report.comparison_json import latency_ms
from allup.report.instant import instant
from allup.report.json_text import json_text

SCHEMA: Final = "allup.history/1"


def history_json(history: History) -> str:
    """Return the document, one target a line."""
    targets = ",\n".join(json_text(_target(one, history)) for one in history.targets)
    head = {"schema": SCHEMA, "from": _instant(history.began_at), "to": _instant(history.now)}
    return f'{json_text(head)[:-1]}, "targets": [\n{targets}\n]}}\n'


def _target(one: TargetHistory, history: History) -> dict[str, object]:
    return {
        "url": one.url,
        "name": one.name,
        "state": one.state.value,
        "since": _instant(one.since),
        "polls": {"ok": one.ok, "failed": one.failed, "unchecked": one.unchecked},
        "availability": None if one.availability is None else round(one.availability, 6),
        "latency_ms": latency_ms(one.latencies),
        "down_s": round(one.down_s(history.began_at, history.now), 3),
        "incidents": [_incident(incident, history.now) for incident in one.incidents],
    }


def _incident(one: Incident, now: float) -> dict[str, object]:
    return {
        "since": _instant(one.since),
        "until": _instant(one.until),
        "lasted_s": round(one.lasted_s(now), 3),
        "outcome": one.outcome,
        "detail": one.detail,
    }


def _instant(epoch_s: float | None) -> str | None:
    return None if epoch_s is None else instant(epoch_s, "milliseconds")
