"""A journal has what was written to it, wherever it was cut off, and belongs to one run at a time."""

import os
import stat
import tracemalloc
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.lists.formats.format import InputFormat
from allup.lists.source import FileSource, RemoteSource, SourceError, UrlSource
from allup.model.result import not_started
from allup.model.selection import SelectionSettings
from allup.model.settings import CheckSettings, HttpSettings
from allup.run.journal.file import JournalFile
from allup.run.journal.frame import framed
from allup.run.journal.places import Places
from allup.run.journal.problem import JournalError
from unit.fake_client import invalid_of, target_of
from unit.run.journal.journals import known, opened, result_of
from unit.virtual_loop import run_virtual

NUMBERS = [3, 0, 7, 1, 12, 2]


async def _written(path: Path, numbers: list[int]) -> None:
    journal = opened(path)
    for number in numbers:
        journal.add(result_of(number))
    journal.close(complete=False)


def written(path: Path, numbers: list[int] | None = None) -> bytes:
    run_virtual(_written(path, NUMBERS if numbers is None else numbers))
    return path.read_bytes()


@pytest.fixture(scope="module")
def content() -> bytes:
    with TemporaryDirectory() as folder:
        return written(Path(folder, "journal"))


def whole_lines(content: bytes, cut: int) -> int:
    return max(0, content.count(b"\n", 0, cut) - 1)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_wherever_it_is_cut_off_what_stands_before_is_known_and_it_goes_on(content: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(content)))
    with TemporaryDirectory() as folder:
        path = Path(folder, "journal")
        path.write_bytes(content[:cut])
        journal = opened(path)
        assert (journal.known, journal.damaged) == (whole_lines(content, cut), 0)
        assert set(known(journal, 20)) == set(NUMBERS[: journal.known])
        journal.close(complete=False)
        more = [number for number in range(20) if number not in NUMBERS[: journal.known]]
        written(path, more)
        again = opened(path)
        assert (known(again, 20), again.damaged) == (list(range(20)), 0)
        again.close(complete=False)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_byte_that_was_changed_costs_one_result(content: bytes, data: st.DataObject) -> None:
    first = content.index(b"\n") + 1
    at = data.draw(st.integers(first, len(content) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != content[at]))
    with TemporaryDirectory() as folder:
        path = Path(folder, "journal")
        path.write_bytes(content[:at] + bytes([byte]) + content[at + 1 :])
        journal = opened(path)
        # A line end that is gone makes one line of two; one that is new makes two of one.
        missing = len(NUMBERS) - len(known(journal, 20))
        assert missing == (2 if content[at] == ord("\n") and at < len(content) - 1 else 1)
        journal.close(complete=False)


@pytest.mark.parametrize("zeros", [1, 4096])
def test_what_a_power_cut_leaves_at_its_end_is_cut_off(tmp_path: Path, zeros: int) -> None:
    path = tmp_path / "journal"
    content = written(path)
    path.write_bytes(content + bytes(zeros))
    opened(path).close(complete=False)
    assert path.read_bytes() == content


