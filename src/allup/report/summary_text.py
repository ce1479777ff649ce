"""A run in a sentence and a few lines of counts."""

from collections.abc import Iterable
from typing import Final

from rich.table import Table
from rich.text import Text

from allup.model.duration import format_duration
from allup.model.result import Verdict
from allup.model.resumption import Resumption
from allup.model.tally import Summary, Tally
from allup.report.canary_text import canary_sentence
from allup.report.change_text import changes_sentence
from allup.report.instant import instant
from allup.report.look import Look, style

_MOST_SHOWN: Final = 5


def summary_sentence(summary: Summary) -> Text:
    """Return ``18 ok, 2 failed of 20 in 1.3s (at most 10 in flight)``, and what of it a resumed run did not ask."""
    verdicts = summary.tally.verdicts
    parts = [Text(f"{verdicts[one]} {one.value}", style=f"bold {style(one)}") for one in Verdict if verdicts[one]]
    took = f"{format_duration(summary.wall_s)} (at most {summary.peak_in_flight} in flight)"
    total, resumed = summary.tally.total, summary.resumed
    rest = f" of {total} in {took}" if resumed is None else f" of {total}; {_resumed(resumed, total, took)}"
    return Text(", ").join(parts or [Text("0 ok")]).append(rest)


def _resumed(resumed: Resumption, total: int, took: str) -> str:
    since = f"from a run that began at {instant(resumed.began_at, 'seconds')}"
    if resumed.results >= total:
        return f"all {since}"
    return f"{resumed.results} of these {'is' if resumed.results == 1 else 'are'} {since}, the rest took {took}"


def summary_counts(summary: Summary, look: Look) -> Table:
    """Return what failed by kind and by host, and the repeats; without a row where there is nothing to tell."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    tally = summary.tally
    # One failure alone says all of this in its own row, and so do hosts that failed once each.
    if tally.kinds.total() > 1:
        kinds = [(kind.value, count) for kind, count in tally.kinds.most_common()]
        table.add_row("by kind", _counts(kinds, 0, look))
    if max(tally.hosts.values(), default=0) > 1:
        table.add_row("by host", _counts(tally.hosts.most_common(), tally.other_hosts, look))
    if tally.groups:
        table.add_row("groups", _groups(tally, look))
    if summary.changes is not None:
        table.add_row("changes", changes_sentence(summary.changes))
    if summary.canaries is not None:
        table.add_row("canaries", canary_sentence(summary.canaries))
    if summary.excluded:
        table.add_row("excluded", f"{summary.excluded} by --include and --exclude")
    if summary.repeats:
        table.add_row("repeats", f"{summary.repeats} listed again, checked once")
    return table


def _groups(tally: Tally, look: Look) -> Text:
    verdicts = {name: place.verdict for name, place in tally.groups.items()}
    parts: list[Text] = []
    for verdict in (Verdict.OK, Verdict.FAILED, Verdict.UNCHECKED):
        names = [name for name, its in verdicts.items() if its is verdict]
        if names:
            parts.append(
                Text(f"{len(names)} {verdict.value}", style=style(verdict)).append(_named(names, look), "default")
            )
    return Text(f" {look.pick('·', '|')} ").join(parts)


def _named(names: list[str], look: Look) -> str:
    more = ", ..." if len(names) > _MOST_SHOWN else ""
    return f" ({', '.join(map(look.foreign, names[:_MOST_SHOWN]))}{more})"


def _counts(counted: list[tuple[str, int]], others: int, look: Look) -> Text:
    parts: list[Text] = [Text(f"{look.foreign(name)} {count}") for name, count in counted[:_MOST_SHOWN]]
    rest = _total(counted[_MOST_SHOWN:]) + others
    if rest:
        parts.append(Text(f"others {rest}"))
    return Text(f" {look.pick('·', '|')} ").join(parts)


def _total(counted: Iterable[tuple[str, int]]) -> int:
    return sum(count for _, count in counted)
