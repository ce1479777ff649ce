"""Behaviours that a check finds as expected, in the end: the green part of the catalogue."""

from http import HTTPStatus
from typing import Final

from allup.lab.behaviour import Behaviour, Server
from allup.lab.redirects import FOLLOWED
from allup.model.result import Verdict


def _latency(milliseconds: int) -> Behaviour:
    return Behaviour(
        name=f"latency-{milliseconds}ms",
        about=f"answers after {milliseconds} ms",
        path=f"/latency/{milliseconds}ms",
        latency_s=milliseconds / 1000,
    )


def _status(status: HTTPStatus) -> Behaviour:
    followed = status in FOLLOWED
    about = f"answers {status.value} {status.phrase}"
    return Behaviour(
        name=f"status-{status.value}",
        about=f"{about}, which leads to a 200" if followed else about,
        path=f"/status/{status.value}",
        status=200 if followed else status.value,
        options="" if followed or 200 <= status <= 299 else f"expect={status.value}",
    )


LATENCIES: Final = tuple(_latency(milliseconds) for milliseconds in (5, 20, 50, 100, 200, 500))

CROWDS: Final = (
    Behaviour(
        name="throttling",
        about="answers 429 where more than 20 ask at once",
        path="/throttling/20/50ms",
        latency_s=0.05,
    ),
    Behaviour(
        name="collapsing",
        about="takes ever longer where more than 20 ask at once, with less to show for it",
        path="/collapsing/20/50ms",
        latency_s=0.05,
    ),
)

STATUSES: Final = tuple(_status(status) for status in HTTPStatus if status >= 200)

REDIRECTS: Final = (
    Behaviour(name="redirect-chain", about="three redirects, then 200", path="/redirect/3"),
    Behaviour(name="redirect-away", about="redirects to another host", path="/away"),
    Behaviour(name="redirect-relative", about="redirects to a relative Location", path="/relative/here"),
)

BODIES: Final = (
    Behaviour(name="slow-body", about="the head at once, then a byte every 200 ms", path="/drip/10/200ms"),
    Behaviour(name="endless-body", about="a body without an end, which nobody should read", path="/endless"),
)

REQUESTS: Final = (
    Behaviour(name="query", about="a URL with a query", path="/ok?page=2&sort=name"),
    Behaviour(name="headers", about="answers with the headers it was sent, as JSON", path="/headers"),
    Behaviour(name="head", about="answers HEAD", path="/ok", options="method=HEAD"),
    Behaviour(
        name="head-refused",
        about="405 to HEAD, 200 to GET",
        path="/no-head",
        server=Server.TWO,
        options="method=HEAD",
    ),
    Behaviour(
        name="flaky",
        about="answers 503 the first time it is asked, 200 from then on",
        path="/flaky/list/1",
        server=Server.TWO,
        expected=Verdict.FLAKY,
    ),
    Behaviour(
        name="rate-limited",
        about="answers 429 the first time it is asked, with Retry-After: 1, 200 from then on",
        path="/limited/list/1s",
        server=Server.FOUR,
        expected=Verdict.FLAKY,
    ),
)

CONTENTS: Final = (
    Behaviour(
        name="page", about="a page that welcomes", path="/page", options="contains=Welcome matches=v[a-z]+n.[0-9]"
    ),
    Behaviour(name="healthy", about="says of itself that it is ok", path="/health", options="json=$.status=ok"),
    Behaviour(name="typed", about="JSON by its header", path="/health", options="expect-header=Content-Type:json"),
    Behaviour(name="posted", about="gets data", path="/echo", options="data=hello json=$.body=hello"),
    Behaviour(name="in-time", about="within its budget", path="/latency/20ms", latency_s=0.02, options="within=5s"),
)
