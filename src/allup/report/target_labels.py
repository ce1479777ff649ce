"""The labels by which metrics tell targets apart."""

from allup.lists.dedupe import FingerprintTable
from allup.model.target import Entry, InvalidTarget
from allup.report.exposition import Labels
from allup.report.printable import printable


class TargetLabels:
    """Gives each entry of a run its labels; no two have the same."""

    def __init__(self) -> None:
        self._seen = FingerprintTable()

    def of(self, index: int, entry: Entry) -> Labels:
        """Return the labels of the entry with that `index`; to be asked once for each."""
        known = {"source": entry.origin.source}
        if isinstance(entry, InvalidTarget):
            labels = {"url": entry.text, "name": None, "group": None, **known}
        else:
            labels = {"url": entry.url, "name": entry.name, "group": entry.group, **known}
        shown = {name: printable(value) for name, value in labels.items() if value is not None}
        # The same labels twice would be no valid metric: what is listed again has its place in the run.
        key = "\n".join(f"{name}={value}" for name, value in shown.items())
        return shown if self._seen.add(key) else shown | {"entry": str(index + 1)}
