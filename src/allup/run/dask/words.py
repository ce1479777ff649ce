"""What goes to and fro between a run and its workers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from allup.model.attempt import Attempt
from allup.model.failure import Failure, Phase
from allup.model.limited_by import Bottleneck
from allup.model.verdict import Verdict

Asked = tuple[int, int, int, int, bytes | None, str, str, str]
"""Of a target its index, its rank, how many attempts it had, the place of its terms, these if new, href, url, host."""
Told = tuple[int, Verdict, Failure | None, Attempt | None, int]
"""Of a result its index, and what it came to."""
UnderWay = tuple[int, int, float, Phase, str | None]
"""Of a turn its index, which attempt it is, its age in seconds, its phase, and its host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What has come of a worker since it was last asked; `under_way` None: not worth telling again yet.

    `fault` is the traceback of what ended its engine, if that was a fault.
    """

    results: list[Told]
    peak_in_flight: int
    under_way: list[UnderWay] | None = None
    held_up_by: tuple[Bottleneck, str | None] | None = None
    pauses: Mapping[str, float] = field(default_factory=dict)
    fault: str | None = None
