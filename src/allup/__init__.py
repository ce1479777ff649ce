"""Are they all up? A concurrent URL status checker.

The library is what the command itself uses::

    async with allup.checking(["https://example.org expect=2xx"]) as results:
        async for result in results:
            print(result.verdict, result.url)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from allup.version import __version__

if TYPE_CHECKING:
    from allup.lists.formats.format import InputFormat
    from allup.lists.line import LineDefaults, parse_line
    from allup.lists.source import SourceError, resolve_source, resolve_sources
    from allup.lists.stream import TargetStream
    from allup.model.attempt import AddressOutcome, Attempt, Hop, Timings, Tls
    from allup.model.canaries import CanaryCount, CanarySettings, CanarySummary
    from allup.model.clock import Clock
    from allup.model.expectation import Expectation
    from allup.model.failure import Certainty, Failure, FailureKind, Phase
    from allup.model.level import HostLevel, Level, Restraint
    from allup.model.limited_by import Bottleneck, LimitedBy
    from allup.model.loop_lag import LoopLag
    from allup.model.result import Result, Verdict
    from allup.model.resumption import Resumption
    from allup.model.retry_on import RetryOn
    from allup.model.selection import SelectionSettings
    from allup.model.settings import (
        CheckSettings,
        ClientCertificate,
        Credentials,
        ExpectAddresses,
        FailOn,
        Family,
        HttpSettings,
        MinTls,
        Order,
        PaceSettings,
        Pin,
        Proxies,
        RetrySettings,
    )
    from allup.model.statuses import Statuses
    from allup.model.stop import Stop
    from allup.model.tally import Summary, Tally
    from allup.model.target import Entry, InvalidTarget, Origin, Request, Target
    from allup.model.usage import UsageError
    from allup.run.checking import Checking, checking

__all__ = [
    "AddressOutcome",
    "Attempt",
    "Bottleneck",
    "CanaryCount",
    "CanarySettings",
    "CanarySummary",
    "Certainty",
    "CheckSettings",
    "Checking",
    "ClientCertificate",
    "Clock",
    "Credentials",
    "Entry",
    "ExpectAddresses",
    "Expectation",
    "FailOn",
    "Failure",
    "FailureKind",
    "Family",
    "Hop",
    "HostLevel",
    "HttpSettings",
    "InputFormat",
    "InvalidTarget",
    "Level",
    "LimitedBy",
    "LineDefaults",
    "LoopLag",
    "MinTls",
    "Order",
    "Origin",
    "PaceSettings",
    "Phase",
    "Pin",
    "Proxies",
    "Request",
    "Restraint",
    "Result",
    "Resumption",
    "RetryOn",
    "RetrySettings",
    "SelectionSettings",
    "SourceError",
    "Statuses",
    "Stop",
    "Summary",
    "Tally",
    "Target",
    "TargetStream",
    "Timings",
    "Tls",
    "UsageError",
    "Verdict",
    "__version__",
    "checking",
    "parse_line",
    "resolve_source",
    "resolve_sources",
]

_HOMES: Final = {
    "allup.lists.formats.format": ("InputFormat",),
    "allup.lists.line": ("LineDefaults", "parse_line"),
    "allup.lists.source": ("SourceError", "resolve_source", "resolve_sources"),
    "allup.lists.stream": ("TargetStream",),
    "allup.model.attempt": ("AddressOutcome", "Attempt", "Hop", "Timings", "Tls"),
    "allup.model.canaries": ("CanaryCount", "CanarySettings", "CanarySummary"),
    "allup.model.clock": ("Clock",),
    "allup.model.expectation": ("Expectation",),
    "allup.model.failure": ("Certainty", "Failure", "FailureKind", "Phase"),
    "allup.model.level": ("HostLevel", "Level", "Restraint"),
    "allup.model.limited_by": ("Bottleneck", "LimitedBy"),
    "allup.model.loop_lag": ("LoopLag",),
    "allup.model.result": ("Result", "Verdict"),
    "allup.model.resumption": ("Resumption",),
    "allup.model.retry_on": ("RetryOn",),
    "allup.model.selection": ("SelectionSettings",),
    "allup.model.settings": (
        "CheckSettings",
        "ClientCertificate",
        "Credentials",
        "ExpectAddresses",
        "FailOn",
        "Family",
        "HttpSettings",
        "MinTls",
        "Order",
        "PaceSettings",
        "Pin",
        "Proxies",
        "RetrySettings",
    ),
    "allup.model.statuses": ("Statuses",),
    "allup.model.stop": ("Stop",),
    "allup.model.tally": ("Summary", "Tally"),
    "allup.model.target": ("Entry", "InvalidTarget", "Origin", "Request", "Target"),
    "allup.model.usage": ("UsageError",),
    "allup.run.checking": ("Checking", "checking"),
}
"""Where the names come from: each module is imported when one of its names is asked for, and not before.

The command imports this package too, and a Ctrl-C in its first moments is not to find it half made.
"""
_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(home), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