def test_it_is_gone_when_all_is_known_and_where_nothing_is(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    opened(path).close(complete=False)
    assert not path.exists()
    written(path)
    opened(path).close(complete=True)
    assert not path.exists()


async def _adds(path: Path) -> int:
    journal = opened(path)
    journal.add(not_started(1, target_of(1), detail="interrupted"))
    journal.add(replace(result_of(2), entry=invalid_of(2)))
    journal.close(complete=False)
    return len(journal)


def test_what_is_not_known_and_what_is_no_target_do_not_get_in(tmp_path: Path) -> None:
    assert run_virtual(_adds(tmp_path / "journal")) == 0


def test_only_its_user_may_read_it(tmp_path: Path) -> None:
    written(tmp_path / "journal")
    assert stat.S_IMODE((tmp_path / "journal").stat().st_mode) == 0o600


def test_two_runs_have_it_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    content = written(path)
    journal = opened(path)
    with pytest.raises(JournalError, match="in use by another run"):
        opened(path)
    journal.close(complete=False)
    assert path.read_bytes() == content
    opened(path).close(complete=False)


@pytest.mark.parametrize(
    "text", ["x", "https://example.org/\n", "allup.journal/1", "allup.journal/2 x\n", "\n", "{}\n"]
)
def test_what_is_no_journal_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "urls.txt"
    path.write_text(text)
    if text == "allup.journal/1":  # it may be one that was cut off in its first moment
        opened(path).close(complete=False)
        return
    with pytest.raises(JournalError, match="no journal that can be read"):
        opened(path)
    assert path.read_text() == text


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/full"), Path("/dev/null")):
        with pytest.raises(JournalError, match="no regular file"):
            opened(path)
    with pytest.raises(JournalError, match="cannot write"):
        opened(tmp_path / "none" / "journal")


def test_a_header_that_somebody_made_up_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    texts = (b"{}", b"[]", b"1", b'{"salt":"00","began_at":1,"lists":[],"options":{}}', b"[" * 100_000)
    good = b'"salt":"' + b"0" * 32 + b'","began_at":1'
    early = good.replace(b":1", b":-1e11")  # before the year 1
    rests = (
        good + b',"lists":[1],"options":{}}',
        good + b',"lists":[],"options":[]}',
        early + b',"lists":[],"options":{}}',
    )
    for text in (*texts, *(b"{" + rest for rest in rests)):
        path.write_bytes(b"allup.journal/1 " + framed(text))
        with pytest.raises(JournalError, match="no journal"):
            opened(path)


def test_what_a_made_up_header_names_is_told_in_short(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    named = '[["' + "x" * 100_000 + '","0"]]'
    options = '{"' + "y" * 100_000 + '":"0"}'
    header = '{"salt":"' + "0" * 32 + '","began_at":1,"lists":' + named + ',"options":' + options + "}"
    path.write_bytes(b"allup.journal/1 " + framed(header.encode()))
    with pytest.raises(JournalError, match=r"it was begun with x{200}\.\.\.; ") as caught:
        opened(path)
    assert len(str(caught.value)) < 2_000


def test_other_lists_are_told(tmp_path: Path) -> None:
    path, listed = tmp_path / "journal", tmp_path / "urls.txt"
    listed.write_text("http://a.example/\n")
    file = FileSource(path=str(listed))
    remote = RemoteSource(href="http://me:s3cr3t@a.example/x", url="http://me@a.example/x", format=InputFormat.TEXT)
    run_virtual(_begun(path, file, remote))
    assert b"s3cr3t" not in path.read_bytes()

    opened(path, sources=(file, remote)).close(complete=False)
    with pytest.raises(JournalError, match=r"it was begun with .*urls.txt, http://me@a.example/x;"):
        opened(path, sources=(file,))
    with pytest.raises(JournalError, match="it was begun with"):
        opened(path, sources=(UrlSource(text="http://a.example/"), remote))
    with pytest.raises(JournalError, match=r"http://me@a.example/x is not what it was then"):
        opened(path, sources=(file, replace(remote, href="http://me:other@a.example/x")))
    listed.write_text("http://b.example/\n")
    with pytest.raises(JournalError, match=r"urls.txt is not what it was then; go on as it was begun, or remove it"):
        opened(path, sources=(file, remote))
    listed.unlink()
    with pytest.raises(SourceError, match=r"urls.txt: cannot be read: No such file"):
        opened(path, sources=(file, remote))


async def _begun(path: Path, *sources: FileSource | RemoteSource) -> None:
    journal = opened(path, sources=sources)
    journal.add(result_of(0))
    journal.close(complete=False)


def test_many_lists_are_one(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    sources = [RemoteSource(href=f"{n}", url="x" * 10_000, format=InputFormat.TEXT) for n in range(500)]
    run_virtual(_begun(path, *sources))
    assert path.stat().st_size < 20_000
    with pytest.raises(JournalError, match="500 sources is not what it was then"):
        opened(path, sources=sources[::-1])


def test_other_options_are_told_by_their_flags(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    written(path)
    others = CheckSettings(
        confirm=True,
        selection=SelectionSettings(include=("x",)),
        http=HttpSettings(insecure=True, max_redirects=3, family=None, user_agent="x", cookie="a=s3cr3t"),
    )
    with pytest.raises(JournalError) as caught:
        opened(path, settings=others)
    told = "--include, --confirm, --user-agent, --max-redirects, --cookie and 1 more: not as it was then"
    assert told in str(caught.value)
    assert "s3cr3t" not in str(caught.value)
    opened(path, settings=CheckSettings(concurrency=3)).close(complete=False)


async def _foreign(path: Path, end: int | None) -> None:
    journal = opened(path)
    journal.add(result_of(15))
    journal._writer.flush()
    look = partial(journal.result_of, 7, target_of(8)) if end is None else partial(journal.check_end, end)
    with pytest.raises(JournalError, match="is the journal of another list"):
        look()
    journal.close(complete=False)


@pytest.mark.parametrize("end", [None, 12])
def test_another_list_that_shows_late_leaves_it_as_it_was(tmp_path: Path, end: int | None) -> None:
    path = tmp_path / "journal"
    content = written(path)
    run_virtual(_foreign(path, end))
    assert path.read_bytes() == content


def test_a_disk_that_is_full_is_told_and_nothing_is_torn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal"
    content = written(path)
    really, room = os.write, [40]

    def write(fd: int, data: bytes) -> int:
        if not room[0]:
            raise OSError(28, "No space left on device")
        count = really(fd, bytes(data)[: room[0]])
        room[0] -= count
        return count

    async def more() -> None:
        journal = opened(path)
        monkeypatch.setattr("allup.run.journal.file.os.write", write)
        journal.add(result_of(4))
        journal._writer.flush()
        journal.add(result_of(5))
        journal.close(complete=False)
        assert journal.problem == f"cannot write {path}: No space left on device"
        assert len(journal) == len(NUMBERS)

    run_virtual(more())
    assert path.read_bytes() == content


def test_a_disk_that_is_full_at_once_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("allup.run.journal.file.os.write", write)
    with pytest.raises(JournalError, match=r"cannot write .*journal: No space left on device"):
        opened(tmp_path / "journal")
    assert not (tmp_path / "journal").exists()


def test_a_list_that_cannot_be_read_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        opened(tmp_path / "journal", sources=(FileSource(path=str(tmp_path / "none.txt")),))
    assert not (tmp_path / "journal").exists()


def test_one_that_was_removed_meanwhile_is_no_journal_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal"
    content = written(path)
    copy = tmp_path / "copy"
    copy.write_bytes(content)

    def replaced_first(fd: int) -> bool:
        monkeypatch.undo()
        copy.replace(path)
        return fd > 0

    monkeypatch.setattr("allup.run.journal.file.lock", replaced_first)
    journal = opened(path)
    assert known(journal, 20) == sorted(NUMBERS)
    journal.close(complete=True)
    assert not path.exists()


def test_one_that_another_run_has_begun_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    written(path)
    first = opened(path)
    path.unlink()
    second = opened(path)
    first.close(complete=True)
    assert path.exists()
    second.close(complete=True)
    assert not path.exists()


def test_what_a_link_points_to_is_the_journal(tmp_path: Path) -> None:
    path, link = tmp_path / "journal", tmp_path / "link"
    link.symlink_to(path)
    written(link)
    journal = opened(path)
    with pytest.raises(JournalError, match="link is in use by another run"):
        opened(link)
    journal.close(complete=False)
    journal = opened(link)
    assert known(journal, 20) == sorted(NUMBERS)
    journal.close(complete=True)
    assert (path.exists(), link.is_symlink()) == (False, True)


def test_a_directory_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match=r"journal: No such directory \(.*none\); create it first"):
        opened(tmp_path / "none" / "journal")


def test_a_line_that_is_too_long_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allup.run.journal.writer.LARGEST", 10)
    run_virtual(_written(tmp_path / "journal", NUMBERS))
    assert not (tmp_path / "journal").exists()


def test_a_million_results_take_little_memory(tmp_path: Path) -> None:
    count = 50_000
    path = tmp_path / "journal"
    header = written(path).split(b"\n", 1)[0]
    with path.open("wb") as file:
        file.write(header + b"\n")
        file.writelines(framed(b"%d %032x {}" % (number, number)) for number in range(count))
    tracemalloc.start()
    journal = opened(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert journal.known == count
    assert peak < 40 * count
    journal.close(complete=False)


def test_places_that_are_far_apart_take_no_room_between() -> None:
    places = Places()
    for index in (10**11, 0, 5, 10**11):
        places.put(index, index + 1)
    places.put(5, 99)
    assert [places.get(index) for index in (0, 5, 6, 10**11, 10**11 + 64)] == [1, 99, None, 10**11 + 1, None]
    assert (len(places), places.largest) == (3, 10**11)


def test_a_file_is_closed_once(tmp_path: Path) -> None:
    file = JournalFile.open(tmp_path / "x", "x")
    file.close()
    file.close()
