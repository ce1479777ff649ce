"""What has changed since a baseline, for people."""

from typing import Final

from rich.table import Table
from rich.text import Text

from allup.model.changes import Changes
from allup.report.change_text import KeptChanges, Section
from allup.report.look import Look

_MOST: Final = 10
_STYLES: Final = {"broke": "red", "new and failed": "red", "recovered": "green", "slower": "yellow", "gone": "dim"}


def change_table(kept: KeptChanges, changes: Changes, look: Look) -> Table:
    """Return a row for each sort of change; without a row where nothing has changed."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for section in kept.sections(changes, _MOST):
        table.add_row(Text(f"{section.count} {section.title}", style=_STYLES[section.title]), _targets(section, look))
    return table


def _targets(section: Section, look: Look) -> Text:
    lines = [Text.assemble(look.foreign(name), (f"  {word}" if word else "", "dim")) for name, word in section.targets]
    if section.count > len(lines):
        lines.append(Text(f"{look.pick('…', '...')} and {section.count - len(lines)} more", style="dim"))
    return Text("\n", overflow="fold").join(lines)
