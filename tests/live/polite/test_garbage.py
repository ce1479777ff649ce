"""What a target leaves behind: nothing that only the garbage collector would find, at a fifth of the run's time."""

import gc

import pytest

from allup.http.journey import Journey
from allup.lab.server import Lab
from allup.run.turns import Turn
from live.polite.running import ran

OF_A_TARGET = (Turn, Journey)


@pytest.mark.parametrize(
    "line",
    [
        "{base}/ok",
        "{base}/status/404",
        "{base}/redirect/2",
        "{base}/page contains=Hello",
        "{base}/health json=$.status=ok",
    ],
)
async def test_what_a_target_took_goes_with_its_result(lab: Lab, line: str) -> None:
    """Without any collection of garbage, no turn and no attempt is left after the run."""
    await ran([line.format(base=lab.base_url)])  # what is made once for all
    gc.collect()
    gc.disable()
    try:
        await ran([f"{line.format(base=lab.base_url)} name={number}" for number in range(20)])
        left = [type(one).__name__ for one in gc.get_objects() if isinstance(one, OF_A_TARGET)]
    finally:
        gc.enable()
    assert left == []
