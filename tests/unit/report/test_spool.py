"""Text that waits in a file comes back as it was."""

import tempfile
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allup.report import spool
from allup.report.output import OutputError
from allup.report.spool import Spool


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(st.characters(codec="utf-8"), max_size=20))))
def test_every_section_comes_back_whole_and_in_order(added: list[tuple[str, str]]) -> None:
    held = Spool()
    expected: defaultdict[str, str] = defaultdict(str)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool, "_CHUNK", 10)
        for section, text in added:
            held.add(section, text)
            expected[section] += text
    assert list(held) == list(expected)
    assert {section: "".join(held.read(section)) for section in held} == expected


def test_memory_holds_a_chunk_of_a_section_and_no_more() -> None:
    held = Spool()
    for _ in range(10_000):
        held.add("a", "x" * 100)
    assert len(held._sections["a"].waiting) < spool._CHUNK
    assert sum(map(len, held.read("a"))) == 1_000_000


def test_a_machine_without_room_for_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    with pytest.raises(OutputError, match="cannot write a temporary file: No usable temporary directory"):
        Spool()
