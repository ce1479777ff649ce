"""What a run is told, and every default in its one home."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from allup.model.canaries import CanarySettings
from allup.model.retry_on import TRANSIENT, RetryOn
from allup.model.selection import SelectionSettings
from allup.version import __version__


class Order(StrEnum):
    """The order that results are reported in."""

    LIST = "list"
    COMPLETION = "completion"


class FailOn(StrEnum):
    """Which failures make a run fail; the others are shown all the same.

    `new` are those that the baseline does not have.
    """

    ANY = "any"
    DEFINITE = "definite"
    NEW = "new"


class Strategy(StrEnum):
    """The ways to run many awaitables."""

    SEQUENTIAL = "sequential"
    GATHER = "gather"
    WAIT = "wait"
    TASKGROUP = "taskgroup"


class Family(StrEnum):
    """The versions of IP that connections can be limited to."""

    IPV4 = "IPv4"
    IPV6 = "IPv6"


class ExpectAddresses(StrEnum):
    """How many of a name's addresses have to be as expected."""

    ALL = "all"
    ANY = "any"


class MinTls(StrEnum):
    """The oldest version of TLS that is spoken."""

    TLS_1_2 = "1.2"
    TLS_1_3 = "1.3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Whom to be, by HTTP's Basic scheme (RFC 7617)."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCertificate:
    """What to show a server that asks for a certificate: PEM files; `key` None: it is in that of the certificate.

    The key is not encrypted: nobody is asked for a passphrase.
    """

    cert: Path
    key: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxies:
    """Through whom to ask: `always` for everything (None: nobody), else by the scheme of the URL.

    `http` and `https` are the environment's word: they hold neither for loopback nor for the hosts
    of `bypass`, a list with commas as in NO_PROXY: a domain stands for itself and all below it, with
    or without a dot in front, ``*.domain`` for what is below it alone, ``*`` for every host; besides,
    addresses and networks (``10.0.0.0/8``), and any but a network with ``:port``. All are URLs, with
    http or https for a scheme, and may hold a password.
    """

    always: str | None = field(default=None, repr=False)
    http: str | None = field(default=None, repr=False)
    https: str | None = field(default=None, repr=False)
    bypass: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Addresses that stand for a host on a port, whatever a resolver says; `host` is in small letters, ``*`` any.

    Of several pins for a host the first holds, and one of its own before any ``*``. They are for names,
    that of a proxy too; what is asked through a proxy is resolved there.
    """

    host: str
    port: int
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """What holds for every request of a run.

    `connect_timeout_s` bounds name, connection and TLS of each one; of the connections that have
    served, `most_idle` are kept for the next target of their host. Of a body that an expectation
    needs, `max_body` bytes are read, decompressed ones. `auth` is for each target's own host;
    `netrc` has credentials by host name, those for any other host under the empty name; `cookie` is
    the value of a Cookie header for each target's own host. `family` None is IPv4 and IPv6;
    `resolvers` are DNS servers, each ``address``, ``address:port`` or ``[v6]:port``, instead of the
    system's; what the hosts file of this machine knows, they are not asked. With `client_cert` and
    `min_tls` it is the same towards a proxy that speaks TLS. `addresses` None asks one address of each
    target, as connections come about; else every one of them, and says how many have to be as expected.
    """

    connect_timeout_s: float | None = None
    user_agent: str = f"allup/{__version__}"
    max_redirects: int = 10
    max_body: int = 1024 * 1024
    auth: Credentials | None = None
    netrc: Mapping[str, Credentials] = field(default_factory=dict)
    cookie: str | None = field(default=None, repr=False)
    insecure: bool = False
    ca_file: Path | None = None
    client_cert: ClientCertificate | None = None
    min_tls: MinTls | None = None
    proxies: Proxies = Proxies()
    pins: tuple[Pin, ...] = ()
    resolvers: tuple[str, ...] = ()
    family: Family | None = None
    addresses: ExpectAddresses | None = None
    most_idle: int = 64

    @property
    def is_somebody(self) -> bool:
        """Whether the run has credentials or a cookie for any host."""
        return bool(self.auth or self.netrc or self.cookie)


MOST_ADAPTIVE: Final = 1_000
"""Targets in flight at most where nobody names a number: beyond that, one process has no use for more."""

PER_HOST: Final = 10
"""Connections that a host is expected to bear; browsers open six."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceSettings:
    """How hard hosts may be pressed: turns at once, and turns a second; None: as hard as may be."""

    per_host: int | None = PER_HOST
    rate_per_s: float | None = None
    per_host_rate_per_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrySettings:
    """Which failures are tried again, and how long any host may make the run wait by Retry-After."""

    on: RetryOn = TRANSIENT
    budget_s: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """One run of `check`.

    `concurrency` caps how many targets are in flight, over all of the `processes` that ask; where it is
    `adaptive`, that is the most, and how many there are depends on what comes back. With `dask`, the address of
    a scheduler, ``local`` or ``local:N``, its workers ask, each so many at once. `selection` says which
    targets of the list are wanted, `fail_on` which failures make the run fail. With `confirm`, what failed in
    passing is tried once more at the end. The run ends early after `deadline_s`, or with the failure that is
    number `max_failures`; when it is interrupted, what is in flight has `grace_s` to come to an end.
    `canaries` tell failures of the targets from those of the network here.
    """

    concurrency: int = 100
    adaptive: bool = False
    processes: int = 1
    dask: str | None = None
    order: Order = Order.LIST
    selection: SelectionSettings = SelectionSettings()
    pace: PaceSettings = PaceSettings()
    retry: RetrySettings = RetrySettings()
    fail_on: FailOn = FailOn.ANY
    confirm: bool = False
    deadline_s: float | None = None
    max_failures: int | None = None
    grace_s: float = 2.0
    canaries: CanarySettings = CanarySettings()
    http: HttpSettings = HttpSettings()

    def __post_init__(self) -> None:
        if self.concurrency < 1:
            raise ValueError(f"a concurrency of {self.concurrency} would check nothing: it is 1 at least")
        if self.processes < 1:
            raise ValueError(f"{self.processes} processes would check nothing: it is 1 at least")
        alone = self.processes > 1 or self.adaptive or self.pace.rate_per_s is not None or self.canaries.targets
        if self.dask is not None and alone:
            raise ValueError(
                "with dask, neither processes, an adaptive concurrency, a rate for all hosts, nor canaries are possible"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareSettings:
    """One run of `compare`: every level of concurrency, `rounds` times, in turns."""

    levels: tuple[int, ...] = (10,)
    rounds: int = 1
    pace: PaceSettings = PaceSettings(per_host=None)
    selection: SelectionSettings = SelectionSettings()
    http: HttpSettings = HttpSettings()
