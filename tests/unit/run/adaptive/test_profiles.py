"""A run under `-c auto` against the best number one could have given, on origins of every kind, in virtual time."""

from typing import Any

import pytest

from allup.model.attempt import Attempt
from allup.model.level import Restraint
from allup.model.result import Verdict
from allup.model.settings import CheckSettings, PaceSettings
from allup.model.tally import Summary
from allup.model.target import Target
from allup.run.checking import checking
from unit.checked import Checked
from unit.fake_client import host_of, page_of
from unit.run.adaptive.origins import Answer, Origins, collapsing, queueing, steady, throttling
from unit.virtual_loop import CLOCK, run_virtual

LEVELS = (1, 2, 5, 10, 20, 50, 100, 200)
WITHIN = 1.1
WIDE = PaceSettings(per_host=1_000)


async def _run(origins: Origins, settings: CheckSettings, *, count: int, hosts: int) -> Summary:
    targets = (page_of(number, host_of(number % hosts), retries=5) for number in range(count))
    async with checking(targets, settings, client=origins, clock=CLOCK) as run:
        async for _ in run:
            pass
        return run.summary


def fixed(answer: Answer, level: int, count: int, *, hosts: int = 1, noise: float = 0.0, seed: int = 0) -> float:
    settings = CheckSettings(concurrency=level, pace=WIDE)
    origins = Origins(answer, noise=noise, seed=seed)
    return run_virtual(_run(origins, settings, count=count, hosts=hosts)).wall_s


def adaptive(origins: Origins, count: int, *, hosts: int = 1, per_host: int | None = 1_000) -> Summary:
    settings = CheckSettings(concurrency=1_000, adaptive=True, pace=PaceSettings(per_host=per_host))
    return run_virtual(_run(origins, settings, count=count, hosts=hosts))


def ratio(answer: Answer, best_level: int, count: int, *, noise: float, seed: int) -> float:
    """How much longer it takes than at the best level."""
    wall_s = adaptive(Origins(answer, noise=noise, seed=seed), count).wall_s
    return wall_s / fixed(answer, best_level, count, noise=noise, seed=seed)


@pytest.mark.parametrize(
    ("answer", "best", "count", "noise"),
    [
        # Shorter lists end before it has learnt: from 10 on, it doubles once a round trip.
        pytest.param(steady(0.005), 200, 2_500, 0.3, id="fast"),
        pytest.param(steady(0.2), 200, 2_500, 0.0, id="slow"),
        pytest.param(throttling(7), 7, 600, 0.3, id="throttling at 7"),
        pytest.param(throttling(20), 20, 600, 0.0, id="throttling at 20"),
        pytest.param(throttling(60), 60, 2_500, 0.3, id="throttling at 60"),
        pytest.param(throttling(20, status=503), 20, 600, 0.3, id="failing at 20"),
        pytest.param(queueing(5), 5, 600, 0.3, id="queueing at 5"),
        pytest.param(queueing(20), 20, 1_200, 0.0, id="queueing at 20"),
        pytest.param(collapsing(7), 7, 2_500, 0.3, id="collapsing at 7"),
        pytest.param(collapsing(20), 20, 6_000, 0.3, id="collapsing at 20"),
    ],
)
def test_it_takes_a_tenth_more_than_the_best_number_at_most(
    answer: Answer, best: int, count: int, noise: float
) -> None:
    assert ratio(answer, best, count, noise=noise, seed=1) <= WITHIN


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "count"),
    [
        pytest.param(steady(0.005), 2_500, id="fast"),
        pytest.param(steady(0.2), 2_500, id="slow"),
        pytest.param(throttling(20), 1_200, id="throttling at 20"),
        pytest.param(throttling(20, status=503), 1_200, id="failing at 20"),
        pytest.param(queueing(20), 2_500, id="queueing at 20"),
        pytest.param(collapsing(20), 10_000, id="collapsing at 20"),
    ],
)
def test_whatever_number_one_could_have_given(answer: Answer, count: int) -> None:
    ratios = []
    for seed in range(5):
        best_s = min(fixed(answer, level, count, noise=0.3, seed=seed) for level in LEVELS)
        ratios.append(adaptive(Origins(answer, noise=0.3, seed=seed), count).wall_s / best_s)
    assert sum(ratios) / len(ratios) <= WITHIN, ratios


def test_many_hosts_of_which_nobody_speaks_against_it_are_no_slower_on_a_short_list_either() -> None:
    for count in (300, 1_000):
        wall_s = adaptive(Origins(steady(0.2)), count, hosts=count, per_host=10).wall_s
        assert wall_s <= WITHIN * fixed(steady(0.2), 200, count, hosts=count)


@pytest.mark.parametrize("at", [3, 20, 60])
def test_a_throttling_origin_is_never_driven_to_collapse(at: int) -> None:
    origins = Origins(throttling(at), noise=0.3)
    summary = adaptive(origins, 2_000)
    assert summary.tally.verdicts[Verdict.FAILED] == 0
    assert origins.peak <= max(10, 2 * at)
    assert origins.refused <= 3 * at + 40
    assert summary.level is not None
    (host,) = summary.level.hosts
    assert at - 1 <= host.limit <= at + 1
    assert host.restraint is Restraint.REFUSED


def test_the_cap_of_a_host_holds() -> None:
    origins = Origins(steady(0.1))
    adaptive(origins, 500, hosts=3, per_host=10)
    assert origins.peak == 10


def test_a_host_that_throttles_slows_down_nobody_else() -> None:
    async def run() -> float:
        bad, good = Origins(throttling(2)), Origins(steady(0.1))

        class Both(Origins):
            async def attempt(self, target: Target, **asked: Any) -> Attempt:
                return await (bad if target.host == host_of(0) else good).attempt(target, **asked)

        settings = CheckSettings(concurrency=1_000, adaptive=True, pace=PaceSettings(per_host=10))
        targets = [page_of(n, host_of(0 if n < 20 else 1 + n % 50), retries=5) for n in range(2_000)]
        known = Checked()
        async with checking(targets, settings, client=Both(steady(0.1)), clock=CLOCK) as checks:
            checks.observe(known)
            async for _ in checks:
                pass
        return max(at for index, at in known.known_at.items() if index >= 20)

    assert run_virtual(run()) <= 0.1 * 1_980 / 100 + 0.5
