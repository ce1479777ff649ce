"""The counts beside a progress bar, as many as there is room for."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.text import Text

from allup.live.pace import Pace
from allup.model.duration import format_duration
from allup.model.result import Verdict
from allup.model.tally import Tally
from allup.report.look import Look, style

_LAST_TO_GO: Final = ("done", "failed", "left", "in flight", "unchecked", "known", "flaky", "ok", "elapsed", "pace")

Part = tuple[str, Text]


def counts(
    tally: Tally, *, total: int | None, in_flight: int, known: int, elapsed_s: float, pace: Pace, look: Look, width: int
) -> Text:
    """Return ``12/20 · 11 ok · 1 failed · 8 in flight · 1.2s · 10/s · 0.8s left`` in at most `width` cells.

    Verdicts that did not occur are left out, and how many were `known` before, where none were; where not all fits,
    what matters least goes first.
    """
    done = str(tally.total) if total is None else f"{tally.total}/{total}"
    parts = [
        ("done", Text(done)),
        *([("known", Text(f"{known:,} from the journal"))] if known else []),
        *((one.value, _counted(tally, one)) for one in Verdict if tally.verdicts[one]),
        ("in flight", Text(f"{in_flight} in flight")),
        ("elapsed", Text(format_duration(elapsed_s))),
        *_pace(pace, None if total is None else total - known),
    ]
    return _fitting(parts, Text.assemble((f" {look.pick('·', '|')} ", "dim")), width)


def _counted(tally: Tally, verdict: Verdict) -> Text:
    return Text(f"{tally.verdicts[verdict]} {verdict.value}", style=style(verdict))


def _pace(pace: Pace, total: int | None) -> Iterator[Part]:
    per_s, left_s = pace.per_s, pace.left_s(total)
    if per_s:
        yield "pace", Text(f"{per_s:.0f}/s" if per_s >= 9.5 else f"{per_s:.1f}/s")
    if left_s:
        yield "left", Text(f"{format_duration(max(1, round(left_s)))} left")


def _fitting(parts: Sequence[Part], gap: Text, width: int) -> Text:
    kept = list(parts)
    while len(kept) > 1 and gap.join(text for _, text in kept).cell_len > width:
        kept.remove(max(kept, key=lambda part: _LAST_TO_GO.index(part[0])))
    return gap.join(text for _, text in kept)
