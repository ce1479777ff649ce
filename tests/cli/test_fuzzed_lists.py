"""Lists that nobody would write: each line is a target, told to be none, a repeat, or asks for nothing."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from allup.lists.options import OPTIONS
from cli.driving import allup

CLOSED = "http://127.0.0.1:1/"
PIECES = st.one_of(
    st.sampled_from(
        [CLOSED.encode(), b"h.example", b"#", b" ", b"\t", b"'", b'"', b"\\", b"$", b"${A}", b"${", b"=", b"@"]
    ),
    st.sampled_from([f" {option}=".encode() for option in OPTIONS]),
    st.sampled_from([b"200", b"1s", b"(", b"$.a=1", b"X-A: b", b"\x00", b"\xff", b"\xe2\x80\xae", b"\x1b[31m", b"\r"]),
    st.binary(max_size=6).filter(lambda data: b"\n" not in data),
)
LINES = st.lists(st.lists(PIECES, max_size=8).map(b"".join), min_size=1, max_size=12)


def asks(line: bytes) -> bool:
    """Whether a line is no blank one, and no comment."""
    start = line.removesuffix(b"\r").decode("utf-8", "replace").lstrip()
    return bool(start) and not start.startswith("#")


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzzed") / "urls.txt"


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
def test_no_line_is_lost_and_what_is_none_is_explained_with_its_place(fuzzed: Path, lines: list[bytes]) -> None:
    assume(not lines[0].startswith(b"\x1f\x8b"))  # a packed list is none of lines
    fuzzed.write_bytes(b"\n".join(lines))
    first = lines[0].removeprefix(b"\xef\xbb\xbf")  # a BOM at the start is fine
    asked = [number for number, line in enumerate([first, *lines[1:]], 1) if asks(line)]

    outcome = allup("list", fuzzed, "--no-dedupe", "--format", "json", variables={"A": "a"})

    if "cannot be read: " in outcome.stderr:  # a PDF, a picture: known by how it begins
        assert (outcome.code, outcome.stdout) == (2, "")
        return
    assert outcome.code in ((0, 1) if asked else (2,))
    elements = json.loads(outcome.stdout or "[]")
    assert len(elements) == len(asked)
    places = re.findall(rf"^allup: {re.escape(str(fuzzed))}:(\d+)", outcome.stderr, re.MULTILINE)
    explained = [int(number) for number in places]
    if asked:
        assert explained == [number for number, one in zip(asked, elements, strict=True) if isinstance(one, str)]
    assert "Traceback" not in outcome.stderr


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(st.lists(PIECES, max_size=6).map(lambda rest: CLOSED.encode() + b"?" + b"".join(rest)), max_size=8)
)
def test_every_line_gets_its_record(fuzzed: Path, lines: list[bytes]) -> None:
    # Whatever follows, these ask nobody but a port that is closed, or are no targets.
    fuzzed.write_bytes(b"\n".join(lines))

    flags = ["--no-dedupe", "--retries", "0", "--no-follow", "--timeout", "2s", "-f", "jsonl"]
    outcome = allup("check", fuzzed, *flags, variables={"A": "a"})

    assert outcome.code == (1 if lines else 2)
    assert [record["line"] for record in outcome.records] == list(range(1, len(lines) + 1))
    assert {record["verdict"] for record in outcome.records} <= {"failed"}


def test_what_is_listed_is_listed_the_same_again(listed: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.txt"
    listed.write_text(
        "https://h.example/ name='two words' expect=2xx,404 header=\"Authorization: Bearer ${A}\" json=$.a=1 # x\n"
        "h.example:81/#top group=g within=500ms contains='it'\\''s \"${A}\"' matches='\\d+' cert=3\n"
        "h.example exepct=200\n"
    )
    flags = ["--timeout", "3s", "--header", "X-All: 1", "--retries", "0"]
    first = allup("list", listed, *flags, variables={"A": "a"})
    again.write_text(first.stdout)

    second = allup("list", again, variables={"A": "a"})

    assert second.stdout == first.stdout
    assert (first.code, second.code) == (1, 1)
