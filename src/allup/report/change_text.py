"""What has changed since a baseline, in a few words; foreign text in it is still raw."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from allup.model.changes import Changes
from allup.model.duration import format_duration
from allup.model.past import Change
from allup.model.result import Result, Verdict
from allup.report.outcome import called, status_or_kind

_MOST_KEPT: Final = 50


def since(result: Result) -> str:
    """Return what is news of `result`, or that it is none; empty where there is nothing to say."""
    past = result.past
    if past is None:
        return ""
    if past.change is Change.NEW:
        return "not in the baseline" if result.verdict is Verdict.FAILED else ""
    kind = "" if past.known is None or past.known.kind is None else f" ({past.known.kind.value})"
    known = "known failure: " if past.excused else ""
    said = {
        Change.BROKE: "broke: as expected in the baseline",
        Change.RECOVERED: f"recovered: failed in the baseline{kind}",
        Change.STILL_FAILED: f"{known}failed in the baseline, too",
        Change.FAILED_OTHERWISE: f"{known}failed in the baseline, too, otherwise{kind}",
    }
    return said.get(past.change, "")


def changes_sentence(changes: Changes) -> str:
    """Return ``2 broke, 1 recovered, 1 slower, 3 gone since the baseline``."""
    counts = changes.counts
    counted = {
        "broke": counts.get(Change.BROKE, 0),
        "recovered": counts.get(Change.RECOVERED, 0),
        "failed as before": changes.failed_before,
        "new": counts.get(Change.NEW, 0),
        "slower": changes.slower,
        "gone": changes.gone or 0,
        "not known": counts.get(Change.UNKNOWN, 0),
    }
    told = [f"{count} {what}" for what, count in counted.items() if count]
    if changes.new_failed:
        told = [f"{one} ({changes.new_failed} failed)" if one.endswith(" new") else one for one in told]
    return f"{', '.join(told) or 'no change'} since the baseline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Some of `count` targets that changed alike: what each is called, and a word on it."""

    title: str
    count: int
    targets: tuple[tuple[str, str], ...]


class KeptChanges:
    """The first results that are news, in memory that does not grow with the list."""

    def __init__(self) -> None:
        self._kept: dict[str, list[tuple[str, str]]] = {}

    def add(self, result: Result) -> None:
        """Keep `result` if it is news, and there is room."""
        if result.past is None:
            return
        change = result.past.change
        title = change.value if change in (Change.BROKE, Change.RECOVERED) else None
        if change is Change.NEW and result.verdict is Verdict.FAILED:
            title = "new and failed"
        if title is None:
            return
        kept = self._kept.setdefault(title, [])
        if len(kept) < _MOST_KEPT:
            kept.append((called(result), status_or_kind(result)))

    def sections(self, changes: Changes, most: int) -> Iterator[Section]:
        """Yield what there is to show of `changes`, `most` targets of each sort."""
        counts = changes.counts
        counted = {
            "broke": counts.get(Change.BROKE, 0),
            "new and failed": changes.new_failed,
            "recovered": counts.get(Change.RECOVERED, 0),
        }
        for title, count in counted.items():
            if count:
                yield Section(title=title, count=count, targets=tuple(self._kept.get(title, [])[:most]))
        if changes.slower:
            took = [(_named(one.url, one.name), _took(one.before_s, one.now_s)) for one in changes.slowest[:most]]
            yield Section(title="slower", count=changes.slower, targets=tuple(took))
        if changes.gone:
            left = tuple((_named(one.url, one.name), "") for one in changes.first_gone[:most])
            yield Section(title="gone", count=changes.gone, targets=left)


def _named(url: str, name: str | None) -> str:
    return url if name is None else f"{name} ({url})"


def _took(before_s: float, now_s: float) -> str:
    return f"{format_duration(before_s)}, now {format_duration(now_s)}"
