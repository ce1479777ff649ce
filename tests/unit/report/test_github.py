"""Annotations, read as a runner of GitHub Actions reads its log (ActionCommand of actions/runner)."""

import io
import re
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings

from allup.model.result import Result, Verdict
from allup.model.standing import is_known_failure
from allup.report.format import ReportFormat
from allup.report.outcome import needs_a_look
from unit.report.hostile import RESULTS, total, written

MakeResult = Callable[..., Result]
COMMANDS = ("error", "warning", "notice", "debug", "add-mask", "stop-commands", "group", "endgroup", "echo")


def unescaped(text: str, **more: str) -> str:
    for escape, character in {"%0D": "\r", "%0A": "\n", **more, "%25": "%"}.items():
        text = text.replace(escape, character)
    return text


def command(line: str) -> tuple[str, dict[str, str], str] | None:
    """The command of one line of a log, its properties and its message; None where it is none."""
    match = re.match(r"\s*::(.*?)::(.*)", line, re.DOTALL)
    if match is None:
        assert not re.search(rf"##\[({'|'.join(COMMANDS)})", line)
        return None
    name, _, told = match[1].partition(" ")
    pairs = (one.split("=", 1) for one in told.split(",") if one)
    colon_and_comma = {"%3A": ":", "%2C": ","}
    return name, {key: unescaped(value, **colon_and_comma) for key, value in pairs}, unescaped(match[2])


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    return [found for line in text.splitlines() if (found := command(line))]


def test_annotations_stand_where_the_list_names_the_target(one_of_each: list[Result]) -> None:
    text = written(ReportFormat.GITHUB, one_of_each)
    place = {"file": "urls.txt", "line": "14"}
    assert commands(text) == [
        ("warning", place | {"title": "flaky: 200"}, "https://flaky.example/: as expected at attempt 3"),
        ("error", place | {"title": "failed: 404"}, "docs (https://gone.example/): 404 Not Found, expected 200-299"),
        ("warning", place | {"title": "unchecked: local"}, "https://late.example/: no answer\nraise ulimit -n"),
    ]
    assert text.splitlines()[0] == "ok  200  https://example.org/"
    assert text.splitlines()[-1].startswith("1 ok, 1 flaky, 1 failed, 1 unchecked of 4")


def test_files_are_named_from_the_root_of_the_repository(tmp_path: Path, make_result: MakeResult) -> None:
    there = Path.cwd()
    for root, name in ((there.parent, f"{there.name}/urls.txt"), (tmp_path, "urls.txt")):
        stream = io.StringIO()
        ReportFormat.GITHUB.report(stream, root=root).add(make_result(status=500))
        assert commands(stream.getvalue())[0][1]["file"] == name


def test_the_tenth_annotation_tells_of_the_rest(make_result: MakeResult) -> None:
    results = [make_result(index=at, status=500 if at % 2 else 200, attempts=1 + (at % 2 == 0)) for at in range(40)]
    text = written(ReportFormat.GITHUB, results)
    said = commands(text)
    assert [sum(name == level for name, _, _ in said) for level in ("error", "warning")] == [10, 10]
    last = [("warning", "11 more flaky or unchecked: the log has them"), ("error", "11 more failed: the log has them")]
    assert [(name, message) for name, _, message in said[-2:]] == last
    assert len(text.splitlines()) == 40 + 3  # every target, the two, and the sum


@given(results=RESULTS)
@settings(max_examples=25, deadline=None)
def test_no_text_of_others_is_a_command_or_a_property(results: list[Result]) -> None:
    text = written(ReportFormat.GITHUB, results)
    summary = 2 if any(result.past for result in results) else 1
    assert len(text.splitlines()) == len(results) + summary == text.count("\n")
    said = commands(text)
    news = [result for result in results if not is_known_failure(result)]
    assert len(said) == sum(map(needs_a_look, news))
    assert sum(name == "error" for name, _, _ in said) == sum(one.verdict is Verdict.FAILED for one in news)
    for name, properties, _ in said:
        assert name in ("error", "warning")
        assert set(properties) <= {"file", "line", "title"}
    assert total(results).tally.total == len(results)
