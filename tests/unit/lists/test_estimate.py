import os
from pathlib import Path

import pytest

from allup.lists.estimate import estimate_count
from allup.lists.source import FileSource, StandardInput, UrlSource


def _list(tmp_path: Path, data: bytes) -> FileSource:
    path = tmp_path / "urls.txt"
    path.write_bytes(data)
    return FileSource(path=str(path))


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (b"", 0),
        (b"\xef\xbb\xbf# c\n\n \t\r\n", 0),
        (b"\xef\xbb\xbfa\n\n  # c\nb", 2),
        (b"a\r\n  b\r\n#c\r\n", 2),
        (b"a" * 3_000_000 + b"\nb\n" + b"# " * 1_000_000 + b"\nc", 3),
    ],
)
def test_lines_with_a_target_are_counted(tmp_path: Path, data: bytes, count: int) -> None:
    assert estimate_count([_list(tmp_path, data)]) == count


def test_arguments_count_as_one_each(tmp_path: Path) -> None:
    assert estimate_count([UrlSource(text="https://a"), _list(tmp_path, b"a\nb\n")]) == 3


def test_what_has_no_known_end_is_not_estimated(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert estimate_count([StandardInput()]) is None
    assert estimate_count([FileSource(path=str(tmp_path / "fifo"))]) is None
    assert estimate_count([FileSource(path="x" * 5000)]) is None
