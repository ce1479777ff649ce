"""The metrics of a watch, in Prometheus' text format (0.0.4)."""

from collections.abc import Iterator
from typing import Final

from allup.model.state import State
from allup.report.exposition import Family, Sample, exposed_all, head
from allup.report.printable import printable
from allup.report.target_labels import TargetLabels
from allup.report.watch_samples import OF_TARGET, Samples
from allup.run.watched import Watched
from allup.run.watching import Watching

_AT_ONCE: Final = 50
"""Targets between which others on the event loop may get their turn."""
_GROUP_UP: Final = Family("allup_group_up", "Whether one of the equivalents is up; missing where that is not known.")
_TARGETS: Final = Family("allup_watched_targets", "Targets by state.")
_IN_FLIGHT: Final = Family("allup_in_flight", "Polls in flight.")
_LATE: Final = Family("allup_schedule_late_seconds", "How long the oldest turn that has come waits to begin.")


class WatchMetrics:
    """What `watch` comes to at any moment."""

    def __init__(self, watch: Watching) -> None:
        self._watch = watch
        labels = TargetLabels()
        self._labels = {one.index: labels.of(one.index, one.entry) for one in watch.targets}

    def pieces(self) -> Iterator[str]:
        """Yield the text in pieces, each made when it is taken."""
        for family, samples in OF_TARGET.items():
            yield head(family)
            for start in range(0, len(self._watch.targets), _AT_ONCE):
                yield exposed_all(family, self._of(self._watch.targets[start : start + _AT_ONCE], samples))
        for family, of_watch in self._of_watch().items():
            yield head(family) + exposed_all(family, of_watch)

    def _of(self, targets: list[Watched], samples: Samples) -> Iterator[Sample]:
        for one in targets:
            for suffix, labels, value in samples(one, self._watch.schedule):
                yield suffix, self._labels[one.index] | labels, value

    def _of_watch(self) -> dict[Family, list[Sample]]:
        states = [one.state for one in self._watch.targets]
        groups = {name: state for name, state in self._watch.groups.items() if state is not State.UNKNOWN}
        return {
            _GROUP_UP: [("", {"group": printable(name)}, state is State.UP) for name, state in groups.items()],
            _TARGETS: [("", {"state": state.value}, states.count(state)) for state in State],
            _IN_FLIGHT: [("", {}, len(self._watch.in_flight))],
            _LATE: [("", {}, self._watch.schedule.late_s)],
        }
