"""What one poll came to, on one line."""

from typing import Final

from rich.text import Text

from allup.model.duration import format_duration
from allup.model.waiting import Poll
from allup.report.look import Look
from allup.report.outcome import detail, status_or_kind

_READY: Final = "green"
_MISSING: Final = "yellow"


def wait_line(poll: Poll, look: Look) -> Text:
    """Return when, whether it is ready, status or kind, URL and why not, in the order of what to lose last."""
    state = ("ready", _READY) if poll.ready else ("waiting", _MISSING)
    words = [status_or_kind(poll.result), look.foreign(poll.result.url)]
    line = Text.assemble(
        f"{format_duration(poll.after_s):>6}  ", state, "  ", "  ".join(word for word in words if word)
    )
    reason = look.foreign(reason_of(poll))
    return line.append(f"  {reason}", style="dim") if reason else line


def reason_of(poll: Poll) -> str:
    """Return why it is not ready, as far as that is known."""
    if poll.result.failure is None and not poll.ready:
        return f"as expected {poll.streak} in a row, which is not enough yet"
    return detail(poll.result)
