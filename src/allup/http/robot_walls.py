"""Answers that say "no robots", not "down", told by the marks that their makers leave in the headers.

A wall is only looked for in an answer that is not as expected: most of these headers come with good
answers too. What only says that a maker's servers are in between tells a wall on 403 and 429 alone;
their 503 is the site's own.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from multidict import MultiMapping

_ANY: Final = frozenset(range(200, 600))
_REFUSALS: Final = frozenset({401, 403, 405, 406, 429, 503})
_FORBIDDEN: Final = frozenset({403, 429})


@dataclass(frozen=True, slots=True)
class _Mark:
    """A header that gives `maker` away, where its value begins with `text` (in small letters) and the status fits."""

    maker: str
    header: str
    text: str = ""
    statuses: frozenset[int] = _REFUSALS


_MARKS: Final = (
    _Mark("Cloudflare", "cf-mitigated", statuses=_ANY),
    _Mark("Cloudflare", "cf-chl-bypass", statuses=_ANY),
    _Mark("Cloudflare", "server", "cloudflare", _FORBIDDEN),
    _Mark("AWS WAF", "x-amzn-waf-action", statuses=_ANY),
    _Mark("Vercel", "x-vercel-mitigated", statuses=_ANY),
    _Mark("Vercel", "x-vercel-challenge-token", statuses=_ANY),
    _Mark("DataDome", "x-datadome"),
    _Mark("DataDome", "x-dd-b"),
    _Mark("DataDome", "set-cookie", "datadome="),
    _Mark("HUMAN (PerimeterX)", "x-px-block", statuses=_ANY),
    _Mark("HUMAN (PerimeterX)", "set-cookie", "_px"),
    _Mark("Kasada", "x-kpsdk-ct"),
    _Mark("Kasada", "x-kpsdk-r"),
    _Mark("Imperva", "x-iinfo", statuses=_FORBIDDEN),
    _Mark("Imperva", "x-cdn", "imperva", _FORBIDDEN),
    _Mark("Imperva", "x-cdn", "incapsula", _FORBIDDEN),
    _Mark("Imperva", "set-cookie", "incap_ses_", _FORBIDDEN),
    _Mark("Akamai", "server", "akamaighost", _FORBIDDEN),
    _Mark("Akamai", "akamai-grn", statuses=_FORBIDDEN),
    _Mark("Akamai", "set-cookie", "_abck=", _FORBIDDEN),
    _Mark("Sucuri", "x-sucuri-block", statuses=_ANY),
    _Mark("Sucuri", "x-sucuri-id", statuses=_FORBIDDEN),
    _Mark("DDoS-Guard", "server", "ddos-guard", _FORBIDDEN),
    _Mark("Qrator", "server", "qrator", _FORBIDDEN),
    _Mark("F5", "set-cookie", "tspd_101", _FORBIDDEN),
    _Mark("StackPath", "x-sp-waf"),
    _Mark("Wordfence", "x-wordfence-blocked", statuses=_ANY),
)
_BY_STATUS: Final = {999: "LinkedIn"}


def robot_wall(status: int, headers: MultiMapping[str]) -> str | None:
    """Return whose robot wall answered with `status` and `headers`; None where none is known."""
    for mark in _marks_of(status):
        if mark.header in headers and any(value.lower().startswith(mark.text) for value in headers.getall(mark.header)):
            return mark.maker
    return _BY_STATUS.get(status)


@lru_cache(maxsize=1_000)
def _marks_of(status: int) -> tuple[_Mark, ...]:
    return tuple(mark for mark in _MARKS if status in mark.statuses)
