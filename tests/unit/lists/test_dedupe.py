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


def test_a_hundred_thousand_keys_take_40_bytes_each_at_most() -> None:
    table = FingerprintTable()
    assert all(table.add(f"https://h.example/{number}") for number in range(100_000))
    assert not any(table.add(f"https://h.example/{number}") for number in range(100_000))
    assert sys.getsizeof(table) <= 40 * 100_000
