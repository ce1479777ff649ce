"""The order of results: as listed, whatever the order they come in, in bounded memory."""

from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.model.result import Result, not_started
from allup.model.settings import Order
from allup.run.ordering import CompletionOrder, ListOrder, ordering
from unit.fake_client import target_of


def result_of(index: int) -> Result:
    return not_started(index, target_of(index), detail="in an order")


def shuffled(most: int) -> st.SearchStrategy[list[int]]:
    return st.integers(0, most).flatmap(lambda count: st.permutations(range(count)))


@settings(deadline=None)
@given(permutation=shuffled(60), window=st.integers(0, 10))
def test_any_order_of_completion_becomes_the_lists_order(permutation: list[int], window: int) -> None:
    with closing(ListOrder(window)) as order:
        out = [result for index in permutation for result in order.push(result_of(index))]
    assert out == [result_of(index) for index in range(len(permutation))]


@settings(deadline=None)
@given(permutation=shuffled(60), window=st.integers(0, 10))
def test_each_result_goes_on_as_soon_as_those_before_it_are_there(permutation: list[int], window: int) -> None:
    came: set[int] = set()
    out = 0
    with closing(ListOrder(window)) as order:
        for index in permutation:
            came.add(index)
            out += len(list(order.push(result_of(index))))
            assert out == next(first for first in range(len(permutation) + 1) if first not in came)


@settings(deadline=None)
@given(permutation=shuffled(60), window=st.integers(0, 10))
def test_no_more_than_the_window_waits_in_memory(permutation: list[int], window: int) -> None:
    with closing(ListOrder(window)) as order:
        for index in permutation:
            list(order.push(result_of(index)))
            assert len(order._waiting) <= window


@settings(deadline=None)
@given(permutation=shuffled(30))
def test_in_completion_order_nothing_waits(permutation: list[int]) -> None:
    order = CompletionOrder()
    for index in permutation:
        assert [result.index for result in order.push(result_of(index))] == [index]
    order.close()


@pytest.mark.parametrize(("order", "kind"), [(Order.LIST, ListOrder), (Order.COMPLETION, CompletionOrder)])
def test_an_order_is_had_by_its_name(order: Order, kind: type) -> None:
    assert type(ordering(order)) is kind
