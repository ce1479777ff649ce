"""A failure on one line, as it happens."""

from rich.text import Text

from allup.model.failure import FailureKind
from allup.model.result import Result, Verdict
from allup.report.look import Look
from allup.report.outcome import detail, status_or_kind


def is_news(result: Result) -> bool:
    """Say whether a person wants to see `result` at once: what was merely not reached is none."""
    local = result.failure is not None and result.failure.kind is FailureKind.LOCAL
    return result.verdict is Verdict.FAILED or local


def failure_line(result: Result, look: Look) -> Text:
    """Return sign and verdict, status or kind, URL and detail, in the order of what to lose last."""
    text = look.verdict(result.verdict)
    line = Text.assemble(text, "  ", status_or_kind(result), "  ", look.foreign(result.url))
    return line.append(f"  {look.foreign(detail(result))}", style="dim")
