"""The limit by itself: its bounds, and what it does about what comes back."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.level import Restraint
from allup.run.adaptive.limit import AdaptiveLimit, Outcome

BOUNDS = st.tuples(st.integers(1, 50), st.integers(1, 200))
ANSWERS = st.lists(
    st.tuples(st.sampled_from(Outcome), st.floats(0.001, 10), st.integers(0, 3), st.integers(1, 250)), max_size=150
)


@dataclass
class Served:
    """Asks in whole rounds, each of as many as the limit allows, and answers them all."""

    limit: AdaptiveLimit
    now: float = 0.0
    levels: list[int] = field(default_factory=list)

    def rounds(self, count: int, outcome: Outcome = Outcome.GOOD, *, latency_s: float | None = 0.1) -> None:
        for _ in range(count):
            level, began_at = self.limit.limit, self.now
            self.levels.append(level)
            self.now += latency_s or 0.001
            for left in range(level, 0, -1):
                self.limit.answered(outcome, began_at=began_at, now=self.now, in_flight=left, latency_s=latency_s)


@given(bounds=BOUNDS, answers=ANSWERS)
@settings(deadline=None)
def test_it_stays_within_its_bounds_whatever_comes(
    bounds: tuple[int, int], answers: list[tuple[Outcome, float, int, int]]
) -> None:
    start, most = bounds
    limit, now = AdaptiveLimit(start=start, most=most), 0.0
    for outcome, latency_s, ago, in_flight in answers:
        now += latency_s
        limit.answered(outcome, began_at=now - latency_s * ago, now=now, in_flight=in_flight, latency_s=latency_s)
        assert 1 <= limit.limit <= most


@given(bounds=BOUNDS, answers=ANSWERS)
@settings(deadline=None, max_examples=25)
def test_the_same_answers_give_the_same_limit(
    bounds: tuple[int, int], answers: list[tuple[Outcome, float, int, int]]
) -> None:
    def course() -> list[int]:
        limit, now, levels = AdaptiveLimit(start=bounds[0], most=bounds[1]), 0.0, []
        for outcome, latency_s, ago, in_flight in answers:
            now += latency_s
            limit.answered(outcome, began_at=now - latency_s * ago, now=now, in_flight=in_flight, latency_s=latency_s)
            levels.append(limit.limit)
        return levels

    assert course() == course()


@given(start=st.integers(2, 100), good=st.integers(0, 30))
def test_a_refusal_lowers_it(start: int, good: int) -> None:
    limit = AdaptiveLimit(start=start, most=1000)
    served = Served(limit)
    served.rounds(good)
    before = limit.limit
    limit.answered(Outcome.REFUSED, began_at=served.now, now=served.now + 0.1, in_flight=before)
    assert limit.limit < before
    assert limit.restraint is Restraint.REFUSED


def test_the_refusals_of_one_round_trip_lower_it_once() -> None:
    limit = AdaptiveLimit(start=40, most=1000)
    for _ in range(40):
        limit.answered(Outcome.REFUSED, began_at=0.0, now=0.1, in_flight=40)
    assert limit.limit == 20


@given(start=st.integers(1, 10), most=st.integers(1, 300))
@settings(deadline=None, max_examples=20)
def test_it_comes_to_the_most_where_nothing_speaks_against_it(start: int, most: int) -> None:
    limit = AdaptiveLimit(start=start, most=most)
    Served(limit).rounds(25)
    assert limit.limit >= int(most * 0.7)  # from time to time it tries whether less is enough
    assert limit.restraint is None


@given(refusals=st.integers(1, 20))
@settings(deadline=None, max_examples=10)
def test_it_recovers_after_whatever_it_met(refusals: int) -> None:
    limit = AdaptiveLimit(start=10, most=40)
    served = Served(limit)
    for _ in range(refusals):
        served.now += 0.1
        limit.answered(Outcome.REFUSED, began_at=served.now, now=served.now, in_flight=limit.limit)
    assert limit.limit <= 7
    served.rounds(2_000)
    assert limit.limit >= 28


def test_what_is_not_used_does_not_grow() -> None:
    limit = AdaptiveLimit(start=50, most=1000)
    for number in range(1000):
        limit.answered(Outcome.GOOD, began_at=number, now=number + 0.1, in_flight=10, latency_s=0.1)
    assert limit.limit == 50
    assert not limit.was_used


def test_what_always_failed_is_no_load() -> None:
    limit = AdaptiveLimit(start=10, most=10)
    Served(limit).rounds(100, Outcome.FAILED, latency_s=None)
    assert limit.limit == 10


def test_some_broken_urls_among_good_ones_are_no_load() -> None:
    limit, now = AdaptiveLimit(start=10, most=10), 0.0
    for number in range(2_000):
        outcome = Outcome.FAILED if number % 8 == 0 else Outcome.GOOD
        limit.answered(outcome, began_at=now, now=now + 0.1, in_flight=limit.limit, latency_s=0.1)
        now += 0.1 / limit.limit
    assert limit.limit >= 7


def test_answers_to_what_was_asked_before_a_change_say_nothing_of_it() -> None:
    limit = AdaptiveLimit(start=40, most=1000)
    limit.back_off(Restraint.LAG, 5.0)
    for _ in range(200):
        limit.answered(Outcome.REFUSED, began_at=4.9, now=6.0, in_flight=40)
    assert limit.limit == 20


def test_a_floor_holds() -> None:
    limit = AdaptiveLimit(start=100, most=1000)
    limit.back_off(Restraint.LAG, 1.0, least=100)
    assert limit.limit == 100
    assert limit.restraint is None
