from collections.abc import Callable

import pytest

from allup.http.connections import Connections
from allup.http.exchange import Exchange
from allup.http.place import place_of
from allup.http.proxies import Proxy
from allup.model.attempt import Timings
from allup.model.failure import Phase


class Clock:
    """A clock that goes on by one second at each look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


def exchange(
    *, named: bool = True, on_ready: Callable[[], None] = lambda: None, proxy: Proxy | None = None
) -> Exchange:
    place = place_of("http://h.test/" if named else "http://127.0.0.1/")
    return Exchange(Clock(), place, on_ready=on_ready, connections=Connections(64), proxy=proxy)


def test_the_phases_follow_each_other() -> None:
    way = exchange()
    phases = [way.phase]
    steps: list[Callable[[], None]] = [
        way.socket_made,
        way.tls_began,
        way.connection_ready,
        way.request_sent,
        way.headers_received,
    ]
    for step in steps:
        step()
        phases.append(way.phase)
    assert phases == [Phase.DNS, Phase.CONNECT, Phase.SSL, Phase.SEND, Phase.WAIT, Phase.RECEIVE]


def test_an_address_needs_no_resolving() -> None:
    assert exchange(named=False).phase is Phase.CONNECT


def test_each_phase_took_the_time_between_its_two_moments() -> None:
    way = exchange()
    way.socket_made()
    way.tls_began()
    way.connection_ready()
    way.request_sent()
    way.headers_received()
    assert way.timings(0.5) == Timings(
        blocked_s=0.5, dns_s=1.0, connect_s=1.0, ssl_s=1.0, send_s=1.0, wait_s=1.0, receive_s=None
    )


def test_without_tls_connecting_lasts_until_the_connection_is_ready() -> None:
    way = exchange(named=False)
    way.socket_made()
    way.connection_ready()
    timings = way.timings(0)
    assert (timings.dns_s, timings.connect_s, timings.ssl_s) == (None, 1.0, None)


@pytest.mark.parametrize("named", [True, False])
def test_a_reused_connection_was_neither_resolved_nor_connected(*, named: bool) -> None:
    way = exchange(named=named)
    way.connection_ready()
    way.request_sent()
    timings = way.timings(0)
    assert not way.fresh
    assert (timings.dns_s, timings.connect_s, timings.ssl_s, timings.send_s) == (None, None, None, 1.0)


def test_a_phase_under_way_took_until_now() -> None:
    resolving, connecting, literal, waiting = exchange(), exchange(), exchange(named=False), exchange()
    connecting.socket_made()
    waiting.connection_ready()
    waiting.request_sent()
    assert resolving.timings(0) == Timings(blocked_s=0, dns_s=1.0)
    assert connecting.timings(0) == Timings(blocked_s=0, dns_s=1.0, connect_s=1.0)
    assert literal.timings(0) == Timings(blocked_s=0, connect_s=1.0)
    assert waiting.timings(0) == Timings(blocked_s=0, send_s=1.0, wait_s=1.0)


def test_of_several_addresses_the_first_counts_and_tls_begins_anew() -> None:
    way = exchange()
    way.socket_made()
    way.tls_began()
    way.socket_made()
    assert way.phase is Phase.CONNECT
    assert (way.socket_at, way.secure_at) == (2.0, None)


def test_the_connection_is_announced_when_it_is_ready() -> None:
    announced: list[Phase] = []
    way = exchange(on_ready=lambda: announced.append(Phase.SEND))
    way.socket_made()
    assert announced == []
    way.connection_ready()
    assert announced == [Phase.SEND]


def test_after_a_stale_connection_the_request_is_sent_anew() -> None:
    way = exchange()
    way.connection_ready()
    way.request_sent()
    way.socket_made()
    way.connection_ready()
    assert (way.fresh, way.phase) == (True, Phase.SEND)


PLAIN, SECURE = Proxy.parse("http://proxy.test"), Proxy.parse("https://proxy.test")


@pytest.mark.parametrize(("proxy", "handshakes"), [(PLAIN, 0), (SECURE, 1)])
def test_a_proxy_is_passed_with_the_first_handshake_behind_it(proxy: Proxy, handshakes: int) -> None:
    way = exchange(proxy=proxy)
    steps = [way.socket_made, *[way.tls_began] * handshakes]
    for step in steps:
        step()
        assert (way.unpassed_proxy, way.phase) == (proxy, Phase.CONNECT)
    way.tls_began()
    assert (way.unpassed_proxy, way.phase) == (None, Phase.SSL)


@pytest.mark.parametrize(("proxy", "handshakes"), [(PLAIN, 0), (SECURE, 1)])
def test_without_a_tunnel_a_proxy_is_passed_when_it_is_reached(proxy: Proxy, handshakes: int) -> None:
    way = exchange(proxy=proxy)
    way.socket_made()
    for _ in range(handshakes):
        way.tls_began()
    way.connection_ready()
    assert (way.unpassed_proxy, way.phase, way.timings(0).ssl_s) == (None, Phase.SEND, None)


def test_each_address_of_a_proxy_has_a_handshake_of_its_own() -> None:
    way = exchange(proxy=SECURE)
    for _ in range(2):
        way.socket_made()
        way.tls_began()
        assert (way.unpassed_proxy, way.phase) == (SECURE, Phase.CONNECT)


def test_a_reused_connection_is_past_its_proxy() -> None:
    way = exchange(proxy=SECURE)
    way.connection_ready()
    assert way.unpassed_proxy is None
