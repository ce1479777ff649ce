from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from allup.lists.lines import LONGEST_LINE, LineSplitter


def _split(*chunks: bytes) -> list[bytes]:
    splitter = LineSplitter()
    return [line for chunk in chunks for line in splitter.feed(chunk)] + splitter.finish()


def test_line_ends_of_both_kinds_are_taken_off() -> None:
    assert _split(b"a\r\nb\n\nc") == [b"a", b"b", b"", b"c"]


def test_a_bom_is_dropped_at_the_start_only() -> None:
    assert _split(b"\xef", b"\xbb\xbfa\n\xef\xbb\xbfb\n") == [b"a", b"\xef\xbb\xbfb"]


@given(st.binary(), st.lists(st.integers(min_value=0, max_value=40)))
def test_where_the_chunks_end_makes_no_difference(data: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(data) + 40]
    assert _split(*(data[start:end] for start, end in pairwise(places))) == _split(data)


@given(st.lists(st.binary().map(lambda line: line.replace(b"\n", b"").replace(b"\r", b"")), min_size=1))
def test_every_line_comes_once_and_in_order(lines: list[bytes]) -> None:
    assert _split(b"x\n" + b"".join(line + b"\r\n" for line in lines)) == [b"x", *lines]


def test_the_longest_line_is_kept_whole() -> None:
    longest = b"a" * LONGEST_LINE
    assert _split(b"\xef\xbb\xbf" + longest + b"\r\n" + longest) == [longest, longest]


def test_a_longer_line_is_cut_and_shows_it() -> None:
    splitter = LineSplitter()
    for _ in range(100):
        assert splitter.feed(b"a" * 16_384) == []
        assert len(splitter._tail) <= LONGEST_LINE + 8
    cut, after = splitter.feed(b"a\nb\n")
    assert LONGEST_LINE < len(cut) <= LONGEST_LINE + 8
    assert after == b"b"
    assert splitter.number == 3
