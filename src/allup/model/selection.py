"""Which targets of a list are wanted, and how many there have to be."""

from dataclasses import dataclass
from typing import Final

from allup.model.shard import Shard


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionSettings:
    """What of a list is checked.

    `include` and `exclude` are regular expressions that are searched in the URL: a target is wanted
    where one of `include` is found, if there are any, and none of `exclude`. With `dedupe`, a
    repeated target is checked and reported once. A run over fewer than `min_targets` targets is a
    usage error. Of a `shard` alone that part is checked; then `min_targets` is for the whole list, repeats
    included.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    min_targets: int = 0
    dedupe: bool = True
    shard: Shard | None = None


EVERYTHING: Final = SelectionSettings()
"""Each target once."""
