"""One way to split hosts: the same everywhere, and even enough."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allup.model.shard import Shard, shard_of

HOSTS = st.text(st.characters(codec="ascii"), max_size=40)


@given(host=HOSTS, count=st.integers(1, 1000))
def test_a_shard_is_one_of_those_there_are_and_always_the_same(host: str, count: int) -> None:
    assert 0 <= shard_of(host, count) < count
    assert shard_of(host, count) == shard_of(str(host.encode(), "ascii"), count)


def test_a_shard_is_the_same_on_every_machine_and_in_every_version() -> None:
    hosts = ["example.org:443", "example.org:80", "127.0.0.1:8080", "[::1]:443"]
    assert [shard_of(host, 8) for host in hosts] == [3, 4, 0, 5]
    assert {shard_of(host, 1) for host in hosts} == {0}


def test_hosts_are_spread_evenly_also_where_they_differ_in_a_digit() -> None:
    lists = [
        [f"127.0.0.1:{port}" for port in range(20_000, 22_000)],
        [f"host-{number}.example:443" for number in range(2_000)],
        [f"10.0.{number // 250}.{number % 250}:80" for number in range(2_000)],
    ]
    for hosts in lists:
        for count in (2, 3, 4, 7, 16):
            shares = Counter(shard_of(host, count) for host in hosts)
            assert len(shares) == count
            assert 0.75 < min(shares.values()) * count / len(hosts) <= max(shares.values()) * count / len(hosts) < 1.25


@given(hosts=st.lists(HOSTS, min_size=1), count=st.integers(1, 20))
def test_every_host_is_in_one_shard(hosts: list[str], count: int) -> None:
    shards = [Shard(index=index, count=count) for index in range(1, count + 1)]
    assert all(sum(host in shard for shard in shards) == 1 for host in hosts)


def test_the_hosts_of_one_shard_are_split_again_as_evenly() -> None:
    hosts = [host for number in range(16_000) if (host := f"host-{number}.example:443") in Shard(index=2, count=4)]
    for count in (2, 3, 8):
        shares = Counter(shard_of(host, count, within=4) for host in hosts)
        assert len(shares) == count
        assert 0.75 < min(shares.values()) * count / len(hosts) <= max(shares.values()) * count / len(hosts) < 1.25


def test_a_shard_is_written_as_it_is_read() -> None:
    assert Shard.parse("2/4") == Shard(index=2, count=4)
    assert str(Shard.parse("10000/10000")) == "10000/10000"


@pytest.mark.parametrize("text", ["", "1", "/", "0/4", "5/4", "-1/4", "1/4/2", "1/10001", "½/2", "a/b", "1 /2"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a shard: K/N"):
        Shard.parse(text)
