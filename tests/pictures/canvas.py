"""A terminal that is drawn as an SVG picture, which loads nothing from elsewhere."""

import html
import io
import re
from typing import Final

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from allup.report.paper import Paper

_FONTS: Final = "ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"
_FONT_FACE: Final = re.compile(r"\s*@font-face \{\{.*?\n    \}\}", re.DOTALL)
_WITHOUT_FONTS: Final = _FONT_FACE.sub("", CONSOLE_SVG_FORMAT).replace("Fira Code, monospace", _FONTS)
# Some viewers else take the spaces away that a text begins with.
_FORMAT: Final = _WITHOUT_FONTS.replace('-matrix">', '-matrix" xml:space="preserve">')
_TEXT: Final = re.compile(r'<text [^>]*\by="([\d.]+)"[^>]*>([^<]*)</text>')


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


def words(svg: str) -> list[str]:
    """Return the text of a picture, line by line: what is the same whatever version of Rich drew it."""
    lines: dict[float, list[str]] = {}
    for y, text in _TEXT.findall(svg):
        lines.setdefault(float(y), []).extend(html.unescape(text).split())
    return [" ".join(line) for _, line in sorted(lines.items())]
