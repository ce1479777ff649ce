"""The metrics of an hour are what its script says, to the last poll."""

import random
from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families

from allup.model.settings import PaceSettings
from allup.model.state import State
from allup.model.target import Entry
from allup.model.watch_settings import WatchSettings
from allup.report.watch_metrics import WatchMetrics
from allup.report.watch_pages import watch_pages
from allup.run.watching import Watching
from unit.fake_client import FakeClient, Script, invalid_of, target_of, url_of
from unit.virtual_loop import EPOCH, virtual
from unit.watched_hour import expected, scripted, targets, watched

SETTINGS = WatchSettings(every_s=30.0, confirm_after=3)
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read(text: str) -> Samples:
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    found = {(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples}
    assert len(found) == len(samples), "the same labels twice"
    return found


def exposed(watch: Watching) -> Samples:
    return read("".join(WatchMetrics(watch).pieces()))


def value(samples: Samples, name: str, **labels: str) -> float | None:
    return samples.get((name, frozenset(labels.items())))


@virtual
async def test_an_hour_is_measured_as_its_script_says() -> None:
    draw = random.Random(11)
    scripts = ["".join(draw.choices("+++++--?", k=130)) for _ in range(6)]

    watch, polls = await watched(targets(6), scripted(scripts), SETTINGS, for_s=3600.0)

    samples = exposed(watch)
    for number, script in enumerate(scripts):
        seen = script[: sum(poll.watched.index == number for poll in polls)]
        url = url_of(number)
        counts = {
            verdict: value(samples, "allup_polls_total", url=url, verdict=verdict)
            for verdict in ("ok", "failed", "unchecked")
        }
        assert counts == {"ok": seen.count("+"), "failed": seen.count("-"), "unchecked": seen.count("?")}
        changes = [after for _, after in expected(seen, 3)]
        for state in (State.UP, State.DOWN):
            assert value(samples, "allup_transitions_total", url=url, to=state) == changes.count(state)
        assert value(samples, "allup_up", url=url) == (changes[-1] is State.UP)
        assert value(samples, "allup_poll_duration_seconds_count", url=url) == seen.count("+")
        assert value(samples, "allup_poll_duration_seconds_bucket", url=url, le="0.1") == 0
        assert value(samples, "allup_poll_duration_seconds_bucket", url=url, le="0.25") == seen.count("+")
    assert value(samples, "allup_watched_targets", state="up") == sum(one.state is State.UP for one in watch.targets)


@virtual
async def test_what_is_not_known_has_no_sample() -> None:
    watch, _ = await watched(targets(1), scripted(["???"]), SETTINGS, for_s=100.0)

    samples = exposed(watch)
    assert value(samples, "allup_up", url=url_of(0)) is None
    assert value(samples, "allup_http_status_code", url=url_of(0)) is None
    assert value(samples, "allup_failure", url=url_of(0), kind="local", certainty="local") == 1


@virtual
async def test_alike_targets_lines_that_are_none_and_groups_have_labels_of_their_own() -> None:
    entries: list[Entry] = [target_of(0), target_of(0), invalid_of(2), replace(target_of(3), group="g")]

    watch, _ = await watched(entries, FakeClient(), SETTINGS, for_s=31.0)

    samples = exposed(watch)
    assert value(samples, "allup_up", url=url_of(0)) == 1
    assert value(samples, "allup_up", url=url_of(0), entry="2") == 1
    assert value(samples, "allup_up", url="line 2") == 0
    assert value(samples, "allup_group_up", group="g") == 1
    assert (value(samples, "allup_state_since_timestamp_seconds", url=url_of(0)) or 0) > EPOCH


@virtual
async def test_many_targets_are_told_in_pieces_under_one_head() -> None:
    watch, _ = await watched(targets(250), FakeClient(), SETTINGS, for_s=31.0)

    pieces = list(WatchMetrics(watch).pieces())

    assert "".join(pieces).count("# TYPE allup_up gauge") == 1
    assert len(pieces) > 9 * 3
    assert sum(name == "allup_up" for name, _ in read("".join(pieces))) == 250


@virtual
async def test_health_is_the_schedule_s() -> None:
    health: list[tuple[int, str]] = []

    def look(watch: Watching) -> None:
        page = watch_pages(watch)["/healthz"]()
        health.append((page.status, "".join(page.pieces)))

    slow = replace(SETTINGS, concurrency=1, pace=PaceSettings(rate_per_s=0.01))
    await watched(targets(5), FakeClient(otherwise=Script(latency_s=1.0)), SETTINGS, for_s=90.0, seen=look)
    await watched(targets(5), FakeClient(), slow, for_s=300.0, seen=look)

    assert health[0] == (200, "ok\n")
    assert health[1][0] == 503
    assert "not kept" in health[1][1]
