"""JSONPath (RFC 9535), by a library that passes the standard's compliance tests."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from allup.lists.expansion import check_expansion
from allup.lists.guard import Patience, TimeOver, guarded
from allup.lists.pattern import PATIENCE_S
from allup.lists.track_record import track_record
from allup.model.answer import TooDeep, TooSlow

if TYPE_CHECKING:
    from jsonpath_rfc9535 import JSONPathQuery

_DEEPEST: Final = 500
_MAY_TAKE_LONG: Final = re.compile(r"\*|\?|\.\.")
"""Wildcards, filters and descents: without them, a query takes a step a segment."""
_MOST_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A query; `text` is as it was written, `source` what is compiled."""

    text: str
    source: str = field(repr=False)

    @classmethod
    def parse(cls, text: str, source: str) -> "JsonPath":
        """Return the query `source`; raises ValueError with a message for people."""
        _compiled(source)
        return cls(text, source)

    def values(self, document: object) -> Sequence[object]:
        """Return what it selects from `document`, a JSON document as Python has it; raises TooSlow, TooDeep."""
        record = track_record(f"json {self.source}")
        record.check(f"the query {self.text!r}")
        try:
            found = self._found(document)
        except (TimeOver, TimeoutError, MemoryError):
            record.gave_up()
            raise TooSlow(f"the query {self.text!r} was given up after {PATIENCE_S:g}s") from None
        record.came_to_an_end()
        return found

    def _found(self, document: object) -> Sequence[object]:
        from jsonpath_rfc9535 import JSONPathError  # noqa: PLC0415 - most lists have no query

        patience = Patience(PATIENCE_S)
        try:
            searched = guarded(document, patience) if _MAY_TAKE_LONG.search(self.source) else document
            return list(_compiled(self.source).find(searched).values())  # type: ignore[arg-type]
        except (JSONPathError, RecursionError):
            raise TooDeep(f"{self.text}: the document is nested too deeply to be searched") from None
        finally:
            patience.end()


def split_assignment(text: str) -> int:
    """Return the index of the ``=`` that ends the path of ``path=value``: not one inside of brackets or quotes.

    Negative where there is none.
    """
    depth, quote, at = 0, "", 0
    while at < len(text):
        character = text[at]
        if quote:
            at += character == "\\"
            quote = "" if character == quote else quote
        elif depth and character in "'\"":
            quote = character
        elif character in "[(":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == "=" and depth <= 0:
            return at
        at += 1
    return -1


@lru_cache(_MOST_KEPT)
def _compiled(source: str) -> "JSONPathQuery":
    from jsonpath_rfc9535 import JSONPathError  # noqa: PLC0415 - most lists have no query

    try:
        query: JSONPathQuery = _environment().compile(source)
    except (JSONPathError, RecursionError, OverflowError) as error:
        why = str(error).split("\n", 1)[0] or "too deeply nested"
        raise ValueError(f"not a JSONPath: {why}") from None
    return query


@lru_cache(1)
def _environment() -> Any:
    import regex  # noqa: PLC0415 - most lists have no query
    from jsonpath_rfc9535 import JSONPathEnvironment  # noqa: PLC0415
    from jsonpath_rfc9535.function_extensions import ExpressionType, FilterFunction  # noqa: PLC0415

    class Matching(FilterFunction):
        """The standard's `match` and `search`, which can be given up."""

        arg_types = [ExpressionType.VALUE, ExpressionType.VALUE]  # noqa: RUF012 - the library's own form
        return_type = ExpressionType.LOGICAL

        def __init__(self, find: Any) -> None:
            self._find = find

        def __call__(self, subject: object, pattern: object) -> bool:
            if not isinstance(subject, str) or not isinstance(pattern, str):
                return False
            try:
                check_expansion(pattern)
                return bool(self._find(pattern, subject, timeout=PATIENCE_S, concurrent=True))
            except (regex.error, ValueError):
                return False

    environment = JSONPathEnvironment()
    environment.max_recursion_depth = _DEEPEST
    environment.function_extensions["match"] = Matching(regex.fullmatch)
    environment.function_extensions["search"] = Matching(regex.search)
    return environment
