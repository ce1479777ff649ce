"""What went wrong with a connection: before it was ready, or before an answer came on it."""

import errno
import re
from typing import Final

import aiohttp

from allup.http.reason import cause_of, reason
from allup.http.route import has_route
from allup.http.scene import Scene
from allup.http.wire import ConnectionLost
from allup.model.failure import Certainty, Failure, FailureKind, Phase

_NO_ROUTE: Final = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})
_OURS: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL})
_DETAILS: Final = {
    FailureKind.CONNECT_REFUSED: "connection refused: nothing listens there",
    FailureKind.CONNECT_TIMEOUT: "the network gave up connecting",
    FailureKind.UNREACHABLE: "no route to the host",
}


def connecting_failure(error: Exception, scene: Scene) -> Failure:
    """Return the failure of a connection that did not come about."""
    cause = cause_of(error)
    number = getattr(cause, "errno", None) or _first_of_several(str(cause))
    if number in _OURS:
        return _local(cause, scene.phase, "lower --concurrency, or raise the limit of open files (ulimit -n)")
    if number in _NO_ROUTE and not has_route():
        return _local(cause, scene.phase, "this machine has no route to anywhere: look at its network")
    kind = _kind(number)
    while_in = "in the TLS handshake" if scene.phase is Phase.SSL else "before it was ready"
    detail = _DETAILS.get(kind, f"the connection was closed {while_in}")
    return Failure(kind=kind, certainty=Certainty.TRANSIENT, phase=scene.phase, detail=detail)


def lost_failure(error: Exception, scene: Scene) -> Failure:
    """Return the failure of a connection that ended before an answer."""
    cause = error.__cause__ if isinstance(error, ConnectionLost) else error
    how = "closed" if isinstance(cause, aiohttp.ServerDisconnectedError) else "reset"
    return Failure(
        kind=FailureKind.RESET,
        certainty=Certainty.TRANSIENT,
        phase=scene.phase,
        detail=f"the connection was {how} before an answer",
    )


def _first_of_several(text: str) -> int | None:
    # aiohappyeyeballs puts different errors of several addresses into one text.
    numbers = {int(number) for number in re.findall(r"\[Errno (\d+)\]", text)}
    known = (errno.ECONNREFUSED, errno.ETIMEDOUT, *_NO_ROUTE, *_OURS)
    return next((number for number in known if number in numbers), None)


def _kind(number: int | None) -> FailureKind:
    if number == errno.ECONNREFUSED:
        return FailureKind.CONNECT_REFUSED
    if number == errno.ETIMEDOUT:
        return FailureKind.CONNECT_TIMEOUT
    return FailureKind.UNREACHABLE if number in _NO_ROUTE else FailureKind.RESET


def _local(cause: Exception, phase: Phase, hint: str) -> Failure:
    return Failure(
        kind=FailureKind.LOCAL,
        certainty=Certainty.LOCAL,
        phase=phase,
        detail=f"this machine could not open a connection: {reason(cause)}",
        hint=hint,
    )
