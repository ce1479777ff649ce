"""Every behaviour of the lab, in groups."""

from dataclasses import dataclass
from typing import Final

from allup.lab import as_expected, failing
from allup.lab.behaviour import Behaviour


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Behaviours that belong together, under a heading."""

    title: str
    behaviours: tuple[Behaviour, ...]


AS_EXPECTED: Final = (
    Group(title="Answers that take their time", behaviours=as_expected.LATENCIES),
    Group(title="Hosts that bear so much and no more", behaviours=as_expected.CROWDS),
    Group(title="Every HTTP status", behaviours=as_expected.STATUSES),
    Group(title="Redirects", behaviours=as_expected.REDIRECTS),
    Group(title="Bodies that are better left alone", behaviours=as_expected.BODIES),
    Group(title="Requests", behaviours=as_expected.REQUESTS),
    Group(title="Answers that are looked into", behaviours=as_expected.CONTENTS),
)
"""All that a check finds as expected, at once or after a retry."""

FAILING: Final = (
    Group(title="The wrong answer", behaviours=failing.BAD_ANSWERS),
    Group(title="An answer that holds something else", behaviours=failing.BAD_CONTENTS),
    Group(title="Redirects that lead nowhere", behaviours=failing.BROKEN_REDIRECTS),
    Group(title="Answers that come too late", behaviours=failing.TOO_SLOW),
    Group(title="No answer at all", behaviours=failing.NETWORK),
    Group(title="Lines that cannot be read", behaviours=failing.BAD_LINES),
)
"""All that a check finds failed, on purpose."""

BEHAVIOURS: Final = tuple(behaviour for group in AS_EXPECTED + FAILING for behaviour in group.behaviours)

_BY_NAME: Final = {behaviour.name: behaviour for behaviour in BEHAVIOURS}


def named(name: str) -> Behaviour:
    """Return the behaviour called `name`; raises KeyError where there is none."""
    return _BY_NAME[name]
