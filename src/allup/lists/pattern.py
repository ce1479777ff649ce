"""Regular expressions that cannot stop a run.

The `regex` package has the syntax of Python's own, but can be told to give up, and to let other
threads go on meanwhile.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from allup.lists.expansion import check_expansion
from allup.lists.track_record import track_record
from allup.model.answer import TooSlow

if TYPE_CHECKING:
    import regex

PATIENCE_S: Final = 1.0
"""The most CPU time that one search may take."""
_MOST_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class RegularExpression:
    """A regular expression that is searched for; `text` is as it was written, `source` what is compiled."""

    text: str
    source: str = field(repr=False)

    @classmethod
    def parse(cls, text: str, source: str | None = None) -> "RegularExpression":
        """Return the expression `source`, `text` where it is None; raises ValueError with a message for people."""
        expression = cls(text, text if source is None else source)
        _compiled(expression.source)
        return expression

    def found_in(self, subject: str, *, patience_s: float = PATIENCE_S) -> bool:
        """Say whether it matches anywhere in `subject`; raises TooSlow."""
        record = track_record(self.source)
        record.check(f"the regular expression {self.text!r}")
        try:
            found = _compiled(self.source).search(subject, timeout=patience_s, concurrent=True) is not None
        except TimeoutError:
            record.gave_up()
            raise TooSlow(f"the regular expression {self.text!r} was given up after {patience_s:g}s") from None
        except MemoryError:  # (?R) without an end takes what `regex` allows itself
            record.gave_up()
            raise TooSlow(f"the regular expression {self.text!r} was given up: it takes too much memory") from None
        record.came_to_an_end()
        return found


@lru_cache(_MOST_KEPT)
def _compiled(source: str) -> "regex.Pattern[str]":
    import regex  # noqa: PLC0415 - most lists have no regular expression

    try:
        check_expansion(source)
    except ValueError as error:
        raise ValueError(f"not a regular expression that can be used: {error}") from None
    try:
        return regex.compile(source)
    except (regex.error, RecursionError, OverflowError) as error:
        why = getattr(error, "msg", None) or "too large"
        at = getattr(error, "pos", None)
        place = "" if at is None else f" at its position {at + 1}"
        raise ValueError(f"not a regular expression: {why}{place}") from None
