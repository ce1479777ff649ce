"""What came back from one attempt at a target."""

from dataclasses import dataclass, field

from allup.model.failure import Failure
from allup.model.value import value
from allup.model.verdict import Verdict


@value
class Timings:
    """Seconds that each phase of the last request took, by HAR's names; None where it did not happen."""

    blocked_s: float | None = None
    dns_s: float | None = None
    connect_s: float | None = None
    ssl_s: float | None = None
    send_s: float | None = None
    wait_s: float | None = None
    receive_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """A redirect that was followed: the `status` and the printable `url` that answered with it."""

    status: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """The TLS session of the last request; `expires_at` is seconds since the epoch."""

    version: str
    expires_at: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressOutcome:
    """What one address of a name answered; `address` None where nobody has got as far as one.

    `counts` is false where it was this machine that has no way there: no word on the target.
    """

    address: str | None
    verdict: Verdict
    status: int | None = None
    failure: Failure | None = None
    started_at: float | None = None
    elapsed_s: float | None = None
    timings: Timings = Timings()
    counts: bool = True


@value
class Attempt:
    """One attempt, from the moment it got its turn to the judgement; every URL in it is printable.

    `started_at` is seconds since the epoch, `failure` why there is no answer, or what in its headers or
    its body is not as expected (None: nothing); `location` is where it points, as the server wrote it,
    and `location_href` the same as a whole URL, in WHATWG's serialisation;
    `retry_after_s` what the server asked to wait before the next one, from now,
    `robot_wall` whose marks of a wall against robots the answer bears, if it should not be as expected;
    `addresses` what every address of the target's name came to, where all were asked: the rest is then of one of them.
    """

    started_at: float
    elapsed_s: float
    method: str
    failure: Failure | None = None
    status: int | None = None
    final_url: str | None = None
    location: str | None = None
    location_href: str | None = field(default=None, repr=False)
    redirects: tuple[Hop, ...] = ()
    timings: Timings = Timings()
    address: str | None = None
    http_version: str | None = None
    content_type: str | None = None
    content_length: int | None = None
    robot_wall: str | None = None
    retry_after_s: float | None = None
    tls: Tls | None = None
    addresses: tuple[AddressOutcome, ...] | None = None
