"""Sockets that listen on loopback before there is anyone to answer, so that their ports are known and stay theirs."""

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

_BACKLOG = 1024


@contextmanager
def listening(count: int) -> Iterator[list[socket.socket]]:
    """`count` sockets that listen at ports of 127.0.0.1 which the system chose; a child process may inherit them."""
    with ExitStack() as stack:
        sockets = []
        for _ in range(count):
            one = stack.enter_context(socket.socket())
            one.bind(("127.0.0.1", 0))
            one.listen(_BACKLOG)
            one.settimeout(0)
            sockets.append(one)
        yield sockets


def raise_limit() -> None:
    """Allow this process and its children as many descriptors as the system lets them have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def port(one: socket.socket) -> int:
    """The port that `one` listens at."""
    number: int = one.getsockname()[1]
    return number
