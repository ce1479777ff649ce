"""HAR 1.2 (HTTP Archive): opens in the network panel of a browser."""

import time
from collections.abc import Callable

from allup.model.result import Result
from allup.model.tally import Summary
from allup.report.har_entry import har_entries
from allup.report.json_text import json_text
from allup.report.sink import Sink
from allup.version import __version__


class HarReport:
    """Writes an entry for the last request of each target (at each address), one a line; keeps nothing but a time.

    What was never asked begins when the one before it did: an entry has to have a time.
    """

    def __init__(self, sink: Sink, *, now: Callable[[], float] = time.time) -> None:
        self._sink = sink
        self._now = now
        self._last_start = 0.0
        self._before_next = "\n"

    def start(self) -> None:
        """Open the archive and its list of entries."""
        self._last_start = self._now()
        creator = json_text({"name": "allup", "version": __version__})
        self._sink.write(f'{{"log": {{"version": "1.2", "creator": {creator}, "entries": [')

    def add(self, result: Result) -> None:
        """Write the entry of `result`, or its entries."""
        if result.attempt is not None:
            self._last_start = result.attempt.started_at
        for entry in har_entries(result, self._last_start):
            self._sink.write(self._before_next + json_text(entry))
            self._before_next = ",\n"

    def finish(self, summary: Summary) -> None:
        """Close the list and the archive; what the run came to is its comment."""
        verdicts = ", ".join(f"{count} {verdict.value}" for verdict, count in sorted(summary.tally.verdicts.items()))
        self._sink.write(f'\n], "comment": {json_text(verdicts)}}}}}\n')
        self._sink.flush()
