"""The end of a run before its list's: the deadline, too many failures, an interrupt and its grace."""

import asyncio
from unittest.mock import patch

import pytest

from allup.model.failure import FailureKind, Phase
from allup.model.result import Verdict
from allup.model.settings import CheckSettings, PaceSettings
from allup.model.stop import Stop
from allup.run.backoff import Backoff
from allup.run.checking import Checking
from unit.checked import checked
from unit.fake_client import FakeClient, Script, client_of, host_of, page_of, target_of, targets_of, url_of
from unit.virtual_loop import now, virtual

FINE = Script(latency_s=1)
BUSY = Script(latency_s=1, status=503)


class Stops:
    """Stops a run at each of these moments."""

    def __init__(self, *moments: tuple[float, Stop]) -> None:
        self._moments = moments
        self.runs: list[Checking] = []

    def __call__(self, run: Checking) -> None:
        self.runs.append(run)
        for at_s, reason in self._moments:
            asyncio.get_running_loop().call_later(at_s, run.stop, reason)

    @property
    def stopped_by(self) -> Stop | None:
        return self.runs[0].stopped_by


@virtual
async def test_the_run_ends_at_the_deadline_and_says_how_far_each_target_was() -> None:
    stops = Stops()
    told = CheckSettings(concurrency=2, deadline_s=2.5)
    came = await checked(targets_of(8), FakeClient(otherwise=FINE), told, begun=stops)
    assert now() == 2.5
    assert came.kinds == [None] * 4 + [FailureKind.DEADLINE] * 2 + [FailureKind.NOT_STARTED] * 2
    assert [result.verdict for result in came.results[4:]] == [Verdict.UNCHECKED] * 4
    cut, waiting = came.results[4].failure, came.results[6].failure
    assert cut is not None
    assert waiting is not None
    assert (cut.phase, cut.detail) == (Phase.WAIT, "the deadline came while waiting for an answer")
    assert waiting.detail == "the deadline came before its turn"
    assert stops.stopped_by is Stop.DEADLINE


@virtual
async def test_what_waits_for_a_retry_at_the_deadline_keeps_its_failure() -> None:
    client = FakeClient({url_of(0): BUSY}, otherwise=Script(latency_s=100))
    with patch.object(Backoff, "wait_s", lambda *_: 50.0):
        came = await checked(targets_of(2, retries=2), client, CheckSettings(deadline_s=10))
    assert (came.verdicts, came.attempts) == ([Verdict.FAILED, Verdict.UNCHECKED], [1, 1])
    assert came.kinds == [FailureKind.STATUS, FailureKind.DEADLINE]
    assert now() == 10.0


@virtual
async def test_what_came_back_from_its_backoff_and_waits_in_line_keeps_its_failure_too() -> None:
    entries = [page_of(0, host_of(0), retries=2), page_of(1, host_of(0))]
    client = FakeClient({url_of(0): BUSY}, otherwise=Script(latency_s=100))
    with patch.object(Backoff, "wait_s", lambda *_: 1.0):
        came = await checked(entries, client, CheckSettings(deadline_s=10, pace=PaceSettings(per_host=1)))
    assert came.kinds == [FailureKind.STATUS, FailureKind.DEADLINE]


@virtual
async def test_a_second_attempt_that_is_cut_short_is_counted() -> None:
    client = FakeClient({url_of(0): [BUSY, Script(latency_s=100)]})
    came = await checked(targets_of(1, retries=2), client, CheckSettings(deadline_s=10))
    assert (came.kinds, came.attempts) == ([FailureKind.DEADLINE], [2])


@virtual
async def test_a_deadline_that_is_not_reached_changes_nothing() -> None:
    came = await checked(targets_of(3), FakeClient(otherwise=FINE), CheckSettings(deadline_s=5))
    assert came.verdicts == [Verdict.OK] * 3
    assert now() == 1.0


@virtual
async def test_a_deadline_ends_also_those_who_wait_for_a_paused_host_or_for_another_one() -> None:
    scripts = {
        url_of(0): Script(latency_s=1, status=429, retry_after_s=30),
        url_of(1): Script(latency_s=2, moves=(host_of(0),)),
    }
    entries = [target_of(0, retries=1), target_of(1), page_of(2, host_of(0))]
    client = FakeClient(scripts, otherwise=FINE)
    told = CheckSettings(deadline_s=10, pace=PaceSettings(per_host=1))
    came = await checked(entries, client, told)
    assert came.kinds == [FailureKind.STATUS, FailureKind.DEADLINE, FailureKind.NOT_STARTED]
    assert now() == 10.0


@pytest.mark.parametrize("most", [1, 3])
@virtual
async def test_the_run_ends_with_the_failure_that_is_one_too_many(most: int) -> None:
    stops = Stops()
    client = FakeClient(
        {url_of(number): Script(latency_s=number + 1, status=404) for number in range(4)},
        otherwise=Script(latency_s=60),
    )
    came = await checked(targets_of(9), client, CheckSettings(concurrency=6, max_failures=most), begun=stops)
    assert now() == most
    assert came.verdicts == [Verdict.FAILED] * most + [Verdict.UNCHECKED] * (9 - most)
    assert came.kinds.count(FailureKind.INTERRUPTED) == 5
    assert stops.stopped_by is Stop.FAILURES
    assert client.in_flight == 0


