import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allup.lists.line import LineDefaults, parse_line
from allup.lists.selection import Selection
from allup.lists.source import UrlSource
from allup.lists.stream import TargetStream
from allup.model.selection import SelectionSettings
from allup.model.target import Entry, InvalidTarget, Origin
from allup.model.usage import UsageError


def _selection(include: Sequence[str] = (), exclude: Sequence[str] = ()) -> Selection:
    return Selection(SelectionSettings(include=tuple(include), exclude=tuple(exclude)), LineDefaults())


def _entries(*lines: str) -> list[Entry]:
    entries = [parse_line(line, LineDefaults(), Origin(source="urls.txt", line=1)) for line in lines]
    return [entry for entry in entries if entry is not None]


def _urls(entries: list[Entry]) -> list[str]:
    return [entry.text if isinstance(entry, InvalidTarget) else entry.url for entry in entries]


_LINES = ("https://a.example/x", "https://b.example/x", "https://b.example/staging")


@pytest.mark.parametrize(
    ("include", "exclude", "left"),
    [
        ((), (), (0, 1, 2)),
        (("b\\.example",), (), (1, 2)),
        ((), ("staging",), (0, 1)),
        (("a\\.", "staging$"), (), (0, 2)),
        (("b\\.",), ("staging",), (1,)),
        ((), (".",), ()),
    ],
)
def test_expressions_are_searched_in_the_url(
    include: tuple[str, ...], exclude: tuple[str, ...], left: tuple[int, ...]
) -> None:
    selection = _selection(include, exclude)
    assert _urls(list(selection.of(_entries(*_LINES)))) == [_LINES[number] for number in left]
    assert selection.excluded == len(_LINES) - len(left)


@given(st.lists(st.sampled_from("abc"), max_size=2), st.lists(st.sampled_from("abc"), max_size=2))
def test_every_target_is_either_left_or_counted(include: list[str], exclude: list[str]) -> None:
    urls = [f"https://h.example/{path}" for path in ("b", "c", "bc", "x")]
    selection = _selection([f"{one}$" for one in include], [f"{one}$" for one in exclude])
    left = list(selection.of(_entries(*urls)))
    wanted = [
        url
        for url in urls
        if (not include or any(re.search(f"{one}$", url) for one in include))
        and not any(re.search(f"{one}$", url) for one in exclude)
    ]
    assert _urls(left) == wanted
    assert selection.excluded == len(urls) - len(wanted)


def test_a_line_that_cannot_be_read_is_never_held_back() -> None:
    selection = _selection(exclude=["."])
    assert len(list(selection.of(_entries("https://h.example/ exepct=1")))) == 1
    assert selection.excluded == 0


def test_a_slow_expression_loses_no_line() -> None:
    selection = _selection(exclude=["(x+x+)+y|(?:(?:a|aa)+)+$"])
    (entry,) = selection.of(_entries("https://h.example/" + "a" * 200 + "!"))
    assert isinstance(entry, InvalidTarget)
    assert "was given up after 0.1s" in entry.reason


@pytest.mark.parametrize("flag", ["include", "exclude"])
def test_what_is_no_expression_is_a_usage_error(flag: str) -> None:
    with pytest.raises(UsageError, match=rf"--{flag}: not a regular expression: missing \)"):
        _selection(**{flag: ["("]})


async def test_what_is_not_wanted_is_no_repeat() -> None:
    sources = [UrlSource(text=url) for url in (*_LINES, *_LINES)]
    async with TargetStream(sources, LineDefaults(), SelectionSettings(exclude=("a\\.",))) as stream:
        entries: list[Entry] = []
        while (batch := await stream.next_batch()) is not None:
            entries.extend(batch)
    assert _urls(entries) == list(_LINES[1:])
    assert (stream.excluded, stream.repeats) == (2, 2)
