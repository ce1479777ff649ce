"""A race: the earliest that is as expected wins, and nothing of the others lives on."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from allup.model.failure import FailureKind, Phase
from allup.model.race import Finish, RaceOutcome, RaceSettings
from allup.model.result import Verdict
from allup.model.settings import PaceSettings
from allup.model.stop import Stop
from allup.model.target import Entry
from allup.run.racing import Race
from unit.fake_client import (
    REFUSED,
    RESET,
    Boom,
    FakeClient,
    Script,
    client_of,
    host_of,
    invalid_of,
    page_of,
    target_of,
    targets_of,
    url_of,
)
from unit.virtual_loop import CLOCK, now, others, run_virtual, virtual

SCRIPTS = st.builds(
    Script,
    latency_s=st.integers(0, 8),
    status=st.sampled_from([200, 404, 503]),
    failure=st.sampled_from([None, None, REFUSED]),
    parting_s=st.integers(0, 2),
)
PATIENT = RaceSettings()


async def raced(
    entries: Sequence[Entry], client: FakeClient, told: RaceSettings = PATIENT, seen: list[Finish] | None = None
) -> RaceOutcome:
    race = Race(entries, client, told, clock=CLOCK, observe=(seen if seen is not None else []).append)
    outcome = await race.run()
    assert others() == set(), "a task outlived the race"
    assert client.in_flight == 0
    assert race.in_flight == ()
    return outcome


def winners(outcome: RaceOutcome) -> list[str]:
    return [finish.result.url for finish in outcome.winners]


def is_as_expected(script: Script) -> bool:
    return script.failure is None and script.status == 200


@given(scripts=st.lists(SCRIPTS, min_size=1, max_size=12), need=st.integers(1, 4), stagger_s=st.sampled_from([0, 0, 3]))
@settings(deadline=None)
@example(scripts=[Script(latency_s=1), Script(latency_s=1)], need=1, stagger_s=0)
@example(scripts=[Script(failure=REFUSED)], need=1, stagger_s=3)
def test_the_winners_are_the_earliest_that_are_as_expected_and_no_loser_lives_on(
    scripts: list[Script], need: int, stagger_s: int
) -> None:
    client = FakeClient({url_of(number): script for number, script in enumerate(scripts)})
    told = RaceSettings(need=need, stagger_s=stagger_s)

    outcome = run_virtual(raced(targets_of(len(scripts)), client, told))

    # Without the race, each would have arrived when it was asked and its latency had passed.
    arrivals = sorted(
        (client.asked_at[url_of(number)] + script.latency_s, number)
        for number, script in enumerate(scripts)
        if is_as_expected(script) and url_of(number) in client.asked_at
    )
    could = sum(map(is_as_expected, scripts))
    assert outcome.won is (could >= need)
    assert [finish.ended_s for finish in outcome.winners] == [at for at, _ in arrivals[: len(outcome.winners)]]
    assert sorted(finish.result.index for finish in outcome.finishes) == list(range(len(scripts)))
    assert set(client.asked) == {*client.answered, *client.cancelled}
    assert len(client.asked) == len(client.answered) + len(client.cancelled)


@virtual
async def test_losers_are_cancelled_and_their_clean_up_is_awaited() -> None:
    client = FakeClient({url_of(0): Script(latency_s=1)}, otherwise=Script(latency_s=60, parting_s=2))

    outcome = await raced(targets_of(4), client)

    assert winners(outcome) == [url_of(0)]
    assert client.cancelled == [url_of(1), url_of(2), url_of(3)]
    assert (now(), outcome.finishes[0].ended_s) == (3, 1)
    lost = outcome.finishes[1].result
    assert (lost.verdict, lost.failure and lost.failure.kind) == (Verdict.UNCHECKED, FailureKind.INTERRUPTED)
    assert lost.failure is not None
    assert (lost.failure.phase, lost.failure.detail) == (Phase.WAIT, "called off while waiting for an answer")


@virtual
async def test_an_error_is_no_win_however_early() -> None:
    client = FakeClient(
        {url_of(0): Script(failure=REFUSED), url_of(1): Script(status=500)}, otherwise=Script(latency_s=5)
    )

    assert winners(await raced(targets_of(3), client)) == [url_of(2)]


@virtual
async def test_as_many_as_are_needed_arrive_in_their_order_with_their_margins() -> None:
    outcome = await raced(targets_of(4), client_of([3, 1, 9, 2]), replace(PATIENT, need=3))

    assert winners(outcome) == [url_of(1), url_of(3), url_of(0)]
    assert [outcome.behind_s(finish) for finish in outcome.finishes] == [0, 1, 2, None]
    assert [finish.place for finish in outcome.finishes] == [1, 2, 3, None]


@virtual
async def test_where_too_few_are_as_expected_all_run_to_their_end_and_there_is_no_winner() -> None:
    client = FakeClient({url_of(0): Script(latency_s=4, status=404), url_of(1): Script(latency_s=1)})

    outcome = await raced([target_of(0), target_of(1), invalid_of(2)], client, replace(PATIENT, need=2))

    assert (outcome.won, outcome.winners, now()) == (False, (), 4)
    reasons = {finish.result.index: finish.result.failure for finish in outcome.finishes}
    assert [reasons[at] and reasons[at].kind for at in range(3)] == [  # type: ignore[union-attr]
        FailureKind.STATUS,
        None,
        FailureKind.INVALID_TARGET,
    ]


@virtual
async def test_a_stagger_starts_them_one_after_another_and_spares_the_rest() -> None:
    client = FakeClient(otherwise=Script(latency_s=0.6))

    outcome = await raced(targets_of(5), client, replace(PATIENT, stagger_s=0.25))

    assert list(client.asked_at.values()) == [0, 0.25, 0.5]
    assert winners(outcome) == [url_of(0)]
    spared = outcome.finishes[-1]
    assert (spared.started_s, spared.result.failure and spared.result.failure.kind) == (None, FailureKind.NOT_STARTED)


@virtual
async def test_a_failure_starts_the_next_one_at_once() -> None:
    client = FakeClient({url_of(0): Script(latency_s=0.1, failure=REFUSED)}, otherwise=Script(latency_s=1))

    await raced([target_of(0), invalid_of(1), target_of(2), target_of(3)], client, replace(PATIENT, stagger_s=0.25))

    assert list(client.asked_at.values()) == [0, 0.1, 0.35]


@virtual
async def test_what_failed_in_passing_runs_again_and_may_win() -> None:
    client = FakeClient({url_of(0): [Script(failure=RESET), Script()], url_of(1): Script(latency_s=60)})

    outcome = await raced(targets_of(2, retries=2), client)

    assert winners(outcome) == [url_of(0)]
    assert outcome.finishes[0].result.verdict is Verdict.FLAKY


@virtual
async def test_who_waits_for_another_attempt_when_the_race_is_over_has_failed() -> None:
    client = FakeClient({url_of(0): Script(status=503, retry_after_s=30), url_of(1): Script(latency_s=1)})

    outcome = await raced(targets_of(2, retries=2), client)

    assert (winners(outcome), now()) == ([url_of(1)], 1)
    assert outcome.finishes[1].result.verdict is Verdict.FAILED


@virtual
async def test_caps_hold() -> None:
    pages = [page_of(number, host_of(0)) for number in range(6)]
    client = FakeClient(otherwise=Script(latency_s=1, status=404))

    await raced([*pages, *targets_of(20)[6:]], client, replace(PATIENT, concurrency=4, pace=PaceSettings(per_host=2)))

    assert (client.peak, client.peaks[host_of(0)]) == (4, 2)


@virtual
async def test_each_is_told_once_and_arrivals_in_their_order() -> None:
    seen: list[Finish] = []

    outcome = await raced([invalid_of(0), *targets_of(4)[1:]], client_of([0, 3, 2, 1]), replace(PATIENT, need=2), seen)

    assert [finish.result.index for finish in seen] == [0, 3, 2, 1]
    assert len(outcome.finishes) == 4


@virtual
async def test_a_stop_calls_all_off_and_says_who_had_arrived() -> None:
    client = client_of([1, 60, 60])
    race = Race(targets_of(3), client, replace(PATIENT, need=2, stagger_s=1.5), clock=CLOCK)
    asyncio.get_running_loop().call_later(2, race.stop, Stop.TERMINATE)

    outcome = await race.run()

    assert (now(), outcome.stop, outcome.won) == (2, Stop.TERMINATE, False)
    assert [finish.place for finish in outcome.finishes] == [1, None, None]
    details = [finish.result.failure and finish.result.failure.detail for finish in outcome.finishes[1:]]
    assert details == ["interrupted by SIGTERM while waiting for an answer", "interrupted by SIGTERM before its turn"]


@virtual
async def test_a_cancellation_from_outside_passes_and_leaves_nothing_behind() -> None:
    client = FakeClient(otherwise=Script(latency_s=60, parting_s=1))
    race = asyncio.create_task(Race(targets_of(3), client, PATIENT, clock=CLOCK).run(), name="race")
    await asyncio.sleep(1)
    race.cancel()

    with pytest.raises(asyncio.CancelledError):
        await race

    assert len(client.cancelled) == 3
    assert others() == set()


@pytest.mark.parametrize("script", [Script(latency_s=1, dies=True), Script(latency_s=60, dies_parting=True)])
def test_what_no_client_should_raise_is_raised_and_leaves_nothing_behind(script: Script) -> None:
    client = FakeClient({url_of(0): script}, otherwise=Script(latency_s=2))

    with pytest.raises(Boom):
        run_virtual(raced(targets_of(3), client))
