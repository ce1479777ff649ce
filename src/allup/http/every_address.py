"""Every address of a name: one attempt at each, one after the other, in the one turn of the target."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from allup.http.address_connector import AddressConnector
from allup.http.dns_failures import dns_failure
from allup.http.equipment import Equipment
from allup.http.failures import failure_of, timeout_failure
from allup.http.http_client import HttpClient
from allup.http.journey import Journey
from allup.http.place import Place, at_address, place_of
from allup.http.proxies import Proxy
from allup.http.round_trip import RoundTrip
from allup.http.route import reaches
from allup.http.scene import Scene
from allup.model.addresses import decisive, failure_at
from allup.model.attempt import AddressOutcome, Attempt, Timings
from allup.model.failure import UNKNOWN_KINDS, Certainty, Failure, FailureKind, Phase
from allup.model.settings import ExpectAddresses
from allup.model.target import Target
from allup.model.verdict import Verdict

MOST_ADDRESSES: Final = 64
"""Addresses of a name that are asked; who answers for the name could name thousands."""
_NO_WAY: Final = frozenset({FailureKind.UNREACHABLE, FailureKind.LOCAL, FailureKind.RESET})
"""What comes of connecting where this machine has not even a route; a server that resets is heard of later."""


class EveryAddress(HttpClient):
    """Asks a target at each of its addresses; the rest of the attempt is that of the one which decides.

    The name is looked up once, within a timeout of its own; then each address has the target's whole timeout. A
    redirect to the same host stays at the address, one to another host goes where that is.
    """

    def __init__(self, equipment: Equipment, connector: AddressConnector, rule: ExpectAddresses) -> None:
        super().__init__(equipment)
        self._equipment = equipment
        self._connector = connector
        self._rule = rule

    async def attempt(
        self,
        target: Target,
        *,
        waited_s: float = 0.0,
        watch: Callable[[Callable[[], Phase]], None] | None = None,
        move: Callable[[str], Awaitable[float]] | None = None,
    ) -> Attempt:
        """Ask `target` once at each address; a failure is data, and never an exception."""
        place = place_of(target.href)
        proxy = self._equipment.proxies.of(place)
        if proxy is not None:
            return self._unasked(target, _hidden(proxy), waited_s)
        if not place.named:
            attempt = await super().attempt(target, waited_s=waited_s, watch=watch, move=move)
            return replace(attempt, addresses=(_outcome(place.host, attempt, target),))
        if watch is not None:
            watch(lambda: Phase.DNS)
        found = await self._found(place, target, waited_s)
        if isinstance(found, Attempt):
            return found
        return await self._at_each(found, place, target, RoundTrip(move, target.host), waited_s=waited_s, watch=watch)

    async def _found(self, place: Place, target: Target, waited_s: float) -> Sequence[str] | Attempt:
        """Return the addresses of the name, or what came of the attempt to get them."""
        settings, timeout_s = self._equipment.settings, target.request.timeout_s
        bound_s = min(timeout_s, settings.connect_timeout_s or timeout_s)
        scene, timeout = Scene(phase=Phase.DNS, settings=settings), asyncio.timeout(bound_s)
        began_at = self._equipment.clock.monotonic()
        try:
            async with timeout:
                return await self._connector.addresses(place)
        except Exception as error:  # noqa: BLE001 - whatever it is, it takes down this attempt and not the run
            if timeout.expired():
                failure = timeout_failure(bound_s, scene)
            else:
                failure = dns_failure(error, scene) if isinstance(error, OSError) else failure_of(error, scene)
            return self._unasked(target, failure, waited_s, self._equipment.clock.monotonic() - began_at)

    async def _at_each(
        self,
        addresses: Sequence[str],
        place: Place,
        target: Target,
        trip: RoundTrip,
        *,
        waited_s: float,
        watch: Callable[[Callable[[], Phase]], None] | None,
    ) -> Attempt:
        attempts: list[Attempt] = []
        outcomes: list[AddressOutcome] = []
        for address in addresses[:MOST_ADDRESSES]:
            waited_s += await trip.back()
            journey = Journey(
                self._equipment,
                target,
                waited_s=waited_s,
                mover=trip.move,
                place_of=self._staying_at(address, place),
            )
            if watch is not None:
                watch(lambda journey=journey: journey.phase)  # type: ignore[misc] # bound in the loop
            with self._equipment.connections.using():
                attempts.append(await journey.travel())
            outcomes.append(_outcome(address, attempts[-1], target))
        if len(addresses) > MOST_ADDRESSES:
            outcomes.append(_left_out(len(addresses) - MOST_ADDRESSES))
        deciding = decisive(outcomes, self._rule)
        attempt = attempts[outcomes.index(deciding)]
        return replace(attempt, failure=failure_at(deciding, outcomes), addresses=tuple(outcomes))

    def _staying_at(self, address: str, home: Place) -> Callable[[str], Place]:
        pinned = bool(self._equipment.settings.pins)

        def placed(href: str) -> Place:
            place = place_of(href)
            # A name has the same addresses on every port, unless `--resolve` has said otherwise.
            is_home = place.host == home.host and (place.port == home.port or not pinned)
            return at_address(place, address) if is_home and self._equipment.proxies.of(place) is None else place

        return placed

    def _unasked(self, target: Target, failure: Failure, waited_s: float, elapsed_s: float = 0.0) -> Attempt:
        return Attempt(
            started_at=self._equipment.clock.wall() - elapsed_s,
            elapsed_s=elapsed_s,
            method=target.request.method,
            failure=failure,
            timings=Timings(blocked_s=waited_s, dns_s=elapsed_s or None),
            addresses=(),
        )


def _outcome(address: str, attempt: Attempt, target: Target) -> AddressOutcome:
    failure = target.expectation.judge(attempt)
    out_of_reach = failure is not None and _is_out_of_reach(address, failure)
    if failure is not None and out_of_reach:
        failure = _no_way(address, failure)
    return AddressOutcome(
        address=address,
        verdict=_verdict(failure),
        status=attempt.status,
        failure=failure,
        started_at=attempt.started_at,
        elapsed_s=attempt.elapsed_s,
        timings=attempt.timings,
        counts=not out_of_reach,
    )


def _verdict(failure: Failure | None) -> Verdict:
    if failure is None:
        return Verdict.OK
    return Verdict.UNCHECKED if failure.kind in UNKNOWN_KINDS else Verdict.FAILED


def _is_out_of_reach(address: str, failure: Failure) -> bool:
    return failure.phase is Phase.CONNECT and failure.kind in _NO_WAY and not reaches(address)


def _no_way(address: str, failure: Failure) -> Failure:
    version, option = ("IPv6", "-4") if ":" in address else ("IPv4", "-6")
    return Failure(
        kind=FailureKind.LOCAL,
        certainty=Certainty.LOCAL,
        phase=failure.phase,
        detail=f"this machine has no route by {version}",
        hint=f"{option} leaves such addresses out",
    )


def _hidden(proxy: Proxy) -> Failure:
    return Failure(
        kind=FailureKind.LOCAL,
        certainty=Certainty.LOCAL,
        phase=Phase.BLOCKED,
        detail=f"its addresses are not known here: the proxy {proxy} looks up names by itself",
        hint="--proxy '' asks directly, and so does $NO_PROXY",
    )


def _left_out(count: int) -> AddressOutcome:
    return AddressOutcome(
        address=None,
        verdict=Verdict.UNCHECKED,
        failure=Failure(
            kind=FailureKind.LOCAL,
            certainty=Certainty.LOCAL,
            phase=None,
            detail=f"{count} more addresses were not asked: {MOST_ADDRESSES} are asked at most",
        ),
        counts=False,
    )
