"""What a run has from its journal."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """So many `results` of a run are those of an earlier start, the first of which began at `began_at` (epoch)."""

    results: int
    began_at: float
