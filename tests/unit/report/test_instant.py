"""Points in time are those of the standard library, only sooner."""

from datetime import UTC, datetime
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from allup.report.instant import instant


@given(epoch_s=st.floats(-1e9, 1e11), timespec=st.sampled_from(["seconds", "milliseconds"]))
@example(epoch_s=1769860800.9999997, timespec="milliseconds")
@example(epoch_s=1769860800.9999997, timespec="seconds")
@example(epoch_s=-0.0005, timespec="milliseconds")
@example(epoch_s=0.9999999, timespec="milliseconds")
def test_an_instant_is_what_isoformat_says(epoch_s: float, timespec: Literal["seconds", "milliseconds"]) -> None:
    expected = datetime.fromtimestamp(epoch_s, UTC).isoformat(timespec=timespec).removesuffix("+00:00")
    assert instant(epoch_s, timespec) == f"{expected}Z"


@pytest.mark.parametrize(
    ("epoch_s", "written"), [(1769860800.0004, "2026-01-31T12:00:00.000Z"), (1769860800.25, "2026-01-31T12:00:00.250Z")]
)
def test_milliseconds_are_three_digits(epoch_s: float, written: str) -> None:
    assert instant(epoch_s, "milliseconds") == written
