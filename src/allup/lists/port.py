"""``tcp://host:port``: a target that is up as soon as it takes connections, whatever it speaks."""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from allup.lists.details import LineDefaults
from allup.lists.url import BadUrl, Url, parse_url
from allup.model.expectation import Expectation
from allup.model.target import Request, Target

SCHEME: Final = "tcp://"
_WRITTEN: Final = re.compile(r"tcp://(?P<place>[^/?#@\\]+:0*[1-9][0-9]*)/?", re.IGNORECASE)
_HTTP: Final = "http://"
_OPTIONS: Final = frozenset({"name", "group", "timeout", "within", "retries"})


def parse_url_or_port(text: str, defaults: LineDefaults) -> Url:
    """Return the URL that `text` is, which may be one of a port where `defaults` allow it; raises BadUrl."""
    if defaults.ports and text.strip().lower().startswith(SCHEME):
        return _parse_port(text.strip())
    return parse_url(text)


def of_port(target: Target, given: Collection[str] = ()) -> Target:
    """Return `target`, that of a port without what only HTTP has; raises ValueError for such an option of `given`."""
    if not target.href.startswith(SCHEME):
        return target
    senseless = sorted(set(given) - _OPTIONS)
    if senseless:
        raise ValueError(f"{senseless[0]}= is for http and https: a port is only connected to")
    return replace(
        target,
        request=Request(method="CONNECT", timeout_s=target.request.timeout_s, retries=target.request.retries),
        expectation=Expectation(within=target.expectation.within),
    )


def _parse_port(text: str) -> Url:
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise BadUrl("not a port to connect to: write tcp://HOST:PORT")
    # A host is a host: names and addresses are normalised, and refused, as those of any URL.
    url = parse_url(f"{_HTTP}{written['place']}/")
    place = f"{SCHEME}{url.host}"
    return Url(listed=place, href=place, host=url.host)
