"""Addresses that stand for names."""

import pytest

from allup.lists.address import parse_pin, parse_resolver
from allup.model.settings import Pin


@pytest.mark.parametrize(
    ("text", "pin"),
    [
        ("h.example:443:192.0.2.7", Pin(host="h.example", port=443, addresses=("192.0.2.7",))),
        ("H.Example:80:[2001:db8::1]", Pin(host="h.example", port=80, addresses=("2001:db8::1",))),
        ("*:80:::1,127.0.0.1", Pin(host="*", port=80, addresses=("::1", "127.0.0.1"))),
        ("b\u00fccher.example:1:127.0.0.1", Pin(host="xn--bcher-kva.example", port=1, addresses=("127.0.0.1",))),
    ],
)
def test_a_host_and_port_are_pinned_to_addresses(text: str, pin: Pin) -> None:
    assert parse_pin(text) == pin


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("h.example", "write HOST:PORT:ADDRESS"),
        ("h.example:x:127.0.0.1", "write HOST:PORT:ADDRESS"),
        ("h.example:0:127.0.0.1", "is no port"),
        ("h.example:99999:127.0.0.1", "is no port"),
        ("h.example:80:localhost", "is no IP address"),
        ("h.example:80:127.0.0.1,", "is no IP address"),
        ("h.example:80:fe80::1%eth0", "has a zone"),
        ("a b:80:127.0.0.1", "is no host"),
    ],
)
def test_what_pins_nothing_says_why(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_pin(text)


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("192.0.2.1", "192.0.2.1:53"),
        ("192.0.2.1:5353", "192.0.2.1:5353"),
        ("2001:db8::1", "[2001:db8::1]:53"),
        ("[2001:db8::1]", "[2001:db8::1]:53"),
        ("[2001:db8::1]:54", "[2001:db8::1]:54"),
    ],
)
def test_a_dns_server_is_an_address_with_or_without_a_port(text: str, server: str) -> None:
    assert parse_resolver(text) == server


@pytest.mark.parametrize("text", ["", "dns.example", "192.0.2.1:x", "192.0.2.1:0", "[::1]:99999", "192.0.2.300"])
def test_what_is_no_dns_server_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no IP address|has no port that is one"):
        parse_resolver(text)
