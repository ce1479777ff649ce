"""How a run went in sentences: what limited it, and what would help."""

from collections.abc import Callable, Iterator
from typing import Final

from allup.model.duration import format_duration
from allup.model.level import HostLevel, Level, Restraint
from allup.model.limited_by import Bottleneck, LimitedBy
from allup.model.loop_lag import LoopLag
from allup.model.tally import Summary
from allup.report.printable import printable

Quote = Callable[[str], str]
_LIMITS: Final = {
    Bottleneck.SLOWEST: ("the slowest URL", "more at once cannot help"),
    Bottleneck.CAP: ("the cap", "a higher -c may help"),
    Bottleneck.HOST: ("the cap of one host", "a higher --per-host may help, where that is polite"),
    Bottleneck.RATE: ("the rate", "--rate sets it"),
    Bottleneck.HOST_RATE: ("the rate of one host", "--per-host-rate sets it"),
    Bottleneck.RETRY_AFTER: ("a pause that was asked for (Retry-After)", "a lower --per-host may help"),
    Bottleneck.BACKOFF: ("the waits before further attempts", "--retries 0 spares them"),
    Bottleneck.CONFIRM: ("the second look at what had failed", "--no-confirm spares it"),
    Bottleneck.LIST: ("the list, which came no faster", ""),
    Bottleneck.READER: ("the reader of the results, who took no more", ""),
    Bottleneck.CANARY: ("the wait for a canary to answer", ""),
    Bottleneck.CPU: ("the CPU", "a higher -c cannot help, --processes may"),
}
"""What is waited for, before its name, and what helps."""
_LESS: Final = "lower -c, or spread the work over --processes"
_BUSY: Final = "a less busy machine may help"
"""What is left where no more than one was in flight."""
_WHY: Final = {
    Restraint.UNUSED: "no more were there to be asked",
    Restraint.GROWING: "it was still rising when the list ended",
    Restraint.MOST: "that is the most",
    Restraint.REFUSED: "more were refused (429 or Retry-After)",
    Restraint.FAILURES: "of more, more failed",
    Restraint.LATENCY: "with more, latencies grew as much",
    Restraint.LAG: "with more, this process did not keep up",
    Restraint.LOCAL: "for more, this machine lacked resources",
}


def course_sentences(summary: Summary, quote: Quote = printable) -> Iterator[str]:
    """Yield what is to be said of the run's course; `quote` makes hosts and URLs harmless where they are shown."""
    if summary.limited_by is not None:
        yield limited_sentence(summary, summary.limited_by, quote)
    if summary.level is not None:
        yield level_sentence(summary.level, quote)
    if summary.lag is not None and summary.lag.is_suspect:
        yield lag_sentence(summary.lag, _BUSY if summary.peak_in_flight <= 1 else _LESS)


def limited_sentence(summary: Summary, limit: LimitedBy, quote: Quote = printable) -> str:
    """Return what it waited for, how long, and what would help."""
    what, advice = _LIMITS[limit.bottleneck]
    if summary.level is not None:
        if limit.bottleneck is Bottleneck.CAP:
            what, advice = "what -c auto allowed", ""
        elif limit.name in {one.host for one in summary.level.hosts}:
            what, advice = "what -c auto found one host to bear,", ""
    named = what if limit.name is None else f"{what} {quote(limit.name)}"
    took = f"{format_duration(limit.seconds)} of {format_duration(summary.wall_s)}"
    return f"Limited by {named}, for {took}{f': {advice}' if advice else ''}."


def level_sentence(level: Level, quote: Quote = printable) -> str:
    """Return what ``-c auto`` came to, and why not to more."""
    hosts = "; ".join(_host(one, quote) for one in level.hosts)
    return f"-c auto came to {level.limit} at once: {_WHY[level.restraint]}{'; ' if hosts else ''}{hosts}."


def lag_sentence(lag: LoopLag, advice: str) -> str:
    """Return that timings are not to be trusted, and what to do about it."""
    assert lag.typical_s is not None
    return (
        f"Timings are suspect: the event loop was up to {format_duration(lag.p99_s)} late (p99), where "
        f"{format_duration(lag.typical_s)} is a typical latency: {advice}."
    )


def _host(one: HostLevel, quote: Quote) -> str:
    return f"{quote(one.host)} to {one.limit}: {_WHY[one.restraint]}"
