"""A terminal that is drawn as an SVG picture, which loads nothing from elsewhere."""

import html
import io
import re
from typing import Final

from rich.console import Console
from rich.text import Text

from allup.report.paper import Paper

# Rich's own format loads a font from the web. Spaces are preserved since some viewers else take
# those away that a text begins with.
_FORMAT: Final = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
  font-size: {char_height}px;
  line-height: {line_height}px;
}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix" xml:space="preserve">
{matrix}
</g>
</g>
</svg>
"""
_STYLE: Final = re.compile(r"\.allup-(r\d+) \{ ([^}]*) \}")
_TEXT: Final = re.compile(r'<text class="allup-(r\d+)"[^>]*\by="([\d.]+)"[^>]*>([^<]*)</text>')


def canvas(command: str, *, width: int, color: bool = True) -> Console:
    """Return a terminal on which `command` was typed."""
    console = Paper(
        file=io.StringIO(),
        record=True,
        width=width,
        height=25,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    console.print(Text.assemble(("$ ", "dim"), (command, "bold")))
    return console


def picture(console: Console) -> str:
    """Return what was drawn on `console` as SVG."""
    svg = console.export_svg(title="", code_format=_FORMAT, unique_id="allup")
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def words(svg: str) -> list[list[tuple[str, str]]]:
    """Return what a picture says, line by line, each piece with its style: no version of Rich changes that."""
    styles = dict(_STYLE.findall(svg))
    lines: dict[float, list[tuple[str, str]]] = {}
    for style, y, text in _TEXT.findall(svg):
        lines.setdefault(float(y), []).append((html.unescape(text).strip(), styles[style]))
    return [line for _, line in sorted(lines.items())]
