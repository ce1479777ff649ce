"""Which settings decide what is asked and what comes of it: with others, the results so far would be others."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Final

from allup.lists.details import LineDefaults
from allup.model.answer import AnswerExpectation
from allup.model.selection import SelectionSettings
from allup.model.settings import CheckSettings, HttpSettings, RetrySettings

_GROUPS: Final = (AnswerExpectation, HttpSettings, RetrySettings, SelectionSettings)
FREE: Final = frozenset(
    {
        # How fast it goes, and in which order.
        *("check.concurrency", "check.adaptive", "check.processes", "check.dask"),
        *("check.pace", "check.order", "check.http.most_idle"),
        # When it ends, and what the end means.
        *("check.deadline_s", "check.grace_s", "check.max_failures", "check.fail_on", "check.selection.min_targets"),
        # Whose fault a failure is, that is asked again in any case.
        "check.canaries",
        # What is not to be printed: it comes of the other ones.
        "request.secrets",
    }
)
"""What may be another when a run goes on; all else may not."""
_FLAGS: Final[Mapping[str, str]] = {
    "request.headers": "--header",
    "expectation.statuses": "--expect",
    "expectation.answer.headers": "--expect-header",
    "expectation.answer.json": "--expect-json",
    "expectation.certificate": "--cert-days",
    "check.retry.on": "--retry-on",
    "check.retry.budget_s": "--retry-budget",
    "check.http.client_cert": "--cert and --key",
    "check.http.netrc": "what the netrc file says (--netrc)",
    "check.http.proxies": "the proxy (--proxy, or the environment's)",
    "check.http.pins": "--resolve",
    "check.http.resolvers": "--resolver",
    "check.http.family": "-4 and -6",
    "check.http.addresses": "--all-addresses and --expect-addresses",
}
"""Where the flag is not named as the setting."""


def decisive(defaults: LineDefaults, settings: CheckSettings) -> Mapping[str, object]:
    """Return what decides, by what people call it: the flag."""
    values = {
        **dict(_values("request", defaults.request)),
        **dict(_values("expectation", defaults.expectation)),
        **dict(_values("check", settings)),
    }
    # The usual one has the version in it, with which nothing else changes.
    if values["check.http.user_agent"] == HttpSettings().user_agent:
        values["check.http.user_agent"] = None
    return {_flag(path): value for path, value in values.items() if path not in FREE}


def _values(path: str, group: object) -> Iterator[tuple[str, object]]:
    for one in fields(group):  # type: ignore[arg-type]
        value = getattr(group, one.name)
        if isinstance(value, _GROUPS):
            yield from _values(f"{path}.{one.name}", value)
        else:
            yield f"{path}.{one.name}", value


def _flag(path: str) -> str:
    name = path.rpartition(".")[2].removesuffix("_s").replace("_", "-")
    return _FLAGS.get(path, f"--{name}")
