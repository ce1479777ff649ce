import sys

from hypothesis import given
from hypothesis import strategies as st

from allup.lists.dedupe import FingerprintTable


@given(st.lists(st.text() | st.binary()))
def test_a_key_is_new_once(keys: list[str | bytes]) -> None:
    table = FingerprintTable()
    seen: set[bytes] = set()
    for key in keys:
        data = key.encode() if isinstance(key, str) else key
        assert table.add(key) is (data not in seen)
        seen.add(data)
    assert len(table) == len(seen)


def test_a_hundred_thousand_keys_take_24_bytes_each_at_most_at_any_moment() -> None:
    table = FingerprintTable()
    for number in range(100_000):
        assert table.add(f"https://h.example/{number}")
        if number % 1_000 == 999:
            assert sys.getsizeof(table) <= 24 * len(table)
    assert not any(table.add(f"https://h.example/{number}") for number in range(100_000))
