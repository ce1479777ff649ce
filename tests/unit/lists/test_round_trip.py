"""What is written out is read again as the same target, whatever the list, the flags and the variables say."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allup.lists.formats.inert import as_it_was
from allup.lists.line import LineDefaults, format_line, parse_line
from allup.lists.options import OPTIONS, line_defaults
from allup.lists.template import Template
from allup.lists.words import quoted
from allup.model.harmful import HARMFUL
from allup.model.target import Entry, InvalidTarget, Origin, Target
from allup.report.listing_format import ListingFormat

VARIABLES = {
    "QUOTES": "'\"`",
    "LINES": "a\nb\r\n",
    "REFERENCE": "${QUOTES} \\${QUOTES}",
    "SLASHES": "\\\\",
    "ESCAPE": "\x1b[2J\u202e",
    "EMPTY": "",
}
NOTHING_SAID = LineDefaults(variables=VARIABLES)
SINGLE = [option for option, one in OPTIONS.items() if not one.several and option not in {"name", "group", "location"}]

TRICKY = st.text(alphabet="ab \t${}\\'\"#=:@/[]\n\r\x1b\u202e\u2028\udcff\U000e0001é", max_size=12)
TEXTS = TRICKY | st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
PLAIN = st.text(alphabet="ab 1=+-@,;\"'$\\#", min_size=1, max_size=8).filter(lambda text: text[0] != "'")


@st.composite
def templates(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS) -> Template:
    literals = draw(st.lists(texts, min_size=1, max_size=3))
    return Template("\0".join(literals), tuple(draw(st.sampled_from(sorted(VARIABLES))) for _ in literals[1:]))


def written(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Template]:
    return texts.map(Template)


def with_prefix(prefix: str, values: st.SearchStrategy[Template]) -> st.SearchStrategy[Template]:
    return values.map(lambda value: Template(prefix + value.masked, value.names))


def header_values(texts: st.SearchStrategy[Template]) -> st.SearchStrategy[Template]:
    name = st.sampled_from(["X-A: ", "x-a:", "X-B: "])
    return st.tuples(name, texts).map(lambda pair: Template(pair[0] + pair[1].masked, pair[1].names))


EXPRESSIONS = written(st.sampled_from(["^a", r"\d{2}\$", "(?i)b|'c'", 'x"y"', r"\$\{A\}", "[[:alpha:]]#"]))
VALUES: dict[str, st.SearchStrategy[Template]] = {
    "name": with_prefix("n", templates()),
    "group": with_prefix("g", templates()),
    "method": written(st.sampled_from(["get", "PUT", "PURGE"])),
    "header": header_values(written(st.text(alphabet="ab '\"\\$#é{}=", max_size=6))),
    "data": templates(),
    "follow": written(st.just("no")),
    "timeout": written(st.integers(1, 99).map("{}s".format)),
    "retries": written(st.integers(0, 9).map(str)),
    "expect": written(st.sampled_from(["200", "2xx, 404", "200-299"])),
    "location": written(st.sampled_from(["/", "../x y#z", "//x.example", "https://u@x.example/?a='b'"])),
    "within": written(st.integers(1, 999).map("{}ms".format)),
    "contains": with_prefix("c", templates()),
    "matches": EXPRESSIONS,
    "expect-header": header_values(EXPRESSIONS),
    "json": with_prefix("$['a=b'].c=", templates()),
    "cert": written(st.integers(0, 99).map(str)),
}
URLS = st.builds(
    "{}h.example{}".format,
    st.sampled_from(["https://", "http://user@", "", "HTTP://"]),
    st.text(alphabet="ab/?#%'\"$\\{}=\u200b\ufeff\u202eé:", max_size=8).map("/{}".format),
)


def target(line: str, defaults: LineDefaults = NOTHING_SAID) -> Target:
    entry = parse_line(line, defaults, Origin())
    assert isinstance(entry, Target), (line, entry)
    return entry


@st.composite
def lines(draw: st.DrawFn, of: st.SearchStrategy[list[str]]) -> str:
    words = [f"{option}={quoted(draw(VALUES[option]))}" for option in draw(of)]
    return " ".join([draw(URLS), *draw(st.permutations(words))])


@st.composite
def flags(draw: st.DrawFn) -> LineDefaults:
    options = draw(st.lists(st.sampled_from([*SINGLE, "header", "contains", "json"]), unique=True, max_size=6))
    return line_defaults([(option, str(draw(VALUES[option]))) for option in options], VARIABLES)


SOME = st.lists(st.sampled_from(sorted(OPTIONS)), unique=True, max_size=6)
ALL = st.just([*OPTIONS])


def test_every_option_takes_part() -> None:
    assert set(VALUES) == set(OPTIONS)


@given(lines(SOME), flags())
def test_a_target_is_read_again_as_the_same_with_no_flags_at_all(line: str, defaults: LineDefaults) -> None:
    listed = target(line, defaults)
    text = format_line(listed)
    again = target(text)
    assert not HARMFUL.search(text)
    assert (again.href, again.host, again.name, again.group) == (listed.href, listed.host, listed.name, listed.group)
    assert (again.request, again.expectation) == (listed.request, listed.expectation)
    assert again.options == listed.options
    assert format_line(again) == text


def _says_all(line: str) -> str:
    """A line that names both headers of the strategies, so that no flag is left to say anything."""
    return f"{line} header=X-A:1 header=X-B:2 expect-header=x-a:1 expect-header=x-b:2"


@given(lines(ALL).map(_says_all), flags(), flags())
def test_a_line_that_says_all_means_the_same_under_any_flags(
    line: str, defaults: LineDefaults, others: LineDefaults
) -> None:
    listed = target(line, defaults)
    assert target(line, others) == listed
    # The text of a URL may have to be escaped, which makes it no other URL.
    assert replace(target(format_line(listed), others), url=listed.url) == listed


class Kept:
    """A sink that keeps what is written."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str, /) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


