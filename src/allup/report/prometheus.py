"""Prometheus' text format (0.0.4), for the textfile collector of its node exporter."""

import time
from collections.abc import Callable
from typing import Final

from allup.model.changes import Changes
from allup.model.past import Change
from allup.model.result import Result, Verdict
from allup.model.tally import Summary
from allup.report.exposition import Family, Sample, exposed, exposed_all, head
from allup.report.prometheus_samples import TARGET_FAMILIES, samples
from allup.report.sink import Sink
from allup.report.spool import Spool
from allup.report.target_labels import TargetLabels

_TARGETS: Final = Family("allup_targets", "Targets of the run by verdict.")
_FAILING: Final = Family("allup_failing_targets", "Targets of the run that failed or are unchecked, by kind.")
_GROUPS: Final = Family("allup_groups", "Groups of equivalents by verdict.")
_CHANGES: Final = Family("allup_changed_targets", "Targets by what has changed since the baseline.")
_DURATION: Final = Family("allup_run_duration_seconds", "Wall time of the run.")
_ENDED: Final = Family("allup_run_timestamp_seconds", "When the run ended, in seconds since the epoch.")
_BATCH: Final = 100
"""Samples of a family that are written at once: one by one, a target takes 87 us instead of 52."""


class PrometheusReport:
    """Writes at the end: the samples of a metric stand together, so those of targets wait in a temporary file.

    A target that is unchecked has no `allup_up`: it is not known. The names are our own: `probe_success` is
    a blackbox exporter's, whose alerts would fire for what its configuration does not hold.
    """

    def __init__(self, sink: Sink, *, now: Callable[[], float] = time.time) -> None:
        self._sink = sink
        self._now = now
        self._samples = Spool()
        self._labels = TargetLabels()
        self._pending: dict[Family, list[Sample]] = {family: [] for family in TARGET_FAMILIES}

    def start(self) -> None:
        """Write nothing yet: metrics come one after the other."""

    def add(self, result: Result) -> None:
        """Put the samples of one result away."""
        labels = self._labels.of(result.index, result.entry)
        for family, more, value in samples(result):
            pending = self._pending[family]
            pending.append(("", labels | more, value))
            if len(pending) == _BATCH:
                self._put_away(family)

    def finish(self, summary: Summary) -> None:
        """Write all metrics."""
        for family in TARGET_FAMILIES:
            self._put_away(family)
            for at, piece in enumerate(self._samples.read(family.name)):
                self._sink.write((head(family) if at == 0 and piece else "") + piece)
        self._write_run(summary)
        self._sink.flush()

    def _put_away(self, family: Family) -> None:
        self._samples.add(family.name, exposed_all(family, self._pending[family]))
        self._pending[family].clear()

    def _write_run(self, summary: Summary) -> None:
        tally = summary.tally
        self._write(_TARGETS, {("verdict", one.value): tally.verdicts[one] for one in Verdict})
        self._write(_FAILING, {("kind", kind.value): count for kind, count in sorted(tally.kinds.items())})
        if summary.changes is not None:
            self._write_changes(summary.changes)
        groups = [place.verdict for place in tally.groups.values()]
        self._write(_GROUPS, {("verdict", one.value): groups.count(one) for one in Verdict if one in groups})
        self._sink.write(head(_DURATION) + exposed(_DURATION, {}, summary.wall_s))
        self._sink.write(head(_ENDED) + exposed(_ENDED, {}, self._now()))

    def _write_changes(self, changes: Changes) -> None:
        counts = {("change", change.value): changes.counts.get(change, 0) for change in Change}
        gone = {} if changes.gone is None else {("change", "gone"): changes.gone}
        self._write(_CHANGES, counts | gone | {("change", "slower"): changes.slower})

    def _write(self, family: Family, counts: dict[tuple[str, str], int]) -> None:
        if counts:
            lines = (exposed(family, {name: value}, count) for (name, value), count in counts.items())
            self._sink.write(head(family) + "".join(lines))
