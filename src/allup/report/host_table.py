"""How long the hosts took, as a table for people."""

from typing import Final, cast

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from allup.model.duration import format_duration
from allup.model.histogram import Histogram
from allup.report.depth import Depth
from allup.report.host_latencies import HostLatencies, merged
from allup.report.look import Look

FEWEST: Final = 5
"""Answers of a host from which its percentiles mean something."""
_MOST: Final = {Depth.USUAL: 5, Depth.FULL: 50}
_WIDE: Final = 100
_NARROW: Final = 60
_BAR: Final = 30

Line = tuple[str, Histogram]


class HostTable:
    """Draws percentiles of the hosts with the highest p95, the others as one, and all; false where that says nothing.

    A host that answered fewer than `FEWEST` times is one of the others, unless all is wanted.
    """

    def __init__(self, latencies: HostLatencies, look: Look, depth: Depth) -> None:
        self._look = look
        self._lines = _lines(latencies, _MOST.get(depth, 0), 1 if depth is Depth.FULL else FEWEST)

    def __bool__(self) -> bool:
        """Say whether there is anything to draw."""
        return bool(self._lines)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield as many columns as fit, and a picture where there is room for it."""
        width = options.max_width
        shares = {"p50": 0.5, "p95": 0.95} if width < _NARROW else {"p50": 0.5, "p95": 0.95, "p99": 0.99}
        yield self._table(shares, bar_width=_BAR if width >= _WIDE else 0)

    def _table(self, shares: dict[str, float], bar_width: int) -> Table:
        table = self._look.table()
        table.add_column("host", overflow="fold")
        for name in ("answers", *shares, "max"):
            table.add_column(name, justify="right", no_wrap=True)
        if bar_width:
            table.add_column(self._legend(), no_wrap=True)
        for name, histogram in self._lines:
            times = [cast("float", histogram.quantile_s(share)) for share in shares.values()]
            figures = [str(histogram.total), *map(format_duration, [*times, histogram.max_s])]
            bar = [self._bar(histogram, bar_width)] if bar_width else []
            table.add_row(Text(self._look.foreign(name)), *figures, *bar)
        return table

    def _signs(self) -> list[tuple[str, str]]:
        return [
            (self._look.pick("━", "="), "bright_blue"),
            (self._look.pick("─", "-"), "cyan"),
            (self._look.pick("·", "."), "dim"),
        ]

    def _legend(self) -> Text:
        named = zip(self._signs(), ("p50", "p95", "max"), strict=True)
        return Text("   ").join(
            Text.assemble((sign * 2, style), (f" {name}", "not bold dim")) for (sign, style), name in named
        )

    def _bar(self, histogram: Histogram, width: int) -> Text:
        scale_s = max(one.max_s for _, one in self._lines)
        bar = Text(no_wrap=True)
        ends_s = (histogram.quantile_s(0.5) or 0.0, histogram.quantile_s(0.95) or 0.0, histogram.max_s)
        for (sign, style), end_s in zip(self._signs(), ends_s, strict=True):
            end = round(end_s / scale_s * width) if scale_s else 0
            bar.append(sign * (max(end, 1) - len(bar)), style=style)
        return bar


def _lines(latencies: HostLatencies, most: int, fewest: int) -> list[Line]:
    everything = latencies.everything
    if not most or everything.total < fewest:
        return []
    slowest_first = sorted(latencies.hosts.items(), key=lambda one: -(one[1].quantile_s(0.95) or 0.0))
    shown = [(host, histogram) for host, histogram in slowest_first if histogram.total >= fewest][:most]
    names = {host for host, _ in shown}
    others = merged([*(one for host, one in latencies.hosts.items() if host not in names), latencies.others])
    rest = [("other hosts", others)] if shown and others.total else []
    return [*shown, *rest, *([("all", everything)] if len(shown) + len(rest) != 1 else [])]
