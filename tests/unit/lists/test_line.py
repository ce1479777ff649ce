import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allup.lists.line import LineDefaults, parse_line
from allup.model.target import Entry, InvalidTarget, Origin, Request, Target

_DEFAULTS = LineDefaults(request=Request(timeout_s=3.0))
_ORIGIN = Origin(source="urls.txt", line=14)


def _target(text: str) -> Target:
    entry = parse_line(text, _DEFAULTS, _ORIGIN)
    assert isinstance(entry, Target), entry
    return entry


def _invalid(text: str) -> InvalidTarget:
    entry = parse_line(text, _DEFAULTS, _ORIGIN)
    assert isinstance(entry, InvalidTarget), entry
    return entry


@pytest.mark.parametrize("text", ["", "   ", "# https://h.example", "  #x"])
def test_blank_lines_and_comments_ask_for_nothing(text: str) -> None:
    assert parse_line(text, _DEFAULTS, _ORIGIN) is None


def test_a_plain_line_shares_the_defaults() -> None:
    target = _target("https://h.example/  # a comment")
    assert target.request is _DEFAULTS.request
    assert target.expectation is _DEFAULTS.expectation
    assert str(target.origin) == "urls.txt:14"


@pytest.mark.parametrize(
    "text", ["https://h.example/#top", "https://h.example/#top # x", "https://h.example/#top name=a#b"]
)
def test_a_fragment_survives_a_comment(text: str) -> None:
    assert _target(text).href == "https://h.example/#top"


def test_the_url_is_taken_raw() -> None:
    assert _target("""https://h.example/it's"$x name=y""").url == """https://h.example/it's"$x"""


def test_options_are_read() -> None:
    target = _target("""h.example name='the "shop"' method=head expect=2xx,404 timeout=500ms # all""")
    assert target.name == 'the "shop"'
    assert target.request == Request(method="HEAD", timeout_s=0.5)
    assert target.expectation.statuses.ranges == ((200, 299), (404, 404))


def test_a_hash_inside_a_word_is_no_comment() -> None:
    assert _target("h.example name=a#b #c").name == "a#b"


def test_double_quotes_escape_as_in_a_shell() -> None:
    assert _target(r'h.example name="a\"b\$\x"').name == r'a"b$\x'


@given(st.text(min_size=1).filter(str.strip).filter(lambda name: not {"\0", "@"} & set(name) and "${" not in name))
def test_what_a_shell_would_quote_comes_back(name: str) -> None:
    assert _target(f"h.example name={shlex.quote(name)} expect=200").name == name


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("foo", "not a URL"),
        ("h.example exepct=200", "unknown option 'exepct': did you mean expect?"),
        ("h.example zzz=200", "the options are name, group, method, header"),
        ("h.example name=a name=b", "option name is given twice"),
        ("h.example fast", "'fast' is not an option: write option=value"),
        ("h.example name=", "name: a name has at least one character"),
        ("h.example expect=abc", "expect: 'abc' is not a status"),
        ("h.example timeout=0", "timeout: '0' is out of range"),
        ("h.example method=connect", "method: CONNECT opens a tunnel"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(text: str, reason: str) -> None:
    entry = _invalid(text)
    assert reason in entry.reason
    assert entry.text == text.strip()
    assert entry.origin is _ORIGIN


@pytest.mark.parametrize(
    ("text", "reason", "column"),
    [
        ("  h.example name='a b", "the quote ' is not closed", 18),
        ('h.example name="a b', 'the quote " is not closed', 16),
        ("h.example name=a\\", "the backslash has nothing after it", 17),
        ("h.example name=a exepct=200", "unknown option 'exepct': did you mean expect?", 18),
        ("\th.example  expect=abc", "expect: 'abc' is not a status", 13),
        ("h.example name=a name=b", "option name is given twice", 18),
        ("h.example name=${", "${ begins no variable", 16),
        ('h.example name="a ${b-c}"', "${ begins no variable", 19),
        ("h.example name=$'a\\x00'", "is no character", 19),
    ],
)
def test_the_place_in_the_line_is_named(text: str, reason: str, column: int) -> None:
    entry = _invalid(text)
    assert reason in entry.reason
    assert entry.column == column
    assert entry.diagnosis.startswith(f"urls.txt:14:{column}: ")


@pytest.mark.parametrize(
    ("text", "printable"),
    [
        ("https://u:s3cr3t@h.example x=1", "https://u@h.example x=1"),
        ("https://u:s3cr3t/@h.example", "https://u@h.example"),
        ("h.example 'header=Authorization: Bearer s3cr3t' x=1", "h.example 'header=Authorization: ..."),
        ('h.example header="cookie:s3cr3t', 'h.example header="cookie: ...'),
        ("h.example Authorization:s3cr3t", "h.example Authorization: ..."),
        ("h.example password=s3cr3t", "h.example password= ..."),
        ("Cookie: a=s3cr3t", "Cookie: ..."),
    ],
)
def test_an_invalid_line_keeps_its_secrets(text: str, printable: str) -> None:
    entry = _invalid(text)
    assert entry.text == printable
    assert "s3cr3t" not in repr(entry)


@given(st.text())
def test_any_line_is_read_without_an_exception(text: str) -> None:
    parse_line(text, _DEFAULTS, _ORIGIN)


@given(st.text(alphabet="ab='\"\\ #$`\t"))
def test_any_options_are_read_without_an_exception(text: str) -> None:
    assert parse_line(f"h.example {text}", _DEFAULTS, _ORIGIN) is not None


def test_lines_with_the_same_options_share_what_they_say_but_what_depends_on_their_url_or_place() -> None:
    def targets(options: str) -> list[Entry | None]:
        urls = ("https://a.test/", "https://bc.test/")
        return [parse_line(f"{url} {options}", _DEFAULTS, _ORIGIN) for url in urls]

    one, other = targets("expect=2xx")
    assert isinstance(one, Target)
    assert isinstance(other, Target)
    assert one.expectation is other.expectation
    assert [one.host, other.host] == ["a.test:443", "bc.test:443"]
    places = [one.expectation.location for one in targets("location=/login") if isinstance(one, Target)]
    assert [place and place.href for place in places] == ["https://a.test/login", "https://bc.test/login"]
    columns = [one.column for one in targets("expect=2xx colour=red") if isinstance(one, InvalidTarget)]
    assert columns == [28, 29]


def test_what_the_flags_say_is_not_mixed_up() -> None:
    fast, slow = (LineDefaults(request=Request(timeout_s=timeout_s)) for timeout_s in (1, 60))
    entries = [parse_line("https://a.test/ retries=0", defaults, Origin()) for defaults in (fast, slow)]
    assert [one.request.timeout_s for one in entries if isinstance(one, Target)] == [1, 60]
