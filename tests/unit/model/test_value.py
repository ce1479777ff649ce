"""What is made for each target is a value, also where it is not frozen at run time."""

import pickle
from dataclasses import replace

from allup.model.attempt import Attempt, Timings
from allup.model.value import value


@value
class Pair:
    """Two numbers."""

    first: int
    second: int = 2


def test_equal_values_are_equal_and_hash_alike() -> None:
    assert Pair(first=1) == Pair(first=1, second=2)
    assert len({Pair(first=1), Pair(first=1, second=2), Pair(first=2)}) == 2
    assert Pair(first=1) != Pair(first=3)


def test_a_value_has_nothing_but_its_fields() -> None:
    assert not hasattr(Pair(first=1), "__dict__")
    assert repr(Pair(first=1)) == "Pair(first=1, second=2)"


def test_a_value_is_replaced_and_pickled_like_any_dataclass() -> None:
    attempt = Attempt(started_at=0.0, elapsed_s=0.0, method="GET", timings=Timings(wait_s=1.0))
    assert replace(attempt, status=200).status == 200
    assert pickle.loads(pickle.dumps(attempt)) == attempt
