"""Figures of several rounds, and ratios that are taken within a round: what else the machine does hits both sides."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from bench.turns import Sample

Figure = Callable[[Sample], float]


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some figures, and how far they are apart."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, figures: Iterable[float]) -> "Spread":
        """The spread of at least one figure."""
        sorted_ = sorted(figures)
        return cls(median(sorted_), sorted_[0], sorted_[-1])


def spread(samples: Sequence[Sample], tool: str, figure: Figure) -> Spread:
    """A tool's figure over the rounds of one work."""
    return Spread.of(figure(sample) for sample in samples if sample.tool == tool)


def ratio(samples: Sequence[Sample], tool: str, base: str, figure: Figure) -> Spread | None:
    """A tool's figure by that of `base` in the same round; None where they share no round."""
    of_base = {sample.round: figure(sample) for sample in samples if sample.tool == base}
    ratios = [
        figure(sample) / of_base[sample.round]
        for sample in samples
        if sample.tool == tool and of_base.get(sample.round, 0) > 0
    ]
    return Spread.of(ratios) if ratios else None
