"""A shard's part of a list, and what it knows of the whole."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from allup.lists.line import LineDefaults, parse_line
from allup.lists.selection import Selection
from allup.model.selection import SelectionSettings
from allup.model.shard import Shard, Share
from allup.model.target import Entry, InvalidTarget, Origin

HOSTS = st.sampled_from([f"https://{name}.example" for name in "abcdefgh"])
LINES = st.lists(
    st.one_of(HOSTS, HOSTS.map("{} expect=404".format), HOSTS.map("{} nonsense".format), st.just("rubbish")),
    max_size=30,
)


def entries(lines: list[str], source: str = "urls.txt") -> list[Entry]:
    found = [parse_line(line, LineDefaults(), Origin(source=source, line=at)) for at, line in enumerate(lines, 1)]
    return [entry for entry in found if entry is not None]


def part(
    listed: list[Entry], index: int, count: int, settings: SelectionSettings | None = None
) -> tuple[list[Entry], Share, Selection]:
    shard = Shard(index=index, count=count)
    selection = Selection(replace(settings or SelectionSettings(), shard=shard), LineDefaults())
    found = list(selection.of(listed))
    assert selection.share is not None
    return found, selection.share, selection


def index_of(entry: Entry) -> int:
    assert entry.origin.index is not None
    return entry.origin.index


def bare(entry: Entry) -> Entry:
    return replace(entry, origin=replace(entry.origin, index=None))


@given(lines=LINES, count=st.integers(1, 5))
def test_the_shards_together_are_the_list(lines: list[str], count: int) -> None:
    listed = entries(lines)
    whole = Selection(SelectionSettings(), LineDefaults())
    expected = list(whole.of(listed))

    parts = [part(listed, index, count) for index in range(1, count + 1)]

    together = sorted((entry for found, *_ in parts for entry in found), key=index_of)
    assert [bare(entry) for entry in together] == expected
    assert len(set(map(index_of, together))) == len(together)
    assert sum(selection.repeats for *_, selection in parts) == whole.repeats
    assert len({(share.digest, share.listed, share.targets) for _, share, _ in parts}) == 1
    assert parts[0][1].listed == len(listed)
    assert parts[0][1].targets == sum(not isinstance(entry, InvalidTarget) for entry in listed)


def test_a_host_is_in_one_shard_whatever_its_urls_are() -> None:
    listed = entries([f"https://example.org/{number}" for number in range(50)] + ["example.org:443/more"])
    assert sorted(len(part(listed, index, 4)[0]) for index in range(1, 5)) == [0, 0, 0, 51]


def test_what_is_left_out_is_counted_by_all_and_numbered_by_none() -> None:
    settings = SelectionSettings(exclude=("staging",))
    listed = entries(["https://a.example/staging", "https://b.example/", "https://a.example/"])
    parts = [part(listed, index, 2, settings) for index in (1, 2)]
    assert sorted(index_of(entry) for found, *_ in parts for entry in found) == [1, 2]
    assert [(selection.excluded, share.listed) for _, share, selection in parts] == [(1, 2), (1, 2)]


def test_lists_are_told_apart_by_what_they_say_and_not_by_their_paths() -> None:
    def digest(*lines: str, source: str = "urls.txt") -> str:
        return part(entries(list(lines), source), 1, 2)[1].digest

    same = digest("https://a.example", "https://b.example")
    assert digest("https://a.example", "https://b.example", source="/elsewhere/urls.txt") == same
    others = [
        digest("https://b.example", "https://a.example"),
        digest("https://a.example"),
        digest("https://a.example", "", "https://b.example"),
        digest("https://a.example", "https://b.example expect=404"),
        digest("https://a.example", "https://b.example name=b"),
        digest("https://a.example", "https://b.example", "rubbish"),
    ]
    assert len({same, *others}) == 7


def test_without_a_shard_nothing_is_numbered() -> None:
    selection = Selection(SelectionSettings(), LineDefaults())
    assert [entry.origin.index for entry in selection.of(entries(["https://a.example"]))] == [None]
    assert selection.share is None
