"""What went wrong while a name was resolved: whose fault that is."""

import socket
from collections.abc import Sequence
from typing import Final

from allup.http.reason import cause_of, reason
from allup.http.resolver import NoAddress
from allup.http.route import has_route
from allup.http.scene import Scene
from allup.model.failure import Certainty, Failure, FailureKind, Phase

_NO_DATA: Final = frozenset({getattr(socket, "EAI_NODATA", None), getattr(socket, "EAI_ADDRFAMILY", None)}) - {None}
_NO_SUCH_NAME: Final = _NO_DATA | {socket.EAI_NONAME}
# Codes of c-ares, ares.h: what its answers are made of, by aiodns.
_ARES_NO_DATA: Final = 1  # ENODATA
_ARES_NO_SUCH_NAME: Final = frozenset({_ARES_NO_DATA, 4})  # ENOTFOUND
_ARES_BAD_NAME: Final = frozenset({8})  # EBADNAME
_ARES_NO_RESOLVER: Final = frozenset({11, 26})  # ECONNREFUSED, ENOSERVER
_ARES_NO_REPLY: Final = 12  # ETIMEOUT


def dns_failure(error: Exception, scene: Scene) -> Failure:
    """Return the failure of a name that was not resolved: no such name, a passing fault, or no resolver here."""
    cause = cause_of(error)
    code = _ares_code(cause)
    asked = scene.settings.resolvers
    if code in _ARES_NO_RESOLVER or (asked and code == _ARES_NO_REPLY):
        return _no_resolver(reason(cause), asked)
    if scene.settings.family is not None and _of_another_family(cause, code):
        return _dns(Certainty.DEFINITE, f"no {scene.settings.family} address for this name")
    if code in _ARES_NO_SUCH_NAME or (isinstance(cause, socket.gaierror) and cause.errno in _NO_SUCH_NAME):
        return _dns(Certainty.DEFINITE, "no such name")
    if code in _ARES_BAD_NAME:
        return _dns(Certainty.DEFINITE, "not a name that can be resolved")
    if not has_route():
        return _no_resolver(f"{reason(cause)}, and there is no route to anywhere", asked)
    return _dns(Certainty.TRANSIENT, f"the name could not be resolved: {reason(cause)}")


def bad_name_failure(error: Exception, _: Scene) -> Failure:
    """Return the failure of a host that is no name at all."""
    return _dns(Certainty.DEFINITE, f"not a name that can be resolved: {reason(error)}")


def _of_another_family(cause: Exception, code: int | None) -> bool:
    # Where the name is not there at all, the answer is another one.
    no_data = isinstance(cause, socket.gaierror) and cause.errno in _NO_DATA
    return no_data or code == _ARES_NO_DATA or isinstance(cause, NoAddress)


def _ares_code(error: Exception) -> int | None:
    cause = error.__cause__  # aiodns.error.DNSError
    code = cause.args[0] if cause is not None and cause.args else None
    return code if isinstance(code, int) and not isinstance(cause, OSError) else None


def _dns(certainty: Certainty, detail: str) -> Failure:
    return Failure(kind=FailureKind.DNS, certainty=certainty, phase=Phase.DNS, detail=detail)


def _no_resolver(why: str, asked: Sequence[str]) -> Failure:
    hint = "look at the network and at /etc/resolv.conf of this machine"
    return Failure(
        kind=FailureKind.LOCAL,
        certainty=Certainty.LOCAL,
        phase=Phase.DNS,
        detail=f"this machine has no resolver that answers: {why}",
        hint=f"asked, by --resolver: {', '.join(asked)}" if asked else hint,
    )
