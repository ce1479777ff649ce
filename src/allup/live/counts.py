"""The counts beside a progress bar."""

from rich.text import Text

from allup.model.duration import format_duration
from allup.model.result import Verdict
from allup.model.tally import Tally
from allup.report.look import Look, style


def counts(tally: Tally, *, total: int | None, in_flight: int, elapsed_s: float, look: Look) -> Text:
    """Return ``12/20 · 11 ok · 1 failed · 8 in flight · 1.2s``; verdicts that did not occur are left out."""
    done = str(tally.total) if total is None else f"{tally.total}/{total}"
    verdicts = [Text(f"{tally.verdicts[one]} {one.value}", style=style(one)) for one in Verdict if tally.verdicts[one]]
    parts = [Text(done), *verdicts, Text(f"{in_flight} in flight"), Text(format_duration(elapsed_s))]
    return Text(f" {look.pick('·', '|')} ", style="dim", no_wrap=True).join(parts)
