"""Whether this machine has a network at all."""

import socket
from contextlib import suppress
from typing import Final

# Addresses for documentation (RFC 5737, RFC 3849): to connect a UDP socket asks the routing table
# for a way there, and sends nothing.
_ELSEWHERE: Final = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}


def has_route() -> bool:
    """Say whether there is a route to anywhere but this machine and its own network."""
    return any(_reaches(family, address) for family, address in _ELSEWHERE.items())


def reaches(address: str) -> bool:
    """Say whether there is a route to anywhere by the version of IP that `address` is of."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return _reaches(family, _ELSEWHERE[family])


def _reaches(family: socket.AddressFamily, address: str) -> bool:
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((address, 9))
        return True
    return False
