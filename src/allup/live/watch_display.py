"""What `watch` shows while it runs."""

from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Protocol, Self

from allup.model.state import Transition


class WatchDisplay(Protocol):
    """Shows a watch while its block runs."""

    def __enter__(self) -> Self:
        """Begin to show."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was."""
        ...

    def changed(self, transition: Transition) -> None:
        """Take note of a change."""
        ...

    def aside(self) -> AbstractContextManager[object]:
        """Step aside while the block writes to the terminal."""
        ...


class NoDashboard:
    """Shows nothing."""

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Do nothing."""

    def changed(self, transition: Transition) -> None:
        """Do nothing."""

    def aside(self) -> AbstractContextManager[object]:
        """Do nothing."""
        return nullcontext()
