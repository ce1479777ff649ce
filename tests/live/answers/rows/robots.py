"""Walls against robots, and refusals that are none."""

from typing import Final

from allup.model.failure import Certainty, FailureKind, Phase
from live.answers.case import Case, Expected, definite, wall
from live.answers.recorded import AWS_CHALLENGE, REFUSALS, WALLS
from live.answers.scripts import head, pages, says

ROBOTS: Final = (
    *(Case(name=name, script=says(recorded), expected=wall()) for name, recorded in WALLS.items()),
    Case(name="AWS WAF challenge, 202", script=says(AWS_CHALLENGE), expected=wall(), options="expect=200"),
    *(
        Case(
            name=name,
            script=says(recorded),
            expected=Expected(kind=FailureKind.STATUS, certainty=Certainty(certainty), phases=(Phase.WAIT,)),
        )
        for name, (recorded, certainty) in REFUSALS.items()
    ),
    Case(
        name="a wall of redirects for those without cookies",
        script=pages({b"/start": head(b"Location: /start", b"Set-Cookie: wall=1", status=b"HTTP/1.1 302 Found")}),
        expected=definite(FailureKind.TOO_MANY_REDIRECTS),
    ),
)
