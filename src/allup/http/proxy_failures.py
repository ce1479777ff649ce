"""What went wrong before a proxy let us through."""

from dataclasses import replace
from typing import Final

import aiohttp

from allup.http.proxies import Proxy
from allup.http.scene import Scene
from allup.model.failure import Failure, FailureKind, Phase
from allup.model.status import certainty, named

ASKS_WHO: Final = 407
"""Proxy Authentication Required."""
_HINT: Final = "--proxy http://USER:PASSWORD@HOST:PORT says who asks"


def at_proxy(failure: Failure, scene: Scene) -> Failure:
    """Return `failure` as one of the proxy that was not got past, if there is one and it is not this machine's own."""
    if scene.proxy is None or failure.kind in (FailureKind.LOCAL, FailureKind.PROXY):
        return failure
    return replace(
        failure, kind=FailureKind.PROXY, phase=scene.phase, detail=f"the proxy {scene.proxy}: {failure.detail}"
    )


def tunnel_failure(error: Exception, scene: Scene) -> Failure:
    """Return the failure of a CONNECT that was answered with no."""
    status = error.status if isinstance(error, aiohttp.ClientHttpProxyError) else 0
    return _refusal("the tunnel", status, scene.proxy, scene.phase)


def unknown_to_proxy(proxy: Proxy) -> Failure:
    """Return the failure of a request without a tunnel, to which `proxy` answered that it asks who we are."""
    return _refusal("the request", ASKS_WHO, proxy, Phase.WAIT)


def _refusal(what: str, status: int, proxy: Proxy | None, phase: Phase) -> Failure:
    return Failure(
        kind=FailureKind.PROXY,
        certainty=certainty(status),
        phase=phase,
        detail=f"the proxy {proxy} refused {what}: {named(status)}",
        hint=_HINT if status == ASKS_WHO else None,
    )
