"""The clock that a run has where nobody turns its hands."""

import time

from allup.model.clock import Clock


def test_the_default_clock_goes_forward_and_knows_the_date() -> None:
    clock = Clock()
    before = clock.monotonic()
    assert clock.monotonic() >= before
    assert abs(clock.wall() - time.time()) < 60
