"""Which targets have become slower than a baseline, beyond noise: from one measurement of each, then and now.

What is compared is the ratio of now to then. The median of all ratios is the run's own shift: a slower
network, or a busier machine, is no news of any target. How far ratios scatter around it is measured by
their median absolute deviation (MAD), of logarithms, since twice as slow and twice as fast are equally
far; a ratio stands out where it is further off than 3.5 standard deviations, estimated by MAD / 0.6745
(the modified z-score: Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993). Both are medians:
up to half of the targets may be slower for a reason without moving what the others are measured by.

A target is slower where, with the shift taken out, it takes all of these: more than that, twice as long
at least, and 100 ms more at least. So a run in which every ratio is multiplied by the same factor says
the same. Of fewer than ten targets to compare, nothing is said.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self

LEAST_PAIRS: Final = 10
LEAST_TIMES: Final = 2.0
LEAST_MORE_S: Final = 0.1
_FARTHEST: Final = 3.5
_MAD_OF_NORMAL: Final = 0.6745
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """How much longer everything takes now (`shift`, a factor), and how many times as long stands out of the rest."""

    shift: float
    stands_out: float

    @classmethod
    def of(cls, before_s: Sequence[float], now_s: Sequence[float]) -> Self | None:
        """Return that of as many durations then and now, all above zero; None where they are too few to say."""
        if len(now_s) < LEAST_PAIRS:
            return None
        ratios = [math.log(now / before) for before, now in zip(before_s, now_s, strict=True)]
        shift = _median(ratios)
        deviation = _median(abs(ratio - shift) for ratio in ratios) / _MAD_OF_NORMAL
        return cls(shift=math.exp(shift), stands_out=max(LEAST_TIMES, math.exp(min(_FARTHEST * deviation, 700.0))))

    def more_s(self, before_s: float, now_s: float) -> float:
        """Return how much longer it takes, with the shift taken out."""
        return now_s / self.shift - before_s

    def is_slower(self, before_s: float, now_s: float) -> bool:
        """Say whether that is beyond the noise."""
        stands_out = now_s / self.shift > before_s * self.stands_out * (1 + _ROUNDING)
        return stands_out and self.more_s(before_s, now_s) > LEAST_MORE_S * (1 - _ROUNDING)


def _median(values: Iterable[float]) -> float:
    # That of `statistics` takes longer to import than most runs to end.
    ranked = sorted(values)
    middle = len(ranked) // 2
    return ranked[middle] if len(ranked) % 2 else (ranked[middle - 1] + ranked[middle]) / 2
