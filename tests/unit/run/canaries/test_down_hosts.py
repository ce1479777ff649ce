"""Hosts that were down a moment ago."""

from allup.model.failure import FailureKind
from allup.run.canaries.down_hosts import FRESH_S, MOST_HOSTS, DownHosts

RESET, DNS = FailureKind.RESET, FailureKind.DNS


def test_a_host_is_down_for_a_moment_and_in_one_way() -> None:
    down = DownHosts()
    down.note("a.test:80", RESET, 10.0)
    assert down.holds("a.test:80", RESET, 10.0 + FRESH_S)
    assert not down.holds("a.test:80", DNS, 10.0)
    assert not down.holds("a.test:80", RESET, 10.1 + FRESH_S)
    assert not down.holds("b.test:80", RESET, 10.0)


def test_a_host_that_answers_is_not_down() -> None:
    down = DownHosts()
    down.note("a.test:80", RESET, 10.0)
    down.forget("a.test:80")
    down.forget("b.test:80")
    assert not down.holds("a.test:80", RESET, 10.0)


def test_those_that_were_down_last_are_remembered() -> None:
    down = DownHosts()
    for number in range(MOST_HOSTS + 1):
        down.note(f"{number}.test:80", RESET, 10.0)
        down.note("0.test:80", RESET, 10.0)
    assert down.holds("0.test:80", RESET, 10.0)
    assert not down.holds("1.test:80", RESET, 10.0)
