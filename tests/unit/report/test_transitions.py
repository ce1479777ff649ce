"""A transition is one line, whatever is in it."""

import json
from dataclasses import replace
from typing import Any

from allup.model.attempt import Attempt
from allup.model.failure import Certainty, Failure, FailureKind
from allup.model.result import judged
from allup.model.state import State, Transition
from allup.model.target import Target
from allup.report.record import record
from allup.report.transition_format import TransitionFormat

REFUSED = Failure(
    kind=FailureKind.CONNECT_REFUSED, certainty=Certainty.TRANSIENT, phase=None, detail="nobody\tlistens\n"
)


def transition(**more: Any) -> Transition:
    target = Target(url="https://example.org/\x1b[2J", href="https://example.org/", host="example.org:443", name="home")
    attempt = Attempt(started_at=1769860800.0, elapsed_s=0.1, method="GET", failure=REFUSED)
    result = judged(0, target, attempt)
    told = Transition(at=1769860800.5, since=1769860740.0, before=State.UP, after=State.DOWN, result=result)
    return replace(told, **more)


def test_a_line_has_six_fields_and_no_text_of_others_takes_effect() -> None:
    line = TransitionFormat.LINES.line(transition())

    assert line == (
        "2026-01-31T12:00:00.500Z\tup\tdown\tconnect_refused\thttps://example.org/\\x1b[2J\tnobody\\tlistens\\n\n"
    )


def test_a_record_has_the_change_and_all_of_the_poll_that_confirmed_it() -> None:
    told = transition(group_state=State.UP)

    text = TransitionFormat.JSONL.line(told)

    read = json.loads(text)
    assert (read["at"], read["since"]) == ("2026-01-31T12:00:00.500Z", "2026-01-31T11:59:00.000Z")
    assert (read["from"], read["to"], read["group_state"]) == ("up", "down", "up")
    assert set(read) == {"at", "from", "to", "since", "group_state", *record(told.result)}
    assert read["url"] == told.result.url
    assert text.count("\n") == 1
    assert "\x1b" not in text


def test_that_a_target_is_up_of_which_nothing_was_known_is_no_news() -> None:
    news = {
        (before, after): transition(before=before, after=after).is_news
        for before in State
        for after in (State.UP, State.DOWN)
        if before is not after
    }
    assert [change for change, is_news in news.items() if not is_news] == [(State.UNKNOWN, State.UP)]
