"""What `wait` shows while it waits."""

from types import TracebackType
from typing import Protocol, Self

from allup.model.waiting import Poll


class WaitDisplay(Protocol):
    """Shows a wait from its start to its end, which are those of a ``with`` block."""

    def __enter__(self) -> Self:
        """Begin to show."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was."""
        ...

    def polled(self, poll: Poll) -> None:
        """Take note of `poll`."""
        ...


class NullWaitDisplay:
    """Shows nothing."""

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Do nothing."""

    def polled(self, poll: Poll) -> None:
        """Do nothing."""