@virtual
async def test_fewer_failures_than_the_most_end_nothing() -> None:
    stops = Stops()
    client = FakeClient({url_of(0): Script(status=404)}, otherwise=FINE)
    came = await checked(targets_of(9), client, CheckSettings(max_failures=2), begun=stops)
    assert came.verdicts == [Verdict.FAILED, *[Verdict.OK] * 8]
    assert stops.stopped_by is None


@virtual
async def test_a_failure_that_is_tried_again_is_not_counted_yet() -> None:
    client = FakeClient({url_of(0): [BUSY, FINE]}, otherwise=FINE)
    came = await checked(targets_of(3, retries=1), client, CheckSettings(max_failures=1))
    assert came.verdicts == [Verdict.FLAKY, Verdict.OK, Verdict.OK]


@pytest.mark.parametrize("reason", [Stop.INTERRUPT, Stop.TERMINATE])
@virtual
async def test_in_its_grace_what_is_in_flight_may_end_and_nothing_new_begins(reason: Stop) -> None:
    client = client_of([2, 4, 10])
    came = await checked(targets_of(9), client, CheckSettings(concurrency=3, grace_s=5), begun=Stops((1, reason)))
    assert came.kinds == [None, None, FailureKind.INTERRUPTED, *[FailureKind.NOT_STARTED] * 6]
    assert len(client.asked) == 3
    assert now() == 6.0


@virtual
async def test_a_grace_ends_with_the_last_that_is_in_flight() -> None:
    came = await checked(
        targets_of(9), client_of([2, 3, 4]), CheckSettings(concurrency=3, grace_s=60), begun=Stops((1, Stop.INTERRUPT))
    )
    assert now() == 4.0
    assert came.verdicts == [Verdict.OK] * 3 + [Verdict.UNCHECKED] * 6


@virtual
async def test_what_fails_in_its_grace_is_not_tried_again() -> None:
    client = FakeClient(otherwise=BUSY)
    told = CheckSettings(grace_s=60, confirm=True)
    came = await checked(targets_of(2, retries=5), client, told, begun=Stops((0.5, Stop.INTERRUPT)))
    assert (came.verdicts, came.attempts) == ([Verdict.FAILED] * 2, [1, 1])
    assert now() == 1.0


@virtual
async def test_who_is_redirected_in_the_grace_may_still_move() -> None:
    client = FakeClient(otherwise=Script(latency_s=1, moves=("to.test:80",)))
    told = CheckSettings(grace_s=60, pace=PaceSettings(per_host=1))
    came = await checked(targets_of(3), client, told, begun=Stops((0.5, Stop.INTERRUPT)))
    assert came.verdicts == [Verdict.OK] * 3
    assert now() == 4.0


@virtual
async def test_where_nothing_is_in_flight_no_grace_is_waited_for() -> None:
    client = FakeClient({url_of(0): BUSY})
    with patch.object(Backoff, "wait_s", lambda *_: 50.0):
        came = await checked(targets_of(1, retries=1), client, CheckSettings(), begun=Stops((10, Stop.INTERRUPT)))
    assert came.verdicts == [Verdict.FAILED]
    assert now() == 10.0


@virtual
async def test_a_second_interrupt_does_not_prolong_the_grace() -> None:
    stops = Stops((1, Stop.INTERRUPT), (2, Stop.TERMINATE), (3, Stop.INTERRUPT))
    await checked(targets_of(3), FakeClient(otherwise=Script(latency_s=60)), CheckSettings(grace_s=5), begun=stops)
    assert now() == 6.0
    assert stops.stopped_by is Stop.INTERRUPT


@pytest.mark.parametrize("reason", [Stop.DEADLINE, Stop.READER_GONE])
@virtual
async def test_a_reason_that_has_no_patience_ends_the_grace(reason: Stop) -> None:
    stops = Stops((1, Stop.INTERRUPT), (2, reason))
    came = await checked(
        targets_of(3), FakeClient(otherwise=Script(latency_s=60)), CheckSettings(grace_s=5), begun=stops
    )
    assert now() == 2.0
    assert came.kinds == [FailureKind.INTERRUPTED] * 3
    assert stops.stopped_by is Stop.INTERRUPT


@virtual
async def test_the_deadline_comes_also_during_the_grace() -> None:
    stops = Stops((1, Stop.INTERRUPT))
    client = FakeClient(otherwise=Script(latency_s=60))
    await checked(targets_of(3), client, CheckSettings(grace_s=5, deadline_s=3), begun=stops)
    assert now() == 3.0


@virtual
async def test_one_failure_too_many_ends_the_grace() -> None:
    client = FakeClient({url_of(0): Script(latency_s=2, status=404)}, otherwise=Script(latency_s=60))
    stops = Stops((1, Stop.INTERRUPT))
    await checked(targets_of(3), client, CheckSettings(grace_s=5, max_failures=1), begun=stops)
    assert now() == 2.0


@virtual
async def test_a_run_that_was_stopped_before_it_began_ends_and_accounts_for_all() -> None:
    came = await checked(
        targets_of(3), FakeClient(), CheckSettings(deadline_s=9), begun=lambda run: run.stop(Stop.INTERRUPT)
    )
    assert came.kinds == [FailureKind.NOT_STARTED] * 3
    assert now() == 0.0


@virtual
async def test_a_signal_goes_before_what_ended_the_run_by_itself() -> None:
    stops = Stops((1, Stop.FAILURES), (1, Stop.TERMINATE))
    told = CheckSettings(concurrency=1, grace_s=2)
    await checked(targets_of(300), FakeClient(otherwise=Script(latency_s=60)), told, begun=stops)
    assert stops.stopped_by is Stop.TERMINATE
