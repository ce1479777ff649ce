"""How things look: signs and colours, as far as a stream's encoding takes them."""

import re
from dataclasses import dataclass
from typing import Final, assert_never

from rich.box import Box
from rich.console import OverflowMethod
from rich.table import Table
from rich.text import Text

from allup.model.result import Verdict
from allup.report.printable import printable, shortened

_SIGNS: Final = "✓✗…→·─═━╍╌╸"
_LONGEST_TEXT: Final = 1_000
_COMMAND: Final = re.compile(r"::(?=[A-Za-z])")
_STYLES: Final = {
    Verdict.OK: "green",
    Verdict.FLAKY: "yellow",
    Verdict.FAILED: "red",
    Verdict.UNCHECKED: "yellow",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What may be drawn on a stream of that `encoding`; `plain` where it takes ASCII signs only."""

    encoding: str
    plain: bool

    @classmethod
    def on(cls, encoding: str | None) -> "Look":
        """Return the look for `encoding` (None: any text is taken)."""
        name = encoding or "utf-8"
        return cls(encoding=name, plain=_SIGNS.encode(name, "ignore").decode(name) != _SIGNS)

    def verdict(self, verdict: Verdict) -> Text:
        """Return a sign and a word; the colour only adds to them."""
        return Text(f"{self._sign(verdict)} {verdict.value}", style=style(verdict), no_wrap=True)

    def sign(self, verdict: Verdict) -> Text:
        """Return the sign alone, where the word has no room."""
        return Text(self._sign(verdict), style=style(verdict), no_wrap=True)

    def foreign(self, text: str) -> str:
        """Return text of others, harmless, encodable and of bounded length."""
        # Folded, it may begin a line; one that begins with "::error" commands a runner of GitHub's.
        harmless = _COMMAND.sub(r":\\x3a", shortened(printable(text), _LONGEST_TEXT))
        return harmless.encode(self.encoding, "backslashreplace").decode(self.encoding)

    def pick(self, sign: str, plain: str) -> str:
        """Return `sign` where the stream takes it, else `plain`."""
        return plain if self.plain else sign

    @property
    def overflow(self) -> OverflowMethod:
        """How a line ends that is cut."""
        return "crop" if self.plain else "ellipsis"

    def table(self) -> Table:
        """Return an empty table as all of ours are: bold heads, a line under them, and no other frame."""
        return Table(
            box=self._box,
            show_edge=False,
            pad_edge=False,
            padding=(0, 1, 0, 0),
            header_style="bold",
            border_style="dim",
        )

    @property
    def _box(self) -> Box:
        line = self.pick("─", "-")
        return Box(f"    \n    \n {line}{line} \n    \n    \n    \n    \n    \n", ascii=self.plain)

    def _sign(self, verdict: Verdict) -> str:
        match verdict:
            case Verdict.OK:
                return self.pick("✓", "+")
            case Verdict.FLAKY:
                return "~"
            case Verdict.FAILED:
                return self.pick("✗", "x")
            case Verdict.UNCHECKED:
                return "?"
            case _:
                assert_never(verdict)


def style(verdict: Verdict) -> str:
    """Return the colour of `verdict`, one of the terminal's own."""
    return _STYLES[verdict]
