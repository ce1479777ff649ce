"""The part of a list that is one shard's, while the whole of it is read."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from allup.lists.url import BadUrl, parse_url
from allup.model.shard import Shard, Share
from allup.model.target import Entry, InvalidTarget

_WIDTH: Final = 16
_END: Final = "\0"
"""What no line has in it."""


class Sharding:
    """A filter that lets through what belongs to `shard`, with its number in the whole list.

    A target belongs where its host does, and a line that is none where its text would: so every entry is in
    one shard, and equal ones are in the same.
    """

    def __init__(self, shard: Shard) -> None:
        self._shard = shard
        self._listed = 0
        self._targets = 0
        self._digest = blake2b(digest_size=_WIDTH)

    @property
    def share(self) -> Share:
        """The shard, and what was read of the list so far."""
        return Share(shard=self._shard, listed=self._listed, targets=self._targets, digest=self._digest.hexdigest())

    def of(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Yield those of `entries` that belong to the shard; each is looked at when it is taken."""
        for entry in entries:
            self._listed += 1
            self._targets += not isinstance(entry, InvalidTarget)
            self._digest.update(_told(entry).encode("utf-8", "surrogatepass"))
            if place_of(entry) in self._shard:
                yield replace(entry, origin=replace(entry.origin, index=self._listed))


def place_of(entry: Entry) -> str:
    """Return what says which shard `entry` belongs to: its host, or the text of a line that is no target."""
    return entry.text if isinstance(entry, InvalidTarget) else entry.host


def place_of_url(url: str) -> str:
    """Return what says which shard the entry belongs to that a record calls `url`."""
    try:
        return parse_url(url).host
    except BadUrl:
        return url


def _told(entry: Entry) -> str:
    # Not the path of the list, which may be another one on the next machine, and no secret.
    if isinstance(entry, InvalidTarget):
        return f"{entry.text}{_END}{entry.origin.line}{_END}{_END}"
    options = _END.join(f"{name}={said}" for name, said in entry.options)
    return f"{entry.url}{_END}{entry.origin.line}{_END}{options}{_END}{_END}"
