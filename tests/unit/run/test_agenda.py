"""What is due comes when it is due, in order, with one timer at most."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from allup.run.agenda import Agenda
from unit.virtual_loop import CLOCK, now, virtual

DELAYS = st.lists(st.sampled_from([0, 0.1, 1, 1, 2.5, 7, 1e-9]), max_size=20)


def timers() -> int:
    scheduled = getattr(asyncio.get_running_loop(), "_scheduled")  # noqa: B009 - asyncio's own heap, untyped
    return sum(not timer.cancelled() for timer in scheduled)


@settings(deadline=None)
@given(first=DELAYS, second=DELAYS, between_s=st.sampled_from([0, 0.5, 3]))
@virtual
async def test_everything_comes_once_at_its_time_and_in_its_order(
    first: list[float], second: list[float], between_s: float
) -> None:
    came: list[tuple[float, int]] = []

    def take() -> None:
        came.extend((now(), item) for item in agenda.due())

    agenda: Agenda[int] = Agenda(CLOCK.monotonic, take)
    due = dict(enumerate(first))
    for item, delay_s in due.items():
        agenda.add(item, in_s=delay_s)
    await asyncio.sleep(between_s)
    for item, delay_s in enumerate(second, len(first)):
        agenda.add(item, in_s=delay_s)
        due[item] = between_s + delay_s
        assert timers() <= 1
    await asyncio.sleep(20)
    assert sorted(item for _, item in came) == sorted(due)
    assert all(abs(at - due[item]) < 1e-6 for at, item in came)
    assert [at for at, _ in came] == sorted(at for at, _ in came)
    assert agenda.items() == []
    assert timers() == 0


@virtual
async def test_what_is_due_at_the_same_moment_comes_in_the_order_in_which_it_was_put_there() -> None:
    came: list[int] = []
    agenda: Agenda[int] = Agenda(CLOCK.monotonic, lambda: came.extend(agenda.due()))
    for item in range(50):
        agenda.add(item, in_s=1)
    await asyncio.sleep(1)
    assert came == list(range(50))


@virtual
async def test_a_closed_agenda_calls_nobody_and_still_says_what_is_on_it() -> None:
    called: list[float] = []
    agenda: Agenda[str] = Agenda(CLOCK.monotonic, lambda: called.append(now()))
    agenda.add("late", in_s=5)
    agenda.add("early", in_s=1)
    agenda.close()
    agenda.close()
    await asyncio.sleep(10)
    assert called == []
    assert sorted(agenda.items()) == ["early", "late"]


@virtual
async def test_a_timer_that_is_early_is_set_again() -> None:
    called: list[float] = []
    slow = 0.0
    agenda: Agenda[int] = Agenda(lambda: now() - slow, lambda: called.extend(now() for _ in agenda.due()))
    agenda.add(0, in_s=1)
    slow = 0.25  # the event loop's clock is ahead of the agenda's from now on
    await asyncio.sleep(3)
    assert called == [1.25]


@virtual
async def test_a_timer_whose_item_was_taken_off_calls_nobody() -> None:
    called: list[float] = []
    agenda: Agenda[int] = Agenda(CLOCK.monotonic, lambda: called.append(now()))
    agenda.add(0, in_s=0)
    assert list(agenda.due()) == [0]
    await asyncio.sleep(1)
    assert called == []
