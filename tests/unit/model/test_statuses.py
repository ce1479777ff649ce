"""Sets of statuses as people write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.statuses import SUCCESSFUL, Statuses

STATUS = st.integers(100, 999)


@pytest.mark.parametrize(
    ("text", "within", "without"),
    [
        ("200", [200], [199, 201]),
        ("2xx", [200, 299], [199, 300]),
        ("2XX", [204], [404]),
        ("200-299", [200, 250, 299], [199, 300]),
        ("2xx,401", [200, 401], [400, 402]),
        ("200, 301-302 ,4xx", [200, 301, 302, 499], [201, 303, 500]),
        ("204-204", [204], [203, 205]),
    ],
)
def test_a_set_holds_what_it_names(text: str, within: list[int], without: list[int]) -> None:
    statuses = Statuses.parse(text)
    assert all(status in statuses for status in within)
    assert not any(status in statuses for status in without)


@settings(deadline=None)
@given(low=STATUS, high=STATUS, status=STATUS)
def test_a_range_includes_both_of_its_ends(low: int, high: int, status: int) -> None:
    low, high = sorted((low, high))
    assert (status in Statuses.parse(f"{low}-{high}")) == (low <= status <= high)


@settings(deadline=None)
@given(parts=st.lists(STATUS, min_size=1, max_size=5), status=STATUS)
def test_a_list_is_the_union_of_its_parts(parts: list[int], status: int) -> None:
    assert (status in Statuses.parse(",".join(map(str, parts)))) == (status in parts)


@pytest.mark.parametrize(
    "text", ["", ",", "200,", "20", "2000", "099", "0xx", "x00", "2x", "2xxx", "200-", "-200", "200--299", "ok", "٢٠٠"]
)
def test_what_names_no_status_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="200-299"):
        Statuses.parse(text)


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(ValueError, match="lower status comes first"):
        Statuses.parse("299-200")


@pytest.mark.parametrize(("text", "shown"), [("2xx", "2xx"), ("200, 401", "200,401"), (" 200-299 ", "200-299")])
def test_a_set_reads_as_it_was_written(text: str, shown: str) -> None:
    assert str(Statuses.parse(text)) == shown


def test_success_is_the_class_of_two_hundred() -> None:
    assert Statuses.parse("200-299") == SUCCESSFUL