def listing(format_: ListingFormat, *entries: Entry) -> str:
    kept = Kept()
    report = format_.report(kept)
    report.start()
    for entry in entries:
        report.add(entry)
    report.finish()
    return kept.text


@given(st.lists(lines(SOME), max_size=4))
def test_json_holds_the_same_targets(texts: list[str]) -> None:
    targets = [target(text) for text in texts]
    document = json.loads(listing(ListingFormat.JSON, *targets))
    assert [_from_object(one) for one in document] == targets


def _from_object(found: dict[str, str | list[str]]) -> Target:
    words = [
        f"{option}={quoted(Template.parse(text))}"
        for option, said in found.items()
        for text in ([said] if isinstance(said, str) else said)
        if option != "url"
    ]
    return target(" ".join([str(found["url"]), *words]))


@given(st.lists(PLAIN, min_size=1, max_size=3), PLAIN)
def test_csv_holds_the_same_values(contained: list[str], name: str) -> None:
    options = [("name", f"n{name}"), ("data", name), *(("contains", text) for text in contained)]
    words = [f"{option}={quoted(Template(text))}" for option, text in options]
    (row,) = csv.DictReader(io.StringIO(listing(ListingFormat.CSV, target(" ".join(["h.example", *words])))))
    assert row["url"] == "https://h.example"
    assert as_it_was(row["name"]) == f"n{name}"
    assert as_it_was(row["data"]) == name
    assert as_it_was(row["contains"]).split("\n") == contained
    assert row["header"] == ""


def test_no_cell_is_a_formula_for_a_spreadsheet() -> None:
    row = listing(ListingFormat.CSV, target("h.example data='=HYPERLINK(0)' contains=@SUM name=-1")).splitlines()[1]
    assert row == "https://h.example,'-1,,,,'=HYPERLINK(0),,,,,,,'@SUM,,,,"


@pytest.mark.parametrize("quote", ['"{}"'.format, "{}".format, "'a'\"{}\"".format, "$'a'\"{}\"".format])
@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_what_a_variable_holds_is_taken_as_it_is(name: str, quote: Callable[[str], str]) -> None:
    listed = target(f"h.example data={quote('${' + name + '}')}")
    assert listed.request.data in {VARIABLES[name], f"a{VARIABLES[name]}"}
    assert f"${{{name}}}" in format_line(listed)
    assert target(format_line(listed)) == listed


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (r'"\${EMPTY}"', "${EMPTY}"),
        (r"\${EMPTY}", "${EMPTY}"),
        (r"'\${EMPTY}'", r"\${EMPTY}"),
        (r"$'\\${EMPTY}'", r"\${EMPTY}"),
        (r'"\\${EMPTY}"', "\\"),
        (r'"\\\${EMPTY}"', r"\${EMPTY}"),
        (r'"\\\\${EMPTY}"', "\\\\"),
    ],
)
def test_backslashes_before_a_variable_mean_what_they_mean_to_a_shell(value: str, data: str) -> None:
    listed = target(f"h.example data={value}")
    assert listed.request.data == data
    assert target(format_line(listed)) == listed


@pytest.mark.parametrize("option", sorted(OPTIONS))
@pytest.mark.parametrize("held", ["hunter2\0", None])
def test_a_variable_with_no_text_makes_the_line_invalid_and_is_named(option: str, held: str | None) -> None:
    variables = {} if held is None else {"PW": held}
    entry = parse_line(f'h.example {option}="${{PW}}"', LineDefaults(variables=variables), Origin())
    assert isinstance(entry, InvalidTarget)
    assert entry.reason.startswith(f"{option}: ${{PW}} ")
    assert "hunter2" not in repr(entry)


@pytest.mark.parametrize("option", sorted(OPTIONS))
def test_what_a_variable_holds_is_in_no_message_and_no_listing(option: str) -> None:
    secret = "hunter2"  # for most options no right value, and for some a part of one
    defaults = LineDefaults(variables={"PW": secret})
    for value in ("${PW}", "X-A: ${PW}", "$.a=${PW}", "$[${PW}]=1", "https://u:${PW}@h.example/", "(${PW}"):
        entry = parse_line(f'h.example {option}="{value}"', defaults, Origin())
        assert entry is not None
        assert secret not in "".join(listing(format_, entry) for format_ in ListingFormat)
        # A method is asked for under its own name, and is in the record.
        assert secret not in repr(entry).replace("method='hunter2'", "")


@given(TEXTS, st.sampled_from(["text", "json", "csv"]))
@settings(max_examples=50)
def test_what_cannot_be_read_stays_so(text: str, format_: str) -> None:
    entry = parse_line(f"ftp://h.example/ {text}", NOTHING_SAID, Origin())
    assert isinstance(entry, InvalidTarget)
    said = listing(ListingFormat(format_), entry)
    assert not HARMFUL.search(said.replace("\n", ""))
    if format_ == "text":
        assert len(said.splitlines()) == 1
        assert isinstance(parse_line(said, NOTHING_SAID, Origin()), InvalidTarget)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("h.example\tfoo", "h.example foo"),
        ("h.example header='A: \x01'", "\"h.example header='A: \\x01'\""),
        ("h.example/\x1b foo", "h.example/\\x1b foo"),
    ],
)
def test_what_was_escaped_is_no_target_when_it_is_read_again(line: str, shown: str) -> None:
    entry = parse_line(line, NOTHING_SAID, Origin())
    assert entry is not None
    assert listing(ListingFormat.TEXT, entry) == f"{shown}\n"
    assert isinstance(parse_line(shown, NOTHING_SAID, Origin()), InvalidTarget)
