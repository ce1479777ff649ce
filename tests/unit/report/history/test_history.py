"""A history says what was polled, and a watch goes on from it."""

import asyncio
import json
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from allup.model.state import State
from allup.model.target import Entry
from allup.model.usage import UsageError
from allup.model.watch_settings import WatchSettings
from allup.report.history.database import milliseconds, prepare, writing
from allup.report.history.pruning import prune
from allup.report.history.reader import read_history
from allup.report.history.recall import Recalled, recall
from allup.report.history.rows import insert, row_of
from allup.report.history.writer import HistoryWriter
from allup.report.history_format import HistoryFormat
from allup.run.watching import Poll
from unit.fake_client import FakeClient, Script, invalid_of, target_of, url_of
from unit.virtual_loop import EPOCH, run_virtual
from unit.watched_hour import scripted, targets, watched

SETTINGS = WatchSettings(every_s=30.0, confirm_after=3)
DAY_S = 24 * 3600.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "a history?#.db"
    prepare(file)
    return file


def polls(signs: Sequence[str], *, for_s: float = 3600.0, entries: Sequence[Entry] | None = None) -> list[Poll]:
    watching = watched(entries or targets(len(signs)), scripted(signs), SETTINGS, for_s=for_s)
    return run_virtual(watching)[1]


def keep(path: Path, came: Iterable[Poll], recalled: Recalled) -> None:
    connection = writing(path)
    insert(connection, [row_of(recalled.rows[poll.watched.index], poll) for poll in came])
    connection.close()


def test_what_was_polled_can_be_read(path: Path) -> None:
    came = polls(["++++---?--++++", "+" * 20], for_s=14 * 30.0)
    keep(path, came, recall(path, targets(2)))

    history = read_history(path, now=EPOCH + 14 * 30.0)

    first, second = history.targets
    assert (first.url, first.state, first.ok, first.failed, first.unchecked) == (url_of(0), State.UP, 8, 5, 1)
    assert first.availability == 8 / 13
    assert (second.ok, second.availability, second.incidents) == (14, 1.0, ())
    assert second.latencies.p50_s == second.latencies.max_s == pytest.approx(0.2)
    (incident,) = first.incidents
    times = [poll.at for poll in came if poll.watched.index == 0]
    assert incident.since == pytest.approx(times[4])
    assert incident.until == pytest.approx(times[10])
    assert (incident.outcome, incident.detail) == ("reset", "reset")
    assert first.down_s(history.began_at, history.now) == pytest.approx(6 * 30.0)


def test_only_the_last_part_can_be_asked_for(path: Path) -> None:
    keep(path, polls(["+" * 10 + "-" * 10], for_s=600.0), recall(path, targets(1)))

    (target,) = read_history(path, now=EPOCH + 600.0, last_s=295.0).targets

    assert (target.ok, target.failed) == (0, 10)
    assert target.incidents[0].until is None


def test_of_an_incident_only_what_is_in_the_time_counts(path: Path) -> None:
    keep(path, polls(["-" * 20], for_s=600.0), recall(path, targets(1)))

    history = read_history(path, now=EPOCH + 600.0, last_s=100.0)

    assert history.targets[0].down_s(history.began_at, history.now) == pytest.approx(100.0)


def test_percentiles_are_nearest_ranks_of_what_was_answered(path: Path) -> None:
    latencies_s = [number / 100 for number in range(1, 101)]
    client = FakeClient({url_of(0): [Script(latency_s=one) for one in latencies_s]})
    _, came = run_virtual(watched(targets(1), client, SETTINGS, for_s=100 * 30.0 + 1.5))
    keep(path, came, recall(path, targets(1)))

    (target,) = read_history(path, now=EPOCH + 3600.0).targets

    assert (target.latencies.p50_s, target.latencies.p95_s, target.latencies.p99_s, target.latencies.max_s) == (
        pytest.approx((0.5, 0.95, 0.99, 1.0))
    )


def test_a_watch_goes_on_from_how_targets_stood(path: Path) -> None:
    came = polls(["-" * 9, "+" * 9], for_s=200.0)
    keep(path, came, recall(path, targets(2)))
    since = {poll.watched.index: poll.transition.since for poll in came if poll.transition is not None}

    again = recall(path, [target_of(0), target_of(0), invalid_of(9), replace(target_of(0), name="home"), target_of(1)])

    assert {index: one.state for index, one in again.standpoints.items()} == {
        0: State.DOWN,
        1: State.UNKNOWN,
        3: State.UNKNOWN,
        4: State.UP,
    }
    assert again.standpoints[0].since == pytest.approx(since[0], abs=0.001)
    assert again.standpoints[4].since == pytest.approx(since[1], abs=0.001)
    assert again.standpoints[1].since is None
    assert len(set(again.rows.values())) == 4


def test_what_is_old_is_pruned_but_how_a_target_stands_is_not_forgotten(path: Path) -> None:
    recalled = recall(path, targets(2))
    keep(path, polls(["+" * 10, "-" * 10], for_s=300.0), recalled)
    connection = writing(path)

    prune(connection, before=EPOCH + 150.0, watched=set())
    assert [one.ok + one.failed for one in read_history(path, now=EPOCH + 300.0).targets] == [5, 5]

    prune(connection, before=EPOCH + DAY_S, watched={recalled.rows[1]})
    connection.close()
    (left,) = read_history(path, now=EPOCH + DAY_S).targets
    assert (left.url, left.state, left.failed) == (url_of(1), State.DOWN, 0)
    assert left.incidents[0].until is None


