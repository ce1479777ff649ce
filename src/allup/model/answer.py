"""What an answer has to hold: headers, text, JSON; judged while the answer is at hand."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from allup.model.failure import Certainty, Failure, FailureKind, Phase

_MOST_SHOWN: Final = 100
_MOST_DIGITS: Final = 4_000
_SECRET_HEADERS: Final = frozenset({"set-cookie", "set-cookie2", "authorization", "proxy-authorization"})


class TooSlow(Exception):
    """A regular expression was given up; the message says which one, as it was written."""


class TooDeep(Exception):
    """A document is nested too deeply for a query; the message says which one, as it was written."""


class Pattern(Protocol):
    """A regular expression; `text` is as it was written."""

    @property
    def text(self) -> str:
        """The expression, fit to be printed."""
        ...

    def found_in(self, subject: str) -> bool:
        """Say whether it matches anywhere in `subject`; raises TooSlow."""
        ...


class Query(Protocol):
    """A JSONPath query (RFC 9535)."""

    def values(self, document: object) -> Sequence[object]:
        """Return what it selects from `document`; raises TooSlow, TooDeep."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderExpectation:
    """A header in which `pattern` is found; `text` is its name as it was written."""

    name: str
    text: str
    pattern: Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class TextExpectation:
    """Text that the body contains; `text` is as it was written, `value` what is looked for."""

    text: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonExpectation:
    """A query all of whose results, one at least, are `value`.

    `path` and `text`, the expected value, are as they were written. A string is `value` where it is
    the same text; anything else where `value` is its JSON.
    """

    path: str
    text: str
    query: Query
    value: str = field(repr=False)

    def accepts(self, found: object) -> bool:
        """Say whether `found`, a value of a JSON document, is the expected one."""
        if isinstance(found, str) and found == self.value:
            return True
        try:
            return _same(_read_json(self.value), found)
        except (ValueError, RecursionError):
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The text of an answer's body; where it is not `complete`, only its first `limit` bytes were read."""

    text: str
    complete: bool
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerExpectation:
    """What an answer has to hold beside its status; false where that is nothing."""

    headers: tuple[HeaderExpectation, ...] = ()
    contains: tuple[TextExpectation, ...] = ()
    matches: tuple[Pattern, ...] = ()
    json: tuple[JsonExpectation, ...] = ()

    def __bool__(self) -> bool:
        """Say whether anything is expected."""
        return bool(self.headers) or self.wants_body

    @property
    def wants_body(self) -> bool:
        """Whether the body has to be read."""
        return bool(self.contains or self.matches or self.json)

    @property
    def is_quick(self) -> bool:
        """Whether the judgement takes no longer than a look through the body."""
        return not (self.headers or self.matches or self.json)

    def judge_headers(self, values_of: Callable[[str], Sequence[str]]) -> Failure | None:
        """Return what is wrong with the headers, of which `values_of` returns those of a name."""
        return _first(_header_failure(one, values_of(one.name)) for one in self.headers)

    def judge_body(self, body: Body) -> Failure | None:
        """Return what is wrong with `body`."""
        return _first(self._body_failures(body))

    def _body_failures(self, body: Body) -> Iterator[Failure | None]:
        for text in self.contains:
            if text.value not in body.text:
                yield _missing(FailureKind.CONTENT, f"{_quoted(text.text)} is not in the body", body)
        for pattern in self.matches:
            if not pattern.found_in(body.text):
                yield _missing(FailureKind.CONTENT, f"nothing in the body matches {_quoted(pattern.text)}", body)
        if self.json:
            yield from _json_failures(self.json, body)


def _first(failures: Iterator[Failure | None]) -> Failure | None:
    try:
        return next((failure for failure in failures if failure is not None), None)
    except TooSlow as error:
        return Failure(
            kind=FailureKind.LOCAL,
            certainty=Certainty.LOCAL,
            phase=Phase.RECEIVE,
            detail=str(error),
            hint="simplify the expression: nested repeats such as (a+)+ take time without bound",
        )


def _header_failure(expected: HeaderExpectation, values: Sequence[str]) -> Failure | None:
    if any(expected.pattern.found_in(value) for value in values):
        return None
    wanted = f"expected one that matches {_quoted(expected.pattern.text)}"
    if not values:
        return _failure(FailureKind.HEADER, f"no {expected.text} header, {wanted}")
    # Cookies are never printed.
    secret = expected.name.lower() in _SECRET_HEADERS
    return _failure(FailureKind.HEADER, f"{expected.text}: {'...' if secret else _shown(values[0])}, {wanted}")


def _json_failures(expectations: Sequence[JsonExpectation], body: Body) -> Iterator[Failure | None]:
    if not body.complete:
        yield _missing(FailureKind.JSON, "the body is too long to be read as JSON", body)
        return
    try:
        document = _read_json(body.text)
    except (ValueError, RecursionError):
        yield _failure(FailureKind.JSON, "the body is not JSON")
        return
    for one in expectations:
        try:
            yield _value_failure(one, one.query.values(document))
        except TooDeep as error:
            yield _failure(FailureKind.JSON, str(error))


def _value_failure(expected: JsonExpectation, found: Sequence[object]) -> Failure | None:
    if not found:
        return _failure(FailureKind.JSON, f"nothing at {expected.path}, expected {_shown(expected.text)}")
    others = [value for value in found if not expected.accepts(value)]
    if not others:
        return None
    return _failure(FailureKind.JSON, f"{expected.path} is {_as_json(others[0])}, expected {_shown(expected.text)}")


def _as_json(value: object) -> str:
    try:
        return _shown(json.dumps(value, ensure_ascii=False))
    except RecursionError:
        return "deeply nested"


def _read_json(text: str) -> object:
    return json.loads(text, parse_constant=_refuse, parse_int=_whole_number)


def _whole_number(digits: str) -> float:
    # Python refuses to make an int of thousands of digits; as JSON they are fine.
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON, though Python reads it")


def _same(expected: object, found: object) -> bool:
    # In Python True is 1; in JSON it is not, while 1 and 1.0 are the same number.
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(_same, expected, found))
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(_same(value, found[key]) for key, value in expected.items())
    return expected == found


def _missing(kind: FailureKind, detail: str, body: Body) -> Failure:
    if body.complete:
        return _failure(kind, detail)
    return _failure(kind, f"{detail}: its first {body.limit:,} bytes were read", hint="--max-body reads more")


def _failure(kind: FailureKind, detail: str, *, hint: str | None = None) -> Failure:
    return Failure(kind=kind, certainty=Certainty.DEFINITE, phase=Phase.RECEIVE, detail=detail, hint=hint)


def _quoted(text: str) -> str:
    return f'"{_shown(text)}"'


def _shown(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."
