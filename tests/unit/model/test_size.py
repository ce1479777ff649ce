"""Sizes as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allup.model.size import LARGEST, format_size, parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [("1", 1), ("65536", 65_536), ("64KiB", 65_536), ("64k", 65_536), ("10 MB", 10 * 1024**2), ("1g", LARGEST)],
)
def test_a_size_is_read_with_its_unit(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "0", "many", "-1", "1.5M", "2GiB", "1e6", "9999999999999"])
def test_what_is_no_size_is_refused_with_a_word_on_how_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"write 65536|from 1 byte to 1 GiB"):
        parse_size(text)


@given(st.integers(1, LARGEST))
def test_a_size_that_is_written_is_read_again(size: int) -> None:
    assert parse_size(format_size(size)) == size
