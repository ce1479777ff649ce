"""What is going on right now, as text: what SIGUSR1 prints."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from allup.model.duration import format_duration
from allup.model.failure import doing
from allup.report.printable import printable, shortened
from allup.run.turns import Turn

MOST: Final = 200
_LONGEST_URL: Final = 200


def inspection(turns: Sequence[Turn], pauses: Mapping[str, float], now: float) -> str:
    """Return a line for each turn in flight, the oldest first, and one for each host that is paused.

    `now` is on the clock of the turns. At most `MOST` lines of each kind.
    """
    lines = [f"{len(turns)} in flight", *_turns(turns[:MOST], now)]
    if len(turns) > MOST:
        lines.append(f"  and {len(turns) - MOST} more")
    lines += [f"{len(pauses)} hosts paused", *_pauses(pauses)] if pauses else []
    return "\n".join(lines) + "\n"


def _turns(turns: Sequence[Turn], now: float) -> Iterator[str]:
    for turn in turns:
        age = format_duration(max(0.0, now - turn.taken_at))
        yield f"  {turn.task_name}  {age}  attempt {turn.attempt_number}  {doing(turn.phase)}  {_url(turn)}"


def _pauses(pauses: Mapping[str, float]) -> Iterator[str]:
    for host, left_s in sorted(pauses.items(), key=lambda one: one[1])[:MOST]:
        yield f"  {printable(host)}  asked to wait, {format_duration(max(0.0, left_s))} left"


def _url(turn: Turn) -> str:
    entry = turn.entry
    return shortened(printable(getattr(entry, "url", "")), _LONGEST_URL)
