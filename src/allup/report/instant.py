"""Points in time as ISO 8601 writes them."""

import math
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal


def instant(epoch_s: float, timespec: Literal["seconds", "milliseconds"]) -> str:
    """Return seconds since the epoch as ``2026-01-31T12:00:00.000Z``, to the `timespec` of `datetime.isoformat`."""
    fraction, second = math.modf(epoch_s)
    microseconds = round(fraction * 1_000_000)
    if timespec == "milliseconds" and 0 <= microseconds < 1_000_000:  # what a record has, and most are of one second
        return f"{_to_the_second(second)}.{microseconds // 1000:03d}Z"
    return datetime.fromtimestamp(epoch_s, UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


@lru_cache(maxsize=16)
def _to_the_second(epoch_s: float) -> str:
    return datetime.fromtimestamp(epoch_s, UTC).isoformat().removesuffix("+00:00")
