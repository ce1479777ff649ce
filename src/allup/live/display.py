"""What `check` shows while it runs."""

from types import TracebackType
from typing import Protocol, Self

from allup.model.result import Result


class Display(Protocol):
    """Shows a run from its start to its end, which are those of a ``with`` block."""

    def __enter__(self) -> Self:
        """Begin to show."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was."""
        ...

    def completed(self, result: Result) -> None:
        """Take note of `result`."""
        ...


class NullDisplay:
    """Shows nothing."""

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Do nothing."""

    def completed(self, result: Result) -> None:
        """Do nothing."""
