"""Tables of what was measured: for a terminal, and in Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.table import Table

from bench.ratios import Figure, Spread, ratio, spread
from bench.schedule import ideal_s
from bench.turns import Sample
from bench.works import Work

_SEEN_S: Final = 0.2
"""What the system tells of other processes is in steps of 10 ms, which says nothing of a shorter run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The samples of one work."""

    work: Work
    samples: Sequence[Sample]
    base: str
    concurrency: int

    @property
    def title(self) -> str:
        """What was done, how often."""
        work, rounds = self.work, 1 + max(sample.round for sample in self.samples)
        plural = "" if rounds == 1 else "s"
        return f"{work.key}: {work.title} ({work.count:,} URLs, {work.origins:,} origins, {rounds} round{plural})"

    @property
    def header(self) -> list[str]:
        """The names of the columns; cores are how many were busy on the average, with the tool and with others."""
        cpu = "CPU" if self.work.count == 1 else "CPU/URL"
        against = f"÷ {self.base}"
        return ["tool", cpu, against, "wall", against, "cores", "peak", "origins", "others"]

    def rows(self) -> list[list[str]]:
        """A row for each tool in the order of its first turn, and for what no tool can do better."""
        tools = list(dict.fromkeys(sample.tool for sample in self.samples))
        rows = [self._row(tool) for tool in tools]
        if self.work.late:
            latencies_s = self.work.latencies_s
            ideals = {"ideal schedule": latencies_s, "ideal, slowest first": sorted(latencies_s, reverse=True)}
            for name, in_order in ideals.items():
                rows.append([name, "", "", _seconds(ideal_s(in_order, self.concurrency)), *[""] * 5])
        return rows

    def _row(self, tool: str) -> list[str]:
        def of(figure: Figure) -> Spread:
            return spread(self.samples, tool, figure)

        def against(figure: Figure) -> str:
            found = ratio(self.samples, tool, self.base, figure)
            return _ratio(found) if found else ""

        seen = of(wall_s).median >= _SEEN_S
        return [
            tool,
            _seconds(of(cpu_s_a_url).median),
            against(cpu_s_a_url),
            _seconds(of(wall_s).median),
            against(wall_s),
            f"{of(cores).median:.2f}",
            f"{of(peak_bytes).median / 1e6:,.0f} MB",
            *([f"{of(origins_cores).median:.2f}", f"{of(others_cores).median:.2f}"] if seen else ["", ""]),
        ]


def cpu_s_a_url(sample: Sample) -> float:
    return sample.usage.cpu_s / sample.urls


def wall_s(sample: Sample) -> float:
    return sample.usage.wall_s


def cores(sample: Sample) -> float:
    return sample.usage.cpu_s / sample.usage.wall_s


def peak_bytes(sample: Sample) -> float:
    return sample.usage.peak_bytes


def origins_cores(sample: Sample) -> float:
    return sample.origins_cpu_s / sample.usage.wall_s


def others_cores(sample: Sample) -> float:
    return (sample.others_cpu_s or 0.0) / sample.usage.wall_s


def as_table(comparison: Comparison) -> Table:
    """For a terminal."""
    table = Table(title=comparison.title, title_justify="left")
    for index, column in enumerate(comparison.header):
        table.add_column(column, justify="right" if index else "left", no_wrap=True)
    for row in comparison.rows():
        table.add_row(*row)
    return table


def as_markdown(comparison: Comparison) -> str:
    """For the README."""
    header = comparison.header
    rule = ["---", *["---:"] * (len(header) - 1)]
    lines = [f"| {' | '.join(cells)} |" for cells in [header, rule, *comparison.rows()]]
    return "\n".join([f"{comparison.title}\n", *lines, ""])


def _ratio(found: Spread) -> str:
    return f"{found.median:.2f} ({found.least:.2f}-{found.most:.2f})"


def _seconds(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    if seconds >= 0.01:
        return f"{seconds * 1e3:.0f} ms"
    return f"{seconds * 1e6:,.0f} us"
