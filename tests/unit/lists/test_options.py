"""The grammar of options: every one right and wrong, on a line and as a flag, and back again."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allup.lists.details import LineDefaults
from allup.lists.line import format_line, parse_line
from allup.lists.options import OPTIONS, OptionError, line_defaults
from allup.lists.template import Template
from allup.lists.words import quoted
from allup.model.harmful import HARMFUL
from allup.model.target import InvalidTarget, Origin, Target

_VARIABLES = {"TOKEN": "s3cr3t", "STATUS": "204", "SPACES": "a  b", "LINES": "a\nb"}
_DEFAULTS = LineDefaults(variables=_VARIABLES)
_URL = "https://h.example/a/b"


def _target(options: str, defaults: LineDefaults = _DEFAULTS) -> Target:
    entry = parse_line(f"{_URL} {options}", defaults, Origin())
    assert isinstance(entry, Target), entry
    return entry


def _reason(options: str, defaults: LineDefaults = _DEFAULTS) -> str:
    entry = parse_line(f"{_URL} {options}", defaults, Origin())
    assert isinstance(entry, InvalidTarget), entry
    return entry.reason


def _flags(*options: tuple[str, str]) -> LineDefaults:
    return line_defaults(options, _VARIABLES)


RIGHT = {
    "name": ["home", "'home page'", "${TOKEN}", r"\${TOKEN}", "'a # b'"],
    "group": ["mirrors", '"the mirrors"'],
    "method": ["get", "HEAD", "PURGE"],
    "header": ["'X-A: b'", '"Authorization: Bearer ${TOKEN}"', "X-Empty:", '"Cookie: a=${TOKEN}; b=${TOKEN}"'],
    "data": ["''", "a=b", """'{"a": 1}'""", r"$'a\nb\x1b'"],
    "follow": ["yes", "no", "NO"],
    "timeout": ["2s", "500ms", "1"],
    "retries": ["0", "100"],
    "expect": ["200", "2xx,401", "200-299", "${STATUS}"],
    "location": ["https://h.example/", "/login", "../x?y#z", "//other.example"],
    "within": ["2s", "1m"],
    "contains": ["Welcome", "'a b'", '"${SPACES}"', "${LINES}", "<h1>"],
    "matches": ["'v[0-9]+'", "'(?i)ok$'", '"^${STATUS}"', r"'\d{2}'", r"'(a+)+$'"],
    "expect-header": ["'Content-Type: ^text/'", "Server:nginx", '"X-A: ${TOKEN}"'],
    "json": [
        "$.status=ok",
        """'$["a b"][?@.c == 1].d=true'""",
        '"$.a=${STATUS}"',
        "$..x=",
        "'$[?search(@.a, \"b=c\")]=1'",
    ],
    "cert": ["0", "30", "36500"],
}

WRONG = {
    "name": [("''", "at least one character"), ('"${MISSING}"', "${MISSING} is not set")],
    "group": [("' '", "at least one character")],
    "method": [("'G T'", "is not a method"), ("CONNECT", "opens a tunnel")],
    "header": [("X-A", "write Name: value"), ("'X A: b'", "without spaces"), ('"X-A: ${LINES}"', "is not Name: value")],
    "data": [("${MISSING}", "is not set")],
    "follow": [("maybe", "neither yes nor no"), ("", "neither yes nor no")],
    "timeout": [("0", "out of range"), ("2x", "is not a duration"), ("${TOKEN}", "is not a duration such as")],
    "retries": [("101", "from 0 to 100"), ("-1", "from 0 to 100"), ("²", "from 0 to 100")],
    "expect": [("2x", "is not a status"), ("299-200", "empty range"), ("${TOKEN}", "is not statuses such as")],
    "location": [
        ("'https://a b/'", "' ' cannot be in a host"),
        ("ftp://h/", "scheme ftp is not supported"),
        ("''", "the location is empty"),
    ],
    "within": [("fast", "is not a duration")],
    "contains": [("''", "is in every body")],
    "matches": [("'('", "not a regular expression: missing )"), ("''", "is found everywhere"), ("'a{2,1}'", "")],
    "expect-header": [("X-A", "write Name: regular expression"), ("'X-A: ['", "not a regular"), ("'X A: b'", "header")],
    "json": [("$.a", "write PATH=VALUE"), ("'$[=1'", "PATH=VALUE"), ("a=b", "not a JSONPath"), ("'$.[=1'", "")],
    "cert": [("-1", "from 0 to 36500"), ("30d", "from 0 to 36500"), ("99999999999", "from 0 to 36500")],
}


def test_every_option_is_tried_right_and_wrong() -> None:
    assert set(RIGHT) == set(WRONG) == set(OPTIONS)


@pytest.mark.parametrize(("option", "value"), [(option, value) for option, values in RIGHT.items() for value in values])
def test_a_right_value_is_taken_and_comes_back(option: str, value: str) -> None:
    target = _target(f"{option}={value}")
    again = parse_line(format_line(target), LineDefaults(variables=_VARIABLES), Origin())
    assert again == target
    assert "s3cr3t" not in repr(target)


@pytest.mark.parametrize(
    ("option", "value", "reason"), [(option, *case) for option, cases in WRONG.items() for case in cases]
)
def test_a_wrong_value_is_told_with_its_option(option: str, value: str, reason: str) -> None:
    told = _reason(f"{option}={value}")
    assert told.startswith(f"{option}: ")
    assert reason in told
    assert "s3cr3t" not in told


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("exepct=1", "expect"), ("status=1", "expect"), ("Contains=a", "contains"), ("body=a", "contains"),
        ("cert-days=1", "cert"), ("expect-json=a", "json"), ("headers=a", "header"), ("retry=1", "retries"),
    ],
)  # fmt: skip
def test_the_nearest_word_is_named(word: str, meant: str) -> None:
    assert f"did you mean {meant}?" in _reason(word)


def test_several_of_one_kind_are_all_kept_in_their_order() -> None:
    target = _target("contains=a contains=b matches=c matches=d json=$.a=1 json=$.b=2 header=A:1 header=a:2")
    answer = target.expectation.answer
    assert [one.value for one in answer.contains] == ["a", "b"]
    assert [one.text for one in answer.matches] == ["c", "d"]
    assert [one.path for one in answer.json] == ["$.a", "$.b"]
    assert target.request.headers == (("A", "1"), ("a", "2"))


def test_a_line_wins_over_the_flags() -> None:
    defaults = _flags(("expect", "201"), ("contains", "flag"), ("contains", "too"), ("timeout", "5s"))
    target = _target("expect=202 contains=line", defaults)
    assert str(target.expectation.statuses) == "202"
    assert [one.value for one in target.expectation.answer.contains] == ["line"]
    assert target.request.timeout_s == 5.0
    assert target.options == (("timeout", "5s"), ("expect", "202"), ("contains", "line"))


def test_headers_of_a_line_replace_those_of_the_same_name_only() -> None:
    defaults = _flags(("header", "A: 1"), ("header", "B: 2"), ("expect-header", "X: 1"), ("expect-header", "Y: 2"))
    target = _target("header='a: 3' expect-header='y: 4'", defaults)
    assert target.request.headers == (("B", "2"), ("a", "3"))
    assert [(one.name, one.pattern.text) for one in target.expectation.answer.headers] == [("X", "1"), ("y", "4")]


def test_a_line_without_options_shares_what_the_flags_say() -> None:
    defaults = _flags(("expect", "201"), ("header", "A: 1"))
    target = parse_line(_URL, defaults, Origin())
    assert isinstance(target, Target)
    assert target.options is defaults.options
    assert target.expectation is defaults.expectation


def test_data_means_post_unless_a_method_is_named() -> None:
    assert _target("data=x").request.method == "POST"
    assert _target("data=x method=put").request.method == "PUT"
    assert _target("data=x", _flags(("method", "GET"))).request.method == "GET"
    assert _target("", _flags(("data", "x"))).request.method == "POST"
    assert "HEAD sends no data" in _reason("data=x method=HEAD")


def test_a_location_asserts_a_redirect_that_is_not_followed() -> None:
    target = _target("location=/login")
    assert not target.request.follow
    assert target.expectation.location is not None
    assert target.expectation.location.href == "https://h.example/login"
    assert 301 in target.expectation.statuses
    assert 200 not in target.expectation.statuses
    assert str(_target("location=/ expect=302").expectation.statuses) == "302"
    assert str(_target("location=/", _flags(("expect", "302"))).expectation.statuses) == "302"
    assert "write follow=no" in _reason("location=/ follow=yes")


def test_flags_that_follow_do_not_hold_for_a_line_that_asserts_a_redirect() -> None:
    target = _target("location=/", _flags(("follow", "yes")))
    assert not target.request.follow
    assert parse_line(format_line(target), _DEFAULTS, Origin()) == target


def test_an_answer_to_head_is_not_looked_into() -> None:
    for option in ("contains=a", "matches=a", "json=$.a=1"):
        assert "HEAD has no body" in _reason(f"method=HEAD {option}")
    _target("method=HEAD expect-header=A:b")


@pytest.mark.parametrize(
    ("option", "text"), [("header", "A: ${MISSING}"), ("expect", "${TOKEN}"), ("timeout", "x"), ("json", "a")]
)
def test_a_flag_is_refused_by_its_option_s_name(option: str, text: str) -> None:
    with pytest.raises(OptionError) as refused:
        _flags((option, text))
    assert refused.value.option == option
    assert "s3cr3t" not in str(refused.value)


@pytest.mark.parametrize("option", ["name", "group", "location", "unheard-of"])
def test_what_is_said_of_one_target_is_no_flag(option: str) -> None:
    with pytest.raises(OptionError):
        _flags((option, "/x"))


def test_flags_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(OptionError):
        _flags(("method", "HEAD"), ("contains", "a"))


@pytest.mark.parametrize(
    ("options", "written"),
    [
        ("header='Authorization: Basic c2VjcmV0'", 'header="Authorization: ${REDACTED}"'),
        ("header='X-Api-Key: hidden'", 'header="X-Api-Key: ${REDACTED}"'),
        ('header="Cookie: a=hidden; b=${TOKEN}"', 'header="Cookie: ${REDACTED}"'),
        ('header="Authorization: Basic hidden${TOKEN}"', 'header="Authorization: ${REDACTED}"'),
        ("data='user=me&password=hidden'", 'data="${REDACTED}"'),
        ("""data='{"api_key": 1, "token":"hidden"}'""", 'data="${REDACTED}"'),
    ],
)
def test_a_secret_is_not_written_out(options: str, written: str) -> None:
    target = _target(options)
    assert written in format_line(target)
    assert "hidden" not in repr(target)


def test_what_stands_for_a_secret_is_refused_when_it_is_read() -> None:
    assert "${REDACTED} is not set" in _reason('header="Authorization: ${REDACTED}"')


_ONE_TARGET = {"name", "group", "location"}
_WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)
_VALUES = {
    "name": _WORDS.filter(str.strip),
    "group": _WORDS.filter(str.strip),
    "method": st.sampled_from(["GET", "POST", "PURGE"]),
    "header": st.builds("X-{}: {}".format, st.sampled_from("AB"), st.text("a\"'\\$# b", max_size=6)),
    "data": _WORDS,
    "follow": st.just("no"),
    "timeout": st.integers(1, 99).map("{}s".format),
    "retries": st.integers(0, 9).map(str),
    "expect": st.sampled_from(["200", "2xx,404", "200-299"]),
    "location": st.sampled_from(["/", "https://x.example/y#z"]),
    "within": st.integers(1, 999).map("{}ms".format),
    "contains": _WORDS,
    "matches": _WORDS.map(lambda text: "".join(f"[{one}]" if one.isalnum() else r"\s" for one in text)),
    "expect-header": st.builds("X-{}: {}".format, st.sampled_from("AB"), st.sampled_from(["^a", "b|c"])),
    "json": st.builds("$.{}={}".format, st.sampled_from("ab"), _WORDS),
    "cert": st.integers(0, 99).map(str),
}


@st.composite
def option_lists(draw: st.DrawFn) -> list[tuple[str, Template]]:
    options = draw(st.lists(st.sampled_from(sorted(_VALUES)), max_size=6))
    seen: set[str] = set()
    chosen = []
    for option in options:
        if option not in seen or OPTIONS[option].several:
            variables = draw(st.booleans()) and option in {"name", "contains", "data"}
            value = Template(draw(_VALUES[option]))
            chosen.append(
                (option, replace(value, masked=value.masked + "\0", names=("SPACES",)) if variables else value)
            )
        seen.add(option)
    return chosen


def test_every_option_is_in_the_round_trip() -> None:
    assert set(_VALUES) == set(OPTIONS)


@given(option_lists(), option_lists())
def test_a_list_that_was_written_out_is_read_as_the_same(
    flags: list[tuple[str, Template]], options: list[tuple[str, Template]]
) -> None:
    defaults = line_defaults([(option, str(value)) for option, value in flags if option not in _ONE_TARGET], _VARIABLES)
    line = " ".join([_URL, *(f"{option}={quoted(value)}" for option, value in options)])
    target = parse_line(line, defaults, Origin())
    assert isinstance(target, Target), target
    written = format_line(target)
    assert not HARMFUL.search(written)
    assert parse_line(written, _DEFAULTS, Origin()) == target


@given(st.text(alphabet="ab='\"\\ #$`\t{}()[]:.=\n"), st.sampled_from(sorted(OPTIONS)))
def test_no_value_gives_an_exception(text: str, option: str) -> None:
    assert parse_line(f"{_URL} {option}={text}", _DEFAULTS, Origin()) is not None
