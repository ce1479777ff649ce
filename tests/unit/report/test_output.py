"""Report files appear whole or not at all."""

import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from allup.report.output import OutputError, OutputFile


def test_a_file_appears_when_it_is_committed(tmp_path: Path) -> None:
    output = OutputFile.open(tmp_path / "report.json")
    output.stream.write("grün\n")
    assert not (tmp_path / "report.json").exists()
    output.commit()
    assert (tmp_path / "report.json").read_bytes() == "grün\n".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_a_discarded_file_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")
    output = OutputFile.open(path)
    output.stream.write("new")
    output.discard()
    assert path.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_an_existing_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.touch()
    path.chmod(0o640)
    OutputFile.open(path).commit()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_gets_the_permissions_of_any_other(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    OutputFile.open(tmp_path / "report.json").commit()
    assert (tmp_path / "report.json").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_the_target_of_a_link_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "there" / "report.json")
    output = OutputFile.open(link)
    output.stream.write("new")
    output.commit()
    assert link.is_symlink()
    assert (tmp_path / "there" / "report.json").read_text() == "new"


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot write .*report\.json: No such directory \(.*nowhere\); create it"):
        OutputFile.open(tmp_path / "nowhere" / "report.json")


def test_a_directory_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Is a directory"):
        OutputFile.open(tmp_path)


def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "report.json").touch()
    # root may write anything, so the question is answered for it.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="Permission denied"):
        OutputFile.open(tmp_path / "report.json")


def test_the_summary_file_of_ci_is_appended_to(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n")
    output = OutputFile.open(path, append=frozenset({path}))
    output.stream.write("after\n")
    output.commit()
    assert path.read_text() == "before\nafter\n"


def test_a_device_is_written_to_directly() -> None:
    output = OutputFile.open(Path(os.devnull))
    output.stream.write("gone")
    output.commit()
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in its file system")
def test_a_named_pipe_is_written_to_directly(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(path.read_text()))
    reader.start()
    output = OutputFile.open(path)
    output.stream.write("through")
    output.commit()
    reader.join(10)
    assert read == ["through"]
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_a_commit_that_fails_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    output = OutputFile.open(path)
    path.mkdir()
    with pytest.raises(OutputError, match=r"cannot write .*report\.json: Is a directory"):
        output.commit()
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_once_and_a_discard_is_quiet() -> None:
    output = OutputFile.open(Path("/dev/full"))
    output.stream.write("x")
    with pytest.raises(OutputError, match="No space left"):
        output.commit()
    output = OutputFile.open(Path("/dev/full"))
    output.stream.write("x")
    output.discard()


def test_a_hostile_name_does_not_reach_the_terminal(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as raised:
        OutputFile.open(tmp_path / "no\x1b[2J" / "x")
    assert "\x1b" not in str(raised.value)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs descriptors as files")
@pytest.mark.parametrize("folder", ["/dev/fd", "/proc/self/fd"])
def test_a_shells_process_substitution_is_written_to_directly(folder: str) -> None:
    reading, writing = os.pipe()
    output = OutputFile.open(Path(folder) / str(writing))
    output.stream.write("through")
    output.commit()
    assert os.read(reading, 100) == b"through"
    os.close(reading)
    os.close(writing)


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="needs descriptors as files")
def test_what_stands_behind_dev_stdout_is_not_truncated(tmp_path: Path) -> None:
    path = tmp_path / "stdout.txt"
    path.write_text("before\n")
    with path.open("a") as stdout:
        output = OutputFile.open(Path(f"/dev/fd/{stdout.fileno()}"))
        output.stream.write("after\n")
        output.commit()
    assert path.read_text() == "before\nafter\n"