def test_what_is_pruned_is_given_back(path: Path) -> None:
    recalled = recall(path, targets(1))
    connection = writing(path)
    row = recalled.rows[0]
    many = [(row, at, "ok", "200", 1.0) for at in range(8_000)]
    connection.executemany("INSERT INTO poll VALUES (?, ?, ?, ?, ?)", many)
    before = connection.execute("PRAGMA page_count").fetchone()[0]

    prune(connection, before=EPOCH, watched={row})

    assert connection.execute("PRAGMA page_count").fetchone()[0] < before / 4
    connection.close()


async def test_the_writer_writes_all_that_came_before_its_end(path: Path) -> None:
    # A virtual loop of its own, in another thread than this loop's.

    came = await asyncio.to_thread(polls, ["+" * 40, "-" * 40])
    recalled = recall(path, targets(2))
    async with HistoryWriter(path, recalled.rows, keep_s=DAY_S, wall=lambda: EPOCH) as writer:
        for poll in came:
            writer.add(poll)

    assert (writer.lost, writer.problem) == (0, None)
    assert sum(one.ok + one.failed for one in read_history(path, now=EPOCH + 3600.0).targets) == len(came)


async def test_what_cannot_be_written_is_counted_and_nobody_waits(path: Path) -> None:

    came = await asyncio.to_thread(polls, ["+" * 10], for_s=299.0)
    recalled = recall(path, targets(1))
    connection = writing(path)
    connection.execute("DROP TABLE poll")
    connection.close()
    async with HistoryWriter(path, recalled.rows, keep_s=DAY_S) as writer:
        for poll in came:
            writer.add(poll)

    assert writer.lost == len(came)
    assert writer.problem == "no such table: poll"


def test_what_is_no_history_is_left_alone(tmp_path: Path) -> None:
    text, other, missing = tmp_path / "urls.txt", tmp_path / "other.db", tmp_path / "missing" / "h.db"
    text.write_text("https://example.org/\n" * 100)
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    before = other.read_bytes()

    for file, message in ((text, "not a database"), (other, "no history"), (missing, "unable to open"), (tmp_path, "")):
        with pytest.raises(UsageError, match=message or "unable to open"):
            prepare(file)
    assert text.read_text() == "https://example.org/\n" * 100
    assert other.read_bytes() == before


def test_a_later_version_s_history_is_not_read(path: Path) -> None:
    connection = writing(path)
    connection.execute("PRAGMA user_version = 2")
    connection.close()

    with pytest.raises(UsageError, match="another version"):
        read_history(path, now=EPOCH)


def test_reading_makes_no_file(tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    empty.touch()
    with pytest.raises(UsageError, match="nothing in it"):
        read_history(empty, now=EPOCH)
    with pytest.raises(UsageError, match="no such file"):
        read_history(tmp_path / "none.db", now=EPOCH)
    assert [one.name for one in tmp_path.iterdir()] == ["empty.db"]


def test_it_is_read_while_it_is_written(path: Path) -> None:
    connection = writing(path)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO target (url, name, occurrence, state) VALUES ('u', '', 0, 'up')")

    assert read_history(path, now=EPOCH).targets == ()

    connection.execute("COMMIT")
    connection.close()
    assert len(read_history(path, now=EPOCH).targets) == 1


def test_a_clock_that_was_set_back_loses_no_poll_that_comes_later(path: Path) -> None:
    recalled = recall(path, targets(1))
    came = polls(["+++"], for_s=89.0)
    keep(path, came, recalled)
    keep(path, came[:1], recalled)

    assert read_history(path, now=EPOCH + 90.0).targets[0].ok == len(came)
    assert milliseconds(1.0004) == 1000


@pytest.mark.parametrize("format_", HistoryFormat)
def test_every_format_tells_of_every_target(
    path: Path, format_: HistoryFormat, capsys: pytest.CaptureFixture[str]
) -> None:

    keep(path, polls(["++++---", "+++++++"], for_s=210.0), recall(path, targets(2)))

    format_.write(read_history(path, now=EPOCH + 210.0), sys.stdout, width=100)

    text = capsys.readouterr().out
    assert url_of(0) in text
    assert url_of(1) in text
    assert "reset" in text or format_ is HistoryFormat.CSV


def test_json_has_all_of_it(path: Path, capsys: pytest.CaptureFixture[str]) -> None:

    keep(path, polls(["++++---"], for_s=210.0), recall(path, targets(1)))

    HistoryFormat.JSON.write(read_history(path, now=EPOCH + 210.0), sys.stdout)

    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "allup.history/1"
    (target,) = document["targets"]
    assert (target["state"], target["polls"]) == ("down", {"ok": 4, "failed": 3, "unchecked": 0})
    assert target["incidents"][0]["until"] is None
    assert target["availability"] == round(4 / 7, 6)


def test_text_of_others_is_no_markup(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named: list[Entry] = [replace(target_of(0), name="[red]a\x1b[2J")]
    keep(path, polls(["---"], for_s=90.0), recall(path, named))

    HistoryFormat.TABLE.write(read_history(path, now=EPOCH + 90.0), sys.stdout, width=120)

    assert capsys.readouterr().out.count("[red]a\\x1b[2J") == 2


@pytest.mark.parametrize("width", [30, 60, 90, 140])
def test_a_table_is_as_wide_as_it_may_be(path: Path, width: int, capsys: pytest.CaptureFixture[str]) -> None:

    keep(path, polls(["++++---"], for_s=210.0), recall(path, targets(1)))

    HistoryFormat.TABLE.write(read_history(path, now=EPOCH + 210.0), sys.stdout, width=width)

    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= width
    assert any("down" in line for line in lines)
