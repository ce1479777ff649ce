"""CSV: rows that a spreadsheet reads as text and numbers."""

import csv
import io

import pytest
from hypothesis import given, settings

from allup.model.result import Result
from allup.report.csv_rows import COLUMNS
from allup.report.csv_text import csv_row
from allup.report.format import ReportFormat
from unit.report.hostile import HOSTILE, RESULTS, written

FORMULA = ("=", "+", "-", "@", "\uff1d")


def rows(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_a_row_is_the_record_laid_flat(one_of_each: list[Result]) -> None:
    head, *others = rows(written(ReportFormat.CSV, one_of_each))
    cells = [dict(zip(head, row, strict=True)) for row in others]
    assert [one["verdict"] for one in cells] == ["ok", "flaky", "failed", "unchecked"]
    assert (cells[2]["name"], cells[2]["status"], cells[2]["kind"]) == ("docs", "404", "status")
    assert (cells[2]["line"], cells[2]["elapsed_ms"], cells[2]["redirects"]) == ("14", "123.4", "0")
    assert cells[0]["kind"] == cells[0]["tls_version"] == ""


def test_numbers_stay_numbers_though_they_begin_with_a_sign() -> None:
    assert csv_row(["-1", -1, -0.5, None]) == "'-1,-1,-0.5,\n"


def test_a_line_within_a_cell_is_no_command() -> None:
    assert csv_row(["a", "x: 1\n::error::x"]) == 'a,"x: 1\n\'::error::x"\n'
    assert csv_row(["::error::x", 1]) == '"::error::x","1"\n'


@given(results=RESULTS)
@settings(max_examples=25, deadline=None)
def test_no_text_of_others_leaves_its_cell(results: list[Result]) -> None:
    text = written(ReportFormat.CSV, results)
    read = rows(text)
    assert [len(row) for row in read] == [len(COLUMNS)] * (len(results) + 1)
    assert len(text.splitlines()) == len(read)
    for row in read[1:]:
        assert not any(cell.lstrip().startswith(FORMULA) for cell in row)
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_spreadsheet_that_parts_cells_elsewhere_finds_no_formula(text: str, delimiter: str) -> None:
    for cell in rows(csv_row([text, text]), delimiter)[0]:
        assert not cell.lstrip().startswith(FORMULA)
