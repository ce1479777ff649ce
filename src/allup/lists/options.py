"""The grammar of options: what a line of a list, and a flag, may say, each with its parser."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final

from allup.lists.details import Details, LineDefaults, Value
from allup.lists.header import parse_header, parse_header_name
from allup.lists.json_path import JsonPath, split_assignment
from allup.lists.method import parse_method
from allup.lists.pattern import RegularExpression
from allup.lists.redaction import is_secret_name, printable_line, printable_url
from allup.lists.secrets import REDACTED, without_secret
from allup.lists.template import Template
from allup.lists.url import join_url
from allup.lists.words import BadWord, Word
from allup.model.answer import HeaderExpectation, JsonExpectation, TextExpectation
from allup.model.duration import parse_duration
from allup.model.expectation import CertificateDays, LatencyBudget, Pointer
from allup.model.statuses import Statuses

MOST_RETRIES: Final = 100
MOST_DAYS: Final = 36_500


class OptionError(ValueError):
    """An option that cannot be taken as it stands; the message is for people and holds no secret."""

    def __init__(self, option: str, message: str) -> None:
        super().__init__(message)
        self.option = option


@dataclass(frozen=True, slots=True)
class Option:
    """How an option is taken; `form` says how to write it, `several` whether it may be given more than once."""

    take: Callable[[Details, Value], None]
    form: str
    several: bool = False


def _name(details: Details, value: Value) -> None:
    details.name = printable_url(_some(value, "a name has at least one character"))


def _group(details: Details, value: Value) -> None:
    details.group = printable_url(_some(value, "a group has a name of at least one character"))


def _method(details: Details, value: Value) -> None:
    details.ask(method=parse_method(value.text))


def _expect(details: Details, value: Value) -> None:
    statuses = Statuses.parse(value.text)
    details.expect(statuses=replace(statuses, text=value.shown) if value.template.names else statuses)


def _within(details: Details, value: Value) -> None:
    details.expect(within=LatencyBudget(seconds=parse_duration(value.text), text=value.shown))


def _contains(details: Details, value: Value) -> None:
    text = value.text
    if not text:
        raise ValueError("an empty text is in every body")
    known = () if details.first("contains") else details.answer.contains
    details.expect_in_answer(contains=(*known, TextExpectation(text=value.shown, value=text)))


def _matches(details: Details, value: Value) -> None:
    known = () if details.first("matches") else details.answer.matches
    details.expect_in_answer(matches=(*known, _regular_expression(value)))


def _header(details: Details, value: Value) -> None:
    name, text = parse_header(value.text)
    known = details.request.headers
    if details.first_header("header", name):
        known = tuple(one for one in known if one[0].lower() != name.lower())
    details.ask(headers=(*known, (name, text)))
    # Of "Bearer TOKEN" it is the token that a server may say again.
    details.keep_secret(value, *((text, text.rpartition(" ")[2]) if is_secret_name(name) else ()))


def _expect_header(details: Details, value: Value) -> None:
    colon = value.template.masked.find(":")
    if colon < 0:
        raise ValueError("write Name: regular expression")
    before, after = value.partition(colon)
    name = parse_header_name(before.text)
    known = details.answer.headers
    if details.first_header("expect-header", name):
        known = tuple(one for one in known if one.name.lower() != name.lower())
    expected = HeaderExpectation(name=name, text=before.shown, pattern=_regular_expression(after.stripped()))
    details.expect_in_answer(headers=(*known, expected))


def _data(details: Details, value: Value) -> None:
    try:
        value.text.encode("utf-8", "surrogateescape")  # as it is sent: an argument may hold any bytes
    except UnicodeEncodeError:
        raise ValueError("half of a surrogate pair in it, which cannot be sent") from None
    details.ask(data=value.text)
    details.keep_secret(value)


def _follow(details: Details, value: Value) -> None:
    follow = {"yes": True, "no": False}.get(value.text.lower())
    if follow is None:
        raise ValueError(f"{value.shown!r} is neither yes nor no")
    details.ask(follow=follow)


def _location(details: Details, value: Value) -> None:
    details.expect(location=Pointer(href=join_url(details.href, value.text).href, text=printable_url(value.shown)))


def _json(details: Details, value: Value) -> None:
    at = split_assignment(value.template.masked)
    if at < 0:
        raise ValueError("write PATH=VALUE, as in $.status=ok")
    path, expected = value.partition(at)
    query = JsonPath.parse(path.shown, path.text)
    known = () if details.first("json") else details.answer.json
    one = JsonExpectation(path=path.shown, text=expected.shown, query=query, value=expected.text)
    details.expect_in_answer(json=(*known, one))


def _cert(details: Details, value: Value) -> None:
    details.expect(certificate=CertificateDays(days=_number(value.text, MOST_DAYS), text=value.shown))


def _timeout(details: Details, value: Value) -> None:
    details.ask(timeout_s=parse_duration(value.text))


def _retries(details: Details, value: Value) -> None:
    details.ask(retries=_number(value.text, MOST_RETRIES))


def _some(value: Value, otherwise: str) -> str:
    if not value.text.strip():
        raise ValueError(otherwise)
    return value.shown


def _regular_expression(value: Value) -> RegularExpression:
    source = value.text
    if not source:
        raise ValueError("an empty expression is found everywhere")
    return RegularExpression.parse(value.shown, source)


def _number(text: str, most: int) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) > most:
        raise ValueError(f"{text!r} is not a number from 0 to {most}")
    return int(text)


OPTIONS: Final[Mapping[str, Option]] = {
    "name": Option(_name, "a text"),
    "group": Option(_group, "a text"),
    "method": Option(_method, "GET, HEAD or another method"),
    "header": Option(_header, "Name: value", several=True),
    "data": Option(_data, "a text"),
    "follow": Option(_follow, "yes or no"),
    "timeout": Option(_timeout, "a duration such as 500ms or 2s"),
    "retries": Option(_retries, f"a number from 0 to {MOST_RETRIES}"),
    "expect": Option(_expect, "statuses such as 200, 2xx or 200-299,401"),
    "location": Option(_location, "a URL"),
    "within": Option(_within, "a duration such as 500ms or 2s"),
    "contains": Option(_contains, "a text", several=True),
    "matches": Option(_matches, "a regular expression", several=True),
    "expect-header": Option(_expect_header, "Name: regular expression", several=True),
    "json": Option(_json, "PATH=VALUE, as in $.status=ok", several=True),
    "cert": Option(_cert, f"days, a number from 0 to {MOST_DAYS}"),
}
"""All options, in the order in which they are written out."""

_OF_ONE_TARGET: Final = frozenset({"name", "group", "location"})
_ELSEWHERE: Final = {
    "status": "expect", "statuses": "expect", "code": "expect", "body": "contains", "text": "contains",
    "regex": "matches", "headers": "header", "latency": "within", "max-time": "timeout", "redirect": "follow",
    "redirects": "follow", "cert-days": "cert", "expect-json": "json", "jsonpath": "json", "title": "name",
    "verb": "method",
}  # fmt: skip
"""What the options are called by other tools, and as flags."""


def read_options(
    words: Sequence[Word], defaults: LineDefaults, href: str
) -> tuple[Details, tuple[tuple[str, str], ...]]:
    """Return what the `words`, each ``option=value``, say on top of `defaults`, and all options in force as written.

    Raises BadWord where a word is no option, ValueError where two options contradict each other.
    """
    details = Details.upon(defaults, href)
    written: list[tuple[str, str]] = []
    for word in words:
        option, value = _split(word, written)
        if option in details.given and not OPTIONS[option].several:
            raise BadWord(f"option {option} is given twice: keep one", word.column)
        filled = Value(value, defaults.variables)
        try:
            _take(details, option, filled)
        except ValueError as error:
            raise BadWord(f"{option}: {error}", word.column) from None
        written.append((option, without_secret(option, filled)))
    options = _in_force(defaults.options, written, defaults.variables)
    details.settle({option for option, _ in options})
    return details, options


def line_defaults(options: Sequence[tuple[str, str]], variables: Mapping[str, str]) -> LineDefaults:
    """Return what `options`, names and values as flags have them, say of every line; raises OptionError."""
    details = Details.upon(LineDefaults(), "")
    written: list[tuple[str, str]] = []
    for option, text in options:
        if option not in OPTIONS or option in _OF_ONE_TARGET:
            raise OptionError(option, f"{option} cannot be said of all targets at once")
        try:
            value = Value(Template.parse(text), variables)
            _take(details, option, value)
        except ValueError as error:
            raise OptionError(option, str(error)) from None
        written.append((option, without_secret(option, value)))
    try:
        details.settle({option for option, _ in options})
    except ValueError as error:
        raise OptionError("method", str(error)) from None
    return LineDefaults(
        request=details.request,
        expectation=details.expectation,
        options=_in_force((), written, variables),
        variables=variables,
    )


def values_by_option(options: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    """Return `options`, names with values, as the values of each name."""
    values: dict[str, list[str]] = {}
    for option, text in options:
        values.setdefault(option, []).append(text)
    return values


def _take(details: Details, option: str, value: Value) -> None:
    value.text  # noqa: B018 - a variable that is not set is told as such, whatever the option
    try:
        OPTIONS[option].take(details, value)
    except ValueError as error:
        if not value.template.names:
            raise
        # The parser's own message may quote what a variable holds.
        raise ValueError(f"{value.shown}, its variables filled in, is not {OPTIONS[option].form}") from error
    details.given.add(option)


def _in_force(
    inherited: Sequence[tuple[str, str]], written: Sequence[tuple[str, str]], variables: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    replaced = {_identity(option, text, variables) for option, text in written}
    if ("location", "") in replaced:  # it has concluded that nothing is followed, whatever the flags say
        replaced.add(("follow", ""))
    kept = [one for one in inherited if _identity(*one, variables) not in replaced]
    return tuple(sorted([*kept, *written], key=lambda one: _RANK[one[0]]))


def _identity(option: str, text: str, variables: Mapping[str, str]) -> tuple[str, str]:
    if option not in {"header", "expect-header"}:
        return option, ""
    name = Template.parse(text.partition(":")[0])
    if name == REDACTED:  # a variable held the name too
        return option, ""
    return option, name.expand(variables).partition(":")[0].lower()


_RANK: Final = {option: rank for rank, option in enumerate(OPTIONS)}


def _split(word: Word, written: Sequence[tuple[str, str]]) -> tuple[str, Template]:
    at = word.template.masked.find("=")
    if at < 0:
        raise BadWord(_no_option(printable_line(word.template.shown), written), word.column)
    option, value = word.template.partition(at)
    if option.masked not in OPTIONS:
        shown = "" if _after_secret(written) else f" {option.shown!r}"
        raise BadWord(f"unknown option{shown}: {_suggestion(option.shown)}", word.column)
    return option.masked, value


def _no_option(shown: str, written: Sequence[tuple[str, str]]) -> str:
    if _after_secret(written):
        return "this is not an option: a value with blanks is quoted, as in header='Name: value'"
    near = f"; did you mean {_nearest(shown)}=?" if _nearest(shown) else ", or # before a comment"
    return f"{shown!r} is not an option: write option=value{near}"


def _after_secret(written: Sequence[tuple[str, str]]) -> bool:
    """Say whether the next word may be the rest of a secret, one that was not quoted: it is not to be printed."""
    return any(text.endswith((":", str(REDACTED))) for _, text in written)


def _nearest(option: str) -> str | None:
    known = _ELSEWHERE.get(option.lower())
    near = get_close_matches(option.lower(), OPTIONS, n=1)
    return known or (near[0] if near else None)


def _suggestion(option: str) -> str:
    near = _nearest(option)
    return f"did you mean {near}?" if near else f"the options are {', '.join(OPTIONS)}"
