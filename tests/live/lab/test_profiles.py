import heapq
from collections.abc import Sequence

from allup.lab.behaviour import WEB_SERVERS, Behaviour
from allup.lab.catalogue import BEHAVIOURS
from allup.lab.profiles import CHECKED, COMPARED, check_list, compare_list, text_list
from allup.lab.server import Lab
from allup.model.duration import parse_duration
from allup.model.failure import FailureKind
from allup.model.result import Verdict
from allup.model.retry_on import TRANSIENT
from allup.model.target import Request
from allup.run.backoff import Backoff

RETRIES = Request().retries


def wall_s(latencies_s: Sequence[float], workers: int) -> float:
    """Return how long workers take who each take the next of the list as soon as they are free."""
    free_at = [0.0] * workers
    for latency_s in latencies_s:
        heapq.heapreplace(free_at, free_at[0] + latency_s)
    return max(free_at)


def test_ten_workers_can_come_close_to_the_ideal() -> None:
    latencies_s = [behaviour.latency_s for behaviour in COMPARED]
    ideal_s = max(*latencies_s, sum(latencies_s) / 10)
    assert ideal_s / wall_s(latencies_s, 10) >= 0.97


def test_one_after_the_other_takes_long_enough_to_see_and_short_enough_to_wait_for() -> None:
    assert 4 <= sum(behaviour.latency_s for behaviour in COMPARED) <= 5


def test_the_comparison_is_spread_evenly_over_the_hosts() -> None:
    for server in WEB_SERVERS:
        assert sum(behaviour.server is server for behaviour in COMPARED) == len(COMPARED) / len(WEB_SERVERS)


def patience_s(options: str) -> float:
    return min((parse_duration(o.partition("=")[2]) for o in options.split() if o.startswith("timeout=")), default=10)


def typical_s(behaviour: Behaviour) -> float:
    """How long a check takes with the retries that a transient failure gets, each after half the longest backoff."""
    once_s = min(behaviour.latency_s, patience_s(behaviour.options))
    attempts = 2 if behaviour.expected is Verdict.FLAKY else 1 + RETRIES if behaviour.kind in TRANSIENT.kinds else 1
    return attempts * once_s + sum(Backoff(draw=lambda: 0.5).wait_s(attempt) for attempt in range(1, attempts))


def test_the_check_shows_every_verdict_and_kind_it_can() -> None:
    assert {behaviour.expected for behaviour in CHECKED} == {Verdict.OK, Verdict.FLAKY, Verdict.FAILED}
    kinds = {behaviour.kind for behaviour in CHECKED}
    assert kinds >= {
        FailureKind.STATUS,
        FailureKind.CONNECT_REFUSED,
        FailureKind.DNS,
        FailureKind.READ_TIMEOUT,
        FailureKind.RESET,
        FailureKind.TOO_MANY_REDIRECTS,
        FailureKind.INVALID_TARGET,
    }
    assert 15 <= len(CHECKED) <= 20


def test_the_check_takes_about_two_seconds_retries_included() -> None:
    assert 1.5 < max(map(typical_s, CHECKED)) < 2.5


async def test_lists_name_their_targets_and_say_where_they_are(lab: Lab) -> None:
    assert compare_list(lab)[0] == f"{lab.base_url}/latency/177ms name=answers-in-177ms"
    assert len(set(compare_list(lab))) == len(COMPARED)
    assert f"{lab.base_url}/status/404 name=status-404 expect=404" in check_list(lab)


async def test_the_printed_list_holds_every_target_once_and_explains_itself(lab: Lab) -> None:
    printed = text_list(lab)
    lines = [line for line in printed.splitlines() if line and not line.startswith("#")]
    assert [line.partition("  # ")[0] for line in lines] == lab.targets()
    assert all(behaviour.about in printed for behaviour in BEHAVIOURS)
    assert printed.endswith("\n")


async def test_the_printed_list_is_green_first_and_says_where_red_begins(lab: Lab) -> None:
    green, red = text_list(lab).split("# ---- What failure looks like: these are red on purpose.")
    assert lab.base_url + "/status/503 name=status-503 expect=503" in green
    for behaviour in BEHAVIOURS:
        assert lab.line(behaviour) in (green if behaviour.expected is not Verdict.FAILED else red).replace("  # ", "\n")
