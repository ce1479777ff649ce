"""A command gets the record of each change, and cannot hold up or outgrow the watch."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from allup.model.state import State, Transition
from allup.report import on_change
from allup.report.on_change import OnChange
from unit.run.test_watched import polled
from unit.until import until
from unit.virtual_loop import others


def change(index: int = 0, after: State = State.DOWN) -> Transition:
    result = replace(polled("-"), index=index)
    return Transition(at=1.0, since=1.0, before=State.UP, after=after, result=result)


async def test_it_gets_the_record_on_standard_input(tmp_path: Path) -> None:
    told: list[str] = []
    async with OnChange(f"cat > {tmp_path}/record; echo unseen", told.append) as command:
        command.tell(change())

    read = json.loads((tmp_path / "record").read_text())
    assert (read["from"], read["to"], read["url"]) == ("up", "down", "http://host-0.test/")
    assert told == []
    assert others() == set()


async def test_those_of_one_target_come_one_after_the_other(tmp_path: Path) -> None:
    log = tmp_path / "log"
    script = f'read -r line; echo "$line" | grep -o \'"to": *"[a-z]*"\' >> {log}'
    async with OnChange(script, lambda _: None) as command:
        for after in (State.DOWN, State.UP, State.DOWN):
            command.tell(change(after=after))
        # What the end of the block leaves them is too short for three shells on a busy machine.
        await until(lambda: log.exists() and len(log.read_text().splitlines()) == 3)

    assert [line.split('"')[-2] for line in log.read_text().splitlines()] == ["down", "up", "down"]


async def test_a_command_that_does_not_end_well_is_told_with_its_exit_code() -> None:
    told: list[str] = []
    async with OnChange("exit 3", told.append) as command:
        command.tell(change())

    assert told == ["--on-change: exit code 3 (http://host-0.test/, up to down)"]


async def test_one_that_reads_nothing_is_fine() -> None:
    told: list[str] = []
    async with OnChange("exec 0<&-; true", told.append) as command:
        command.tell(change())

    assert told == []


async def test_one_that_takes_too_long_is_killed_with_all_that_it_started(tmp_path: Path) -> None:
    told: list[str] = []
    script = f"sleep 1000 & echo $! > {tmp_path}/pid; wait"
    async with OnChange(script, told.append, patience_s=0.5) as command:
        command.tell(change())
        await until(lambda: bool(told))

    assert told == ["--on-change: killed after 500ms (http://host-0.test/, up to down)"]
    pid = int((tmp_path / "pid").read_text())
    await until(lambda: is_gone(pid))


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] == "Z"  # nobody here is to reap it


async def test_changes_for_which_there_is_no_room_are_dropped_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_change, "MOST_WAITING", 2)
    monkeypatch.setattr(on_change, "PARTING_S", 0.0)
    told: list[str] = []
    async with OnChange("sleep 1000", told.append) as command:
        for _ in range(5):
            command.tell(change())

    assert len(told) == 3
    assert "too many wait" in told[0]
    assert others() == set()


async def test_a_few_run_at_a_time_and_its_end_kills_those(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(on_change, "PARTING_S", 0.0)
    async with OnChange(f"echo $$ >> {tmp_path}/pids; exec sleep 1000", lambda _: None) as command:
        for index in range(12):
            command.tell(change(index))
        pids = tmp_path / "pids"
        await until(lambda: pids.exists() and len(pids.read_text().splitlines()) == on_change.AT_ONCE)
        running = [int(pid) for pid in pids.read_text().splitlines()]

    assert len(pids.read_text().splitlines()) == on_change.AT_ONCE
    assert all(is_gone(pid) for pid in running)
