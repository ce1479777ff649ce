"""How a list is fetched that a URL names: by whoever is handed in from above."""

from typing import BinaryIO, Protocol


class FetchError(Exception):
    """A list that could not be fetched; the message says why, for people, and holds no password."""


class Fetch(Protocol):
    """Fetches a list; what it does so with is its own business."""

    async def __call__(self, href: str, into: BinaryIO) -> str:
        """Write what `href` names into a file and return the URL that it came from; raises FetchError."""
        ...
