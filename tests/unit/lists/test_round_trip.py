"""What `format_line` writes is read again as the same target, over the whole grammar."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from allup.lists.line import LineDefaults, format_line, parse_line
from allup.lists.options import OPTIONS, line_defaults
from allup.lists.template import Template
from allup.lists.words import quoted, split_words
from allup.model.target import InvalidTarget, Origin, Target

VARIABLES = {"A": "one", "B": 'it\'s "${A}" \\ #', "CODE": "204"}
NO_FLAGS = LineDefaults(variables=VARIABLES)
FLAGS = line_defaults(
    [("timeout", "3s"), ("expect", "2xx"), ("header", "X-Flag: 1"), ("contains", "flag"), ("retries", "1")], VARIABLES
)
HERE = Origin(source="urls.txt", line=1)

# No "@" and ":": what looks like a user and a password is taken out of a name, and is no round trip.
TEXTS = st.text(
    st.one_of(st.sampled_from(list(" '\"\\$#=\t\n\x1b\u202e{}")), st.characters(exclude_characters="\0@:/")),
    min_size=1,
    max_size=20,
).filter(lambda text: text.strip() and "${" not in text)


def escaped(text: str) -> str:
    return str(Template(text))


TEMPLATES = st.one_of(
    TEXTS,
    st.builds(
        lambda before, name, after: f"{escaped(before)}${{{name}}}{escaped(after)}",
        TEXTS,
        st.sampled_from(list(VARIABLES)),
        TEXTS,
    ),
)
DURATIONS = st.sampled_from(["500ms", "2s", "1.5m", "1h", "3"])
VALUES = {
    "name": TEMPLATES,
    "group": TEMPLATES,
    "method": st.sampled_from(["GET", "post", "PURGE"]),
    "header": st.sampled_from(["X-One: 1", "X-Two:", "X-Flag: other", "X-Var: ${A}", 'X-Odd: a "b" \\ c']),
    "data": TEMPLATES,
    "follow": st.sampled_from(["yes", "NO"]),
    "timeout": DURATIONS,
    "retries": st.sampled_from(["0", "7"]),
    "expect": st.sampled_from(["200", "2xx,404", "200-299", "${CODE}"]),
    "location": st.sampled_from(["/elsewhere", "https://other.example/x?y", "../up"]),
    "within": DURATIONS,
    "contains": TEMPLATES,
    "matches": st.sampled_from([r"\d+", "a|b", "[\"']", r"\$\{", "${A}+"]),
    "expect-header": st.sampled_from(["Server: .", "X-One: ^1$", "Via:\\bproxy", "X-Var: ${A}"]),
    "json": st.sampled_from(["$.a=1", "$['x y'].z=two words", '$[?@.n=="="].up=true', "$.v=${A}"]),
    "cert": st.sampled_from(["0", "30"]),
}
URLS = st.sampled_from(
    ["https://h.example/", "h.example/a'b\"c$d\\e#f", "http://u@h.example:81/?q=1#x", "https://h.example/\u00fc"]
)


def line_of(url: str, options: list[tuple[str, str]]) -> str:
    return " ".join([url, *(f"{option}={quoted(Template.parse(text))}" for option, text in options)])


@st.composite
def options_of_a_line(draw: st.DrawFn) -> list[tuple[str, str]]:
    names = draw(st.lists(st.sampled_from(list(OPTIONS)), max_size=6))
    once = [name for at, name in enumerate(names) if OPTIONS[name].several or name not in names[:at]]
    return [(name, draw(VALUES[name])) for name in once]


def test_there_are_values_for_every_option() -> None:
    assert set(VALUES) == set(OPTIONS)


def same(one: Target, other: Target) -> bool:
    return replace(one, origin=HERE) == replace(other, origin=HERE)


@settings(deadline=None, max_examples=300)
@given(url=URLS, options=options_of_a_line(), flags=st.sampled_from([NO_FLAGS, FLAGS]))
def test_a_target_that_is_written_out_is_read_again_as_the_same(
    url: str, options: list[tuple[str, str]], flags: LineDefaults
) -> None:
    target = parse_line(line_of(url, options), flags, HERE)
    if isinstance(target, InvalidTarget):  # options that contradict each other
        return
    assert target is not None
    line = format_line(target)
    assert "\n" not in line
    again = parse_line(line, NO_FLAGS, HERE)
    assert isinstance(again, Target), again
    assert same(target, again)
    assert format_line(again) == line


@settings(deadline=None, max_examples=200)
@given(text=TEMPLATES)
def test_a_quoted_word_is_one_word_again(text: str) -> None:
    template = Template.parse(text)
    words = split_words(f"x {quoted(template)} # y", 2)
    assert [word.template for word in words] == [template]


@settings(deadline=None, max_examples=200)
@given(
    secret=st.text(st.characters(categories=["L", "N"]), min_size=8, max_size=12).map(lambda text: f"S3CR{text}"),
    form=st.sampled_from(
        [
            "h.example header='Authorization: Bearer {}'",
            "h.example header='Cookie: a={}'",
            "h.example header='X-Api-Key: {}'",
            "h.example data='password={}&x=1'",
            'h.example data=\'{{"token": "{}"}}\'',
            "https://u:{}@h.example/",
            "h.example location=https://u:{}@h.example/",
        ]
    ),
)
def test_a_secret_is_not_written_out_and_what_is_left_is_not_sent(secret: str, form: str) -> None:
    target = parse_line(form.format(secret), NO_FLAGS, HERE)
    assert isinstance(target, Target), target
    line = format_line(target)
    assert secret not in line
    assert secret not in repr(target)
    if "${REDACTED}" in line:
        assert isinstance(parse_line(line, NO_FLAGS, HERE), InvalidTarget)
