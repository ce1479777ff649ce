"""The record of one transition; the one serializer of its shape."""

from allup.model.state import Transition
from allup.report.instant import instant
from allup.report.record import record


def transition_record(transition: Transition) -> dict[str, object]:
    """Return the record of `transition`: what changed, then that of the poll that confirmed it."""
    group_state = transition.group_state
    return {
        "at": instant(transition.at, "milliseconds"),
        "from": transition.before.value,
        "to": transition.after.value,
        "since": instant(transition.since, "milliseconds"),
        "group_state": None if group_state is None else group_state.value,
        **record(transition.result),
    }
