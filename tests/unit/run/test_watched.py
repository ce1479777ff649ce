"""A state changes when enough polls in a row say so, and is left alone by our own faults."""

from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.attempt import Attempt
from allup.model.failure import Certainty, Failure, FailureKind
from allup.model.result import Result, Verdict, judged
from allup.model.state import Standpoint, State, state_of_group
from allup.run.watched import BUCKETS_S, RECENT, Watched
from unit.fake_client import REFUSED, target_of

OURS = Failure(kind=FailureKind.LOCAL, certainty=Certainty.LOCAL, phase=None, detail="no descriptors")
FAILURES = {"+": None, "-": REFUSED, "?": OURS}


def polled(sign: str, *, elapsed_s: float = 0.1) -> Result:
    failure = FAILURES[sign]
    status = 200 if failure is None else None
    return judged(
        0, target_of(0), Attempt(started_at=0.0, elapsed_s=elapsed_s, method="GET", failure=failure, status=status)
    )


def watched(confirm_after: int = 3, *, state: State = State.UNKNOWN, since: float | None = None) -> Watched:
    standpoint = Standpoint(state=state, since=since)
    return Watched(0, target_of(0), confirm_after=confirm_after, standpoint=standpoint)


def changes(one: Watched, signs: str) -> list[tuple[int, str, str, float]]:
    """What the polls change: at which of them, from what, to what, since when."""
    came = ((at, one.observe(polled(sign), float(at))) for at, sign in enumerate(signs))
    return [(at, change.before, change.after, change.since) for at, change in came if change is not None]


def test_a_change_is_told_when_it_is_confirmed_and_holds_since_it_began() -> None:
    assert changes(watched(), "+---+-+++") == [(0, "unknown", "up", 0), (3, "up", "down", 1), (8, "down", "up", 6)]


def test_one_that_passes_is_no_change() -> None:
    assert changes(watched(state=State.UP), "--+--+--+") == []


def test_the_first_good_poll_is_enough_and_the_first_bad_one_is_not() -> None:
    assert changes(watched(), "+") == [(0, "unknown", "up", 0)]
    assert changes(watched(), "--") == []
    assert changes(watched(), "---") == [(2, "unknown", "down", 0)]


def test_without_confirmation_every_poll_decides() -> None:
    assert [at for at, *_ in changes(watched(1), "+-+")] == [0, 1, 2]


def test_our_own_fault_neither_confirms_nor_contradicts() -> None:
    one = watched(state=State.UP, since=-5.0)
    assert changes(one, "????") == []
    assert (one.state, one.since, one.availability) == (State.UP, -5.0, None)
    assert changes(one, "-?-?-") == [(4, "up", "down", 0)]


@settings(deadline=None)
@given(signs=st.text("+-?", max_size=60), confirm_after=st.integers(1, 4))
def test_states_and_availability_are_those_of_the_polls_that_say_anything(signs: str, confirm_after: int) -> None:
    one = watched(confirm_after)
    found = changes(one, signs)

    known = signs.replace("?", "")
    assert one.availability == (known.count("+") / len(known) if known else None)
    assert one.polls == {
        Verdict.OK: signs.count("+"),
        Verdict.FAILED: signs.count("-"),
        Verdict.UNCHECKED: signs.count("?"),
    }
    for at, before, after, _ in found:
        said = signs[: at + 1].replace("?", "")
        sign = "+" if after == "up" else "-"
        assert said.endswith(sign * (1 if before == "unknown" and after == "up" else confirm_after))
    assert [before for _, before, *_ in found[1:]] == [after for _, _, after, _ in found[:-1]]


def test_what_is_remembered_does_not_grow() -> None:
    one = watched()
    for number in range(500):
        one.observe(polled("+", elapsed_s=number / 100), 0.0)

    assert list(one.latencies_s) == [number / 100 for number in range(500 - RECENT, 500)]
    assert one.histogram[:4] == [1, 1, 1, 3]
    assert (sum(one.histogram), len(one.histogram)) == (500, len(BUCKETS_S) + 1)


def test_a_group_is_up_as_soon_as_one_is() -> None:
    assert state_of_group([State.DOWN, State.UP]) is State.UP
    assert state_of_group([State.DOWN, State.UNKNOWN]) is State.UNKNOWN
    assert state_of_group([State.DOWN, State.DOWN]) is State.DOWN
