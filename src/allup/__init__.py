"""Are they all up? A concurrent URL status checker.

The library is what the command itself uses::

    async with allup.checking(["https://example.org expect=2xx"]) as results:
        async for result in results:
            print(result.verdict, result.url)
"""

from allup.lists.formats.format import InputFormat
from allup.lists.line import LineDefaults, parse_line
from allup.lists.source import SourceError, resolve_source, resolve_sources
from allup.lists.stream import TargetStream
from allup.model.attempt import Attempt, Hop, Timings, Tls
from allup.model.clock import Clock
from allup.model.expectation import Expectation
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.result import Result, Verdict
from allup.model.retry_on import RetryOn
from allup.model.selection import SelectionSettings
from allup.model.settings import (
    CheckSettings,
    ClientCertificate,
    Credentials,
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
from allup.version import __version__

__all__ = [
    "Attempt",
    "Certainty",
    "CheckSettings",
    "Checking",
    "ClientCertificate",
    "Clock",
    "Credentials",
    "Entry",
    "Expectation",
    "FailOn",
    "Failure",
    "FailureKind",
    "Family",
    "Hop",
    "HttpSettings",
    "InputFormat",
    "InvalidTarget",
    "LineDefaults",
    "MinTls",
    "Order",
    "Origin",
    "PaceSettings",
    "Phase",
    "Pin",
    "Proxies",
    "Request",
    "Result",
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
