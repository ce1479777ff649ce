"""What fails since no canary answers is not the target's fault, and is asked again when one does."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.canaries import CanarySettings, CanarySummary
from allup.model.exit_code import ExitCode, exit_code
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.limited_by import Bottleneck
from allup.model.result import Verdict
from allup.model.settings import CheckSettings
from allup.model.stop import Stop
from allup.model.target import Entry
from allup.run.canaries.canaries import EVERY_S, LONGEST_POLL_S, Canaries
from allup.run.canaries.cautious import SkepticalClient
from allup.run.canaries.down_hosts import FRESH_S
from allup.run.checking import Checking
from unit.checked import checked
from unit.fake_client import REFUSED, FakeClient, Script, invalid_of, page_of, target_of, targets_of, url_of
from unit.run.canaries.network import CANARY, FINE, FOREVER, Network, canaries, canary_of
from unit.virtual_loop import CLOCK, now, run_virtual, virtual

DOWN = Script(latency_s=0.1, failure=REFUSED)


class Runs(list[Checking]):
    """Keeps the run that began, for its end."""

    def __call__(self, run: Checking) -> None:
        self.append(run)

    @property
    def canaries(self) -> CanarySummary:
        summary = self[0].summary.canaries
        assert summary is not None
        return summary

    @property
    def code(self) -> ExitCode:
        return exit_code(self[0].summary.tally.standings, self[0].stopped_by)


def told(**more: Any) -> CheckSettings:
    return replace(CheckSettings(concurrency=4, canaries=canaries()), **more)


@virtual
async def test_a_network_that_comes_back_fails_nobody() -> None:
    network, runs = Network(FakeClient(otherwise=FINE), [(1.0, 9.0)]), Runs()
    came = await checked(targets_of(40, retries=0), network, told(), begun=runs)
    assert came.verdicts == [Verdict.OK] * 40
    assert network.futile > 0
    assert (runs.canaries.outages, runs.canaries.lost, runs.code) == (1, False, ExitCode.OK)
    assert 8 <= runs.canaries.away_s < 8 + LONGEST_POLL_S + 1


@virtual
async def test_nobody_else_is_asked_while_no_canary_answers() -> None:
    client = FakeClient(otherwise=FINE)
    network = Network(client, [(1.0, 30.0)])
    await checked(targets_of(100), network, told())
    assert network.futile <= 2 * 4
    assert not [at for _, at in client.log if 1.5 < at < 30]


@virtual
async def test_what_an_outage_took_is_said_to_have_limited_the_run() -> None:
    runs = Runs()
    await checked(targets_of(40), Network(FakeClient(otherwise=FINE), [(1.0, 9.0)]), told(), begun=runs)
    limit = runs[0].summary.limited_by
    assert limit is not None
    assert (limit.bottleneck, limit.name) == (Bottleneck.CANARY, None)
    assert limit.seconds == pytest.approx(runs.canaries.away_s, abs=0.5)


@virtual
async def test_canaries_that_answer_limit_nobody() -> None:
    runs = Runs()
    await checked(targets_of(40), Network(FakeClient({url_of(5): DOWN}, otherwise=FINE), []), told(), begun=runs)
    limit = runs[0].summary.limited_by
    assert limit is not None
    assert limit.bottleneck is Bottleneck.CAP


@virtual
async def test_a_network_that_does_not_come_back_leaves_the_rest_unchecked() -> None:
    network, runs = Network(FakeClient(otherwise=FINE), [(1.0, FOREVER)]), Runs()
    entries: list[Entry] = [*targets_of(40), invalid_of(40)]
    came = await checked(entries, network, told(canaries=canaries(patience_s=10)), begun=runs)
    known = came.verdicts.index(Verdict.UNCHECKED)
    assert came.verdicts == [Verdict.OK] * known + [Verdict.UNCHECKED] * (40 - known) + [Verdict.FAILED]
    assert set(came.kinds[known:40]) == {FailureKind.LOCAL}
    assert all(CANARY in result.failure.detail for result in came.results[known:40] if result.failure)
    assert (runs[0].stopped_by, runs.canaries.lost) == (Stop.OFFLINE, True)
    assert now() == pytest.approx(11, abs=1)


@virtual
async def test_what_is_not_known_ends_a_run_with_three() -> None:
    network, runs = Network(FakeClient(otherwise=FINE), [(0.0, FOREVER)]), Runs()
    came = await checked(targets_of(5), network, told(canaries=canaries(patience_s=3)), begun=runs)
    assert came.verdicts == [Verdict.UNCHECKED] * 5
    assert runs.code is ExitCode.UNCHECKED
    assert network.futile == 0, "nobody is asked before a canary has answered"


@virtual
async def test_a_target_that_is_down_has_failed_once_while_canaries_answer() -> None:
    network, runs = Network(FakeClient({url_of(3): DOWN}, otherwise=FINE), []), Runs()
    came = await checked(targets_of(10), network, told(), begun=runs)
    assert came.verdicts == [Verdict.OK] * 3 + [Verdict.FAILED] + [Verdict.OK] * 6
    assert came.results[3].failure == REFUSED
    assert (len(network.asked), runs.code) == (2, ExitCode.FAILED)


@virtual
async def test_a_target_that_is_down_is_so_after_an_outage_too() -> None:
    network = Network(FakeClient({url_of(3): DOWN}, otherwise=FINE), [(0.0, 5.0)])
    came = await checked(targets_of(10), network, told())
    assert came.verdicts[3] is Verdict.FAILED
    assert came.verdicts.count(Verdict.OK) == 9


@virtual
async def test_an_outage_costs_no_attempt() -> None:
    network = Network(FakeClient(otherwise=FINE), [(0.1, 20.0)])
    came = await checked(targets_of(4, retries=1), network, told())
    assert (came.verdicts, came.attempts) == ([Verdict.OK] * 4, [1] * 4)


@virtual
async def test_the_wait_for_the_network_is_no_latency() -> None:
    client = FakeClient(otherwise=FINE)
    await checked(targets_of(1), Network(client, [(0.1, 20.0)]), told())
    assert 19.9 < client.waited[url_of(0)] < 26


@virtual
async def test_however_much_fails_canaries_are_asked_some_times_a_second() -> None:
    network = Network(FakeClient(otherwise=DOWN), [])
    came = await checked(targets_of(400), network, told(concurrency=20))
    assert came.verdicts == [Verdict.FAILED] * 400
    gaps = [after - before for before, after in zip(network.asked, network.asked[1:], strict=False)]
    assert min(gaps) >= EVERY_S - 1e-6


@virtual
async def test_a_host_that_is_down_with_all_its_targets_is_not_slowed_down() -> None:
    network = Network(FakeClient(otherwise=DOWN), [])
    targets = [page_of(number, "dead.test:80") for number in range(2_000)]
    came = await checked(targets, network, told(concurrency=10))
    assert came.verdicts == [Verdict.FAILED] * 2_000
    assert 20 < now() < 24, "without a canary it takes 20 seconds"
    assert len(network.asked) <= 1 + 2 * 24 / FRESH_S


@virtual
async def test_a_host_that_fails_otherwise_than_before_may_be_out_of_reach() -> None:
    refused = {url_of(0): DOWN}
    network = Network(FakeClient(refused, otherwise=FINE), [(1.0, 4.0)])
    targets = [page_of(number, "one.test:80") for number in range(40)]
    came = await checked(targets, network, told(concurrency=2))
    assert came.verdicts == [Verdict.FAILED] + [Verdict.OK] * 39


@virtual
async def test_a_failure_that_is_no_network_s_asks_no_canary() -> None:
    network = Network(FakeClient(otherwise=Script(status=404)), [])
    came = await checked(targets_of(9), network, told())
    assert came.verdicts == [Verdict.FAILED] * 9
    assert len(network.asked) == 1


@virtual
async def test_a_fault_of_this_machine_waits_for_its_network_too() -> None:
    no_route = Failure(kind=FailureKind.LOCAL, certainty=Certainty.LOCAL, phase=Phase.CONNECT, detail="no route")
    network = Network(FakeClient(otherwise=FINE), [(1.0, 4.0)], failure=no_route)
    came = await checked(targets_of(40), network, told())
    assert came.verdicts == [Verdict.OK] * 40


@virtual
async def test_what_began_before_the_network_was_back_is_asked_again() -> None:
    # It fails long after a canary has answered again.
    network = Network(FakeClient(otherwise=FINE), [(1.0, 2.0)], fails_after_s=10.0)
    came = await checked(targets_of(40), network, told())
    assert came.verdicts == [Verdict.OK] * 40


@virtual
async def test_the_first_failure_that_counts_is_one_that_was_confirmed() -> None:
    network, runs = Network(FakeClient({url_of(20): DOWN}, otherwise=FINE), [(0.5, 5.0)]), Runs()
    came = await checked(targets_of(60), network, told(max_failures=1), begun=runs)
    assert runs[0].stopped_by is Stop.FAILURES
    assert came.verdicts[:21] == [Verdict.OK] * 20 + [Verdict.FAILED]


@virtual
async def test_an_interrupt_ends_the_wait_at_once_and_all_is_reported() -> None:
    runs = Runs()

    def interrupt(run: Checking) -> None:
        runs(run)
        asyncio.get_running_loop().call_later(5, run.stop, Stop.INTERRUPT)

    network = Network(FakeClient(otherwise=FINE), [(1.0, FOREVER)])
    came = await checked(targets_of(40), network, told(), begun=interrupt)
    assert now() == 5
    assert len(came.results) == 40
    assert set(came.verdicts) == {Verdict.OK, Verdict.UNCHECKED}
    assert runs.code is ExitCode.INTERRUPTED


@virtual
async def test_an_interrupt_after_they_are_lost_is_still_one() -> None:
    runs = Runs()

    def interrupt(run: Checking) -> None:
        runs(run)
        asyncio.get_running_loop().call_later(3.5, run.stop, Stop.INTERRUPT)

    # In flight with nobody who can tell, when the patience is over.
    client = FakeClient({url_of(0): Script(latency_s=5)}, otherwise=FINE)
    network = Network(client, [(1.0, FOREVER)])
    await checked(targets_of(40), network, told(canaries=canaries(patience_s=2)), begun=interrupt)
    assert runs.code is ExitCode.INTERRUPTED


@virtual
async def test_a_deadline_holds_while_no_canary_answers() -> None:
    network, runs = Network(FakeClient(otherwise=FINE), [(1.0, FOREVER)]), Runs()
    came = await checked(targets_of(40), network, told(deadline_s=6), begun=runs)
    assert now() == 6
    assert {FailureKind.DEADLINE, FailureKind.NOT_STARTED} <= set(came.kinds)
    assert runs.code is ExitCode.UNCHECKED


@virtual
async def test_what_is_in_flight_when_they_are_lost_is_this_machine_s_fault() -> None:
    client = FakeClient({url_of(0): Script(latency_s=100)}, otherwise=FINE)
    came = await checked(targets_of(40), Network(client, [(1.0, FOREVER)]), told(canaries=canaries(patience_s=2)))
    assert came.kinds[0] is FailureKind.LOCAL
    assert now() < 10


@virtual
async def test_one_canary_that_answers_is_enough() -> None:
    dead = canary_of("http://dead.test/")
    network = Network(FakeClient({dead.url: DOWN, url_of(1): DOWN}, otherwise=FINE), [])
    runs = Runs()
    both = CanarySettings(targets=(dead, canary_of()))
    came = await checked(targets_of(3), network, told(canaries=both), begun=runs)
    assert came.verdicts == [Verdict.OK, Verdict.FAILED, Verdict.OK]
    assert [one.ok > 0 for one in runs.canaries.canaries] == [False, True]


@virtual
async def test_outages_are_told_of_when_they_begin() -> None:
    told_of: list[tuple[float, float]] = []

    def listen(run: Checking) -> None:
        run.tell_of_outages(lambda _, left_s: told_of.append((now(), left_s)))

    outages = [(1.0, 5.0), (10.0, 12.0)]
    network = Network(FakeClient(otherwise=FINE), outages)
    await checked(targets_of(200), network, told(), begun=listen)
    assert [round(at) for at, _ in told_of] == [1, 10]
    assert told_of[0][1] == 60
    assert told_of[1][1] < 60, "patience is for the run as a whole"


@settings(max_examples=60, deadline=None)
@given(
    starts=st.lists(st.floats(0, 20), max_size=3),
    lasts_s=st.floats(1.0, 8.0),
    fails_after_s=st.sampled_from([0.0, 0.3, 3.0]),
    down=st.sets(st.integers(0, 29), max_size=5),
    concurrency=st.integers(1, 8),
)
def test_every_target_ends_as_it_is_whenever_the_network_vanishes(
    starts: list[float], lasts_s: float, fails_after_s: float, down: set[int], concurrency: int
) -> None:
    """The network goes away and comes back, as often as it likes."""

    async def main() -> None:
        client = FakeClient({url_of(number): DOWN for number in down}, otherwise=FINE)
        network = Network(client, [(at, at + lasts_s) for at in starts], fails_after_s=fails_after_s)
        patient = told(concurrency=concurrency, canaries=canaries(patience_s=1_000))
        came = await checked(targets_of(30), network, patient)
        assert {n for n, verdict in enumerate(came.verdicts) if verdict is Verdict.FAILED} == down
        assert came.verdicts.count(Verdict.OK) == 30 - len(down)

    run_virtual(main())


@virtual
async def test_without_patience_what_fails_is_unknown_as_long_as_no_canary_answers() -> None:
    network = Network(FakeClient({url_of(0): DOWN}, otherwise=FINE), [(1.0, 5.0)])
    watched = CanarySettings(targets=(canary_of(),), patience_s=None)
    async with Canaries(watched, lambda: Alone(network), CLOCK) as group:
        client = SkepticalClient(network, group, CLOCK)
        kinds = []
        for _ in range(4):
            attempt = await client.attempt(target_of(0))
            kinds.append(None if attempt.failure is None else attempt.failure.kind)
            await asyncio.sleep(2)
    assert kinds == [FailureKind.CONNECT_REFUSED, FailureKind.LOCAL, FailureKind.LOCAL, FailureKind.CONNECT_REFUSED]


class Alone:
    """A client that somebody else has opened."""

    def __init__(self, client: Network) -> None:
        self._client = client

    async def __aenter__(self) -> Network:
        return self._client

    async def __aexit__(self, *_: object) -> None:
        pass
