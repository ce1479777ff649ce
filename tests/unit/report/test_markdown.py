"""Markdown, as a parser of CommonMark with GitHub's tables reads it."""

from collections.abc import Callable

from hypothesis import given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

from allup.model.result import Result
from allup.model.resumption import Resumption
from allup.report.format import ReportFormat
from allup.report.markdown import MOST_CHARACTERS
from allup.report.outcome import needs_a_look
from unit.report.hostile import RESULTS, written

MakeResult = Callable[..., Result]
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OURS = {"text", "code_inline", "html_inline"}


def parsed(results: list[Result]) -> list[Token]:
    return PARSER.parse(written(ReportFormat.MARKDOWN, results))


def rows(results: list[Result]) -> list[list[list[Token]]]:
    """The cells of the table's rows but for its head, each as what stands in it."""
    found: list[list[list[Token]]] = []
    for token in parsed(results):
        if token.type == "tr_open":
            found.append([])
        elif token.type == "inline" and found:
            found[-1].append(token.children or [])
    return found[1:]


def text(cell: list[Token]) -> str:
    return "".join(one.content for one in cell)


def test_what_needs_a_look_is_a_row_and_failures_come_first(one_of_each: list[Result]) -> None:
    shown = [[text(cell) for cell in row] for row in rows(one_of_each)]
    assert [cells[0] for cells in shown] == ["failed", "unchecked", "flaky"]
    detail = "404 Not Found, expected 200-299"
    assert shown[0] == ["failed", "404", "123ms", "docs<br>https://gone.example/", "urls.txt:14", detail]
    assert shown[1][-1] == "no answer<br>raise ulimit -n"


def test_the_head_says_what_the_run_came_to(one_of_each: list[Result], make_result: MakeResult) -> None:
    head = "### allup: 1 ok, 1 flaky, 1 failed, 1 unchecked of 4 in 1.3s (at most 10 in flight)\n"
    assert written(ReportFormat.MARKDOWN, one_of_each).startswith(head)
    others = written(ReportFormat.MARKDOWN, one_of_each, Resumption(results=4, began_at=1769860800.0))
    assert "1 unchecked of 4; all from a run that began at 2026-01-31T12:00:00Z\n" in others
    assert [token.type for token in parsed([make_result()])][:3] == ["heading_open", "inline", "heading_close"]


def test_a_comment_takes_it_however_much_failed(make_result: MakeResult) -> None:
    flaky = [make_result(index=at, url="https://flaky.example/", attempts=2) for at in range(50)]
    failed = [make_result(index=at, url=f"https://{'x' * at}.example/", status=500) for at in range(1_000)]
    document = written(ReportFormat.MARKDOWN, flaky + failed)
    shown = document.count("| failed |")
    assert MOST_CHARACTERS * 0.9 < len(document) < 65_536
    assert "| flaky |" not in document
    assert f"... and {1_050 - shown} more\n" in document


@given(results=RESULTS)
@settings(max_examples=25, deadline=None)
def test_no_text_of_others_takes_effect(results: list[Result]) -> None:
    shown = rows(results)
    assert [len(row) for row in shown] == [6] * sum(map(needs_a_look, results))
    for row in shown:
        for token in (token for cell in row for token in cell):
            assert token.type in OURS
            assert token.type != "html_inline" or token.content == "<br>"
    assert not any(token.type in ("html_block", "fence", "code_block") for token in parsed(results))
