"""The options that a line of a list may carry, each with its parser; the flags share the parsers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final

from allup.lists.method import parse_method
from allup.lists.redaction import printable_line, printable_url
from allup.model.duration import parse_duration
from allup.model.expectation import Expectation
from allup.model.statuses import Statuses
from allup.model.target import Request

MOST_RETRIES: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDefaults:
    """What holds for a line without options; all such lines share these very objects."""

    request: Request = Request()
    expectation: Expectation = Expectation()


@dataclass(slots=True, kw_only=True)
class Details:
    """What a line says about its URL, while its options are being read."""

    name: str | None = None
    request: Request
    expectation: Expectation


def _name(details: Details, text: str) -> None:
    if not text.strip():
        raise ValueError("a name has at least one character")
    details.name = printable_url(text)


def _method(details: Details, text: str) -> None:
    details.request = replace(details.request, method=parse_method(text))


def _expect(details: Details, text: str) -> None:
    details.expectation = replace(details.expectation, statuses=Statuses.parse(text))


def _timeout(details: Details, text: str) -> None:
    details.request = replace(details.request, timeout_s=parse_duration(text))


def parse_retries(text: str) -> int:
    """Return a number of retries, from 0 to 100; raises ValueError with a message for people."""
    if not text.isascii() or not text.isdigit() or int(text[:4]) > MOST_RETRIES:
        raise ValueError(f"{text!r} is not a number from 0 to {MOST_RETRIES}")
    return int(text)


def _retries(details: Details, text: str) -> None:
    details.request = replace(details.request, retries=parse_retries(text))


OPTIONS: Final[Mapping[str, Callable[[Details, str], None]]] = {
    "name": _name,
    "method": _method,
    "expect": _expect,
    "timeout": _timeout,
    "retries": _retries,
}


def read_options(words: Sequence[str], defaults: LineDefaults) -> Details:
    """Return what the `words`, each ``option=value``, say on top of `defaults`.

    Raises ValueError with a message for people.
    """
    details = Details(request=defaults.request, expectation=defaults.expectation)
    seen: set[str] = set()
    for word in words:
        option, value = _split(word)
        if option in seen:
            raise ValueError(f"option {option} is given twice: keep one")
        seen.add(option)
        _apply(details, option, value)
    return details


def _split(word: str) -> tuple[str, str]:
    option, equals, value = word.partition("=")
    if not equals:
        raise ValueError(f"{printable_line(word)!r} is not an option: write option=value, or # before a comment")
    if option not in OPTIONS:
        raise ValueError(f"unknown option {option!r}: {_suggestion(option)}")
    return option, value


def _suggestion(option: str) -> str:
    near = get_close_matches(option.lower(), OPTIONS, n=1)
    return f"did you mean {near[0]}?" if near else f"the options are {', '.join(OPTIONS)}"


def _apply(details: Details, option: str, value: str) -> None:
    try:
        OPTIONS[option](details, value)
    except ValueError as error:
        raise ValueError(f"{option}: {error}") from None
