"""What is written in one piece is read in one piece."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from allup.run.processes.frames import Frames, framed


@given(payloads=st.lists(st.binary(max_size=300)), cuts=st.lists(st.integers(0, 2_000)))
def test_however_the_stream_is_cut_its_pieces_come_out_whole_and_in_order(
    payloads: Sequence[bytes], cuts: Sequence[int]
) -> None:
    stream = b"".join(map(framed, payloads))
    edges = sorted({0, len(stream), *(min(cut, len(stream)) for cut in cuts)})
    frames = Frames()

    read = [frames.feed(stream[begin:end]) for begin, end in pairwise(edges)]

    assert [payload for some in read for payload in some] == payloads


@given(payloads=st.lists(st.binary(max_size=20), min_size=1))
def test_a_piece_comes_out_with_its_last_byte(payloads: Sequence[bytes]) -> None:
    frames = Frames()
    for payload in payloads:
        *before, last = ([byte] for byte in framed(payload))
        assert [frames.feed(bytes(one)) for one in before] == [[]] * len(before)
        assert frames.feed(bytes(last)) == [payload]
