"""What every format of `list` is."""

from typing import Protocol

from allup.model.target import Entry


class ListingReport(Protocol):
    """Takes the entries of a list in their order; each call may raise OSError."""

    def start(self) -> None:
        """Write what comes before all entries."""
        ...

    def add(self, entry: Entry) -> None:
        """Write one entry; a line that is no target comes as it stands."""
        ...

    def finish(self) -> None:
        """Write what comes after all entries."""
        ...
