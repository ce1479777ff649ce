"""The formats of `watch`: one line a transition."""

from enum import StrEnum
from typing import assert_never

from allup.model.state import Transition
from allup.report.instant import instant
from allup.report.outcome import detail, status_or_kind
from allup.report.printable import printable


class TransitionFormat(StrEnum):
    """What transitions can be written as."""

    LINES = "lines"
    JSONL = "jsonl"

    def line(self, transition: Transition) -> str:
        """Return the line of `transition`, its end included."""
        match self:
            case TransitionFormat.LINES:
                return "\t".join(_fields(transition)) + "\n"
            case TransitionFormat.JSONL:
                from allup.report.json_text import json_text
                from allup.report.transition_record import transition_record

                return json_text(transition_record(transition)) + "\n"
            case _:
                assert_never(self)


def _fields(transition: Transition) -> tuple[str, ...]:
    result = transition.result
    return (
        instant(transition.at, "milliseconds"),
        transition.before.value,
        transition.after.value,
        status_or_kind(result),
        printable(result.url),
        printable(detail(result)),
    )
