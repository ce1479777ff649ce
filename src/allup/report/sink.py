"""Where text is written."""

from typing import Protocol


class Sink(Protocol):
    """The part of a text stream that reports need; a `TextIO` is one, and so is a `PipeWriter`."""

    @property
    def encoding(self) -> str | None:
        """The name of the encoding; None: any text is taken."""
        ...

    def write(self, text: str, /) -> int:
        """Take `text`; raises OSError where it cannot be written."""
        ...

    def flush(self) -> None:
        """Pass on what was taken; raises OSError where it cannot be written."""
        ...
