"""One list with every option, right and wrong, held against the record beside each line."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from allup.lab.server import Lab
from allup.lists.options import OPTIONS
from cli.driving import Outcome, allup
from cli.heard import Heard

LIST = Path(__file__).with_name("every_option.txt")
VARIABLES = {"SECRET": "s3cr3t", "CODE": "204", "PATH_OF_IT": "$.status"}
EXPECTED = re.compile(r"\s+#= (\{.*\})$")
CASES = [
    (number, EXPECTED.sub("", line), json.loads(found[1]))
    for number, line in enumerate(LIST.read_text(encoding="utf-8").splitlines(), 1)
    if (found := EXPECTED.search(line))
]


@pytest.fixture(scope="module")
def outcome(running_lab: Lab, tls: tuple[Heard, Path], tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    server, authority = tls
    listed = tmp_path_factory.mktemp("lists") / "every.txt"
    text = LIST.read_text(encoding="utf-8")
    # What is expected is no part of the list: a line that cannot be read is reported as it stands.
    lines = [EXPECTED.sub("", line) for line in text.splitlines()]
    places = {"LAB/": f"{running_lab.base_url}/", "TLS/": server.url}
    listed.write_text(re.sub(r"\b(?:LAB|TLS)/", lambda place: places[place[0]], "\n".join(lines)) + "\n")
    return allup("check", listed, "--format", "jsonl", "--ca-file", authority, variables=VARIABLES)


def reported(record: dict[str, Any]) -> dict[str, Any]:
    return record | (record["failure"] or {"kind": None, "detail": "", "hint": None})


def test_every_option_is_in_the_list() -> None:
    named = {option for _, line, _ in CASES for option in re.findall(r" ([a-z-]+)=", line)}
    assert named >= set(OPTIONS)
    assert len(CASES) == len([line for line in LIST.read_text().splitlines() if line.startswith(("LAB", "TLS"))])


def test_every_line_is_reported_once_and_in_order(outcome: Outcome) -> None:
    assert [record["line"] for record in outcome.records] == [number for number, _, _ in CASES]
    assert outcome.code == 1
    assert outcome.stderr == ""


@pytest.mark.parametrize(("number", "line", "expected"), CASES, ids=[f"line {number}" for number, _, _ in CASES])
def test_a_line_comes_to_what_stands_beside_it(
    outcome: Outcome, number: int, line: str, expected: dict[str, Any]
) -> None:
    (record,) = (reported(one) for one in outcome.records if one["line"] == number)
    for key, value in expected.items():
        found = record[key]
        assert value in found if key == "detail" else found == value, (line, key, record)
    if "kind" in expected:
        assert record["verdict"] == "failed"


def test_what_a_variable_holds_is_nowhere(outcome: Outcome) -> None:
    assert "s3cr3t" not in outcome.stdout
