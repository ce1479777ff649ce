"""What a command shows while it runs."""

from contextlib import AbstractContextManager, nullcontext
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


class CheckDisplay(Display, Protocol):
    """A display that makes room where something else is to be written to the terminal."""

    def aside(self) -> AbstractContextManager[None]:
        """Step aside while the block runs."""
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

    def aside(self) -> AbstractContextManager[None]:
        """Do nothing."""
        return nullcontext()
