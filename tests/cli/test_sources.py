"""What a SOURCE may be, and what is said of one that is none."""

import socket
import subprocess
from pathlib import Path

import pytest

from allup.lab.server import Lab
from cli.driving import allup, outcome_of, process, started


def test_a_url_is_checked_as_it_is_given(lab: Lab) -> None:
    (record,) = allup("check", f"{lab.base_url}/ok?page=2#part", "-f", "jsonl").records

    assert (record["url"], record["source"], record["line"]) == (f"{lab.base_url}/ok?page=2#part", None, None)


def test_a_list_is_named_by_its_path(lab: Lab, listed: Path) -> None:
    listed.write_text(f"\n{lab.base_url}/ok\n")

    (record,) = allup("check", listed, "-f", "jsonl").records

    assert (record["source"], record["line"]) == (str(listed), 2)


def test_an_existing_path_is_a_list_whatever_it_looks_like(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("example.org").write_text(f"{lab.base_url}/ok\n")

    (record,) = allup("check", "example.org", "-f", "jsonl").records

    assert (record["url"], record["source"]) == (f"{lab.base_url}/ok", "example.org")


@pytest.mark.parametrize("argument", ["localhost:1", "localhost:1/path", "nosuch.invalid", "nosuch.invalid:8443/x?y"])
def test_a_host_without_a_scheme_is_asked_by_https(argument: str) -> None:
    (record,) = allup("check", argument, "-f", "jsonl", "-t", "5s").records

    assert record["url"] == f"https://{argument}"
    assert record["failure"]["kind"] in ("connect_refused", "dns")


def test_sources_are_checked_in_their_order(lab: Lab, tmp_path: Path) -> None:
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    one.write_text(f"{lab.base_url}/ok?1\n{lab.base_url}/ok?2\n")
    two.write_text(f"{lab.base_url}/ok?4\n")

    outcome = allup("check", one, f"{lab.base_url}/ok?3", two, "-", stdin=f"{lab.base_url}/ok?5\n")

    assert [fields[3][-1] for fields in outcome.fields] == ["1", "2", "3", "4", "5"]


def test_a_url_that_is_none_is_a_failed_result_among_the_others(lab: Lab) -> None:
    outcome = allup("check", "http://127.0.0.1:99999/", f"{lab.base_url}/ok")

    assert [fields[:2] for fields in outcome.fields] == [["failed", "invalid_target"], ["ok", "200"]]
    assert outcome.code == 1


@pytest.mark.parametrize("argument", ["urls.txt", "sites.csv", "list.json", "dir/more.urls"])
@pytest.mark.parametrize("command", ["check", "compare"])
def test_a_list_that_does_not_exist_is_named(command: str, argument: str) -> None:
    outcome = allup(command, argument)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr == f"allup: {argument}: no such file\n"


def test_what_is_neither_url_nor_file_is_named(lab: Lab) -> None:
    outcome = allup("check", "chekc", f"{lab.base_url}/ok")

    assert (outcome.code, outcome.stdout) == (2, "")
    assert "'chekc': no such file, and no URL" in outcome.stderr
    assert lab.stats.total.requests == 0


def test_a_directory_is_no_list(tmp_path: Path) -> None:
    outcome = allup("check", tmp_path)

    assert outcome.code == 2
    assert f"{tmp_path}: is a directory" in outcome.stderr


def test_a_list_that_cannot_be_opened_is_a_usage_error(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket has a hundred bytes at most
    with socket.socket(socket.AF_UNIX) as no_file:
        no_file.bind("urls.txt")
        outcome = allup("check", "urls.txt", f"{lab.base_url}/ok")

    assert (outcome.code, outcome.stdout) == (2, "")
    assert "urls.txt" in outcome.stderr
    assert lab.stats.total.requests == 0


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_standard_input_is_read(lab: Lab, arguments: tuple[str, ...]) -> None:
    outcome = allup("check", *arguments, "-f", "jsonl", stdin=f"# piped\n{lab.base_url}/ok\n")

    (record,) = outcome.records
    assert (record["source"], record["line"]) == ("-", 2)
    assert outcome.code == 0


@pytest.mark.parametrize("command", ["check", "compare"])
def test_nothing_at_all_on_a_terminal_is_a_usage_error(command: str) -> None:
    outcome = allup(command)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert "nothing to check" in outcome.stderr


def test_a_piped_list_is_read_by_a_process() -> None:
    outcome = process("check", stdin="http://127.0.0.1:99999/\n")

    assert outcome.fields[0][:2] == ["failed", "invalid_target"]
    assert outcome.code == 1


def test_results_come_while_the_pipe_is_still_open(lab: Lab) -> None:
    with started("check", stdin=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(f"{lab.base_url}/ok?1\n")
        child.stdin.flush()
        first = child.stdout.readline()
        child.stdin.write(f"{lab.base_url}/ok?2\n")
        child.stdin.flush()
        second = child.stdout.readline()
        outcome = outcome_of(child)

    assert first.startswith("ok\t200")
    assert second.split("\t")[3] == f"{lab.base_url}/ok?2"
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "", "")


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "\ufeff\r\n"])
@pytest.mark.parametrize("format_", ["table", "lines", "json", "jsonl"])
def test_an_empty_list_is_exit_2_and_leaves_nothing_that_looks_like_a_result(
    listed: Path, tmp_path: Path, text: str, format_: str
) -> None:
    listed.write_text(text)
    report = tmp_path / "report.json"

    outcome = allup("check", listed, "-f", format_, "--report", f"json={report}")

    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr == f"allup: {listed}: there is no target in it\n"
    assert not report.exists()


def test_empty_standard_input_is_exit_2() -> None:
    outcome = allup("check", stdin="")

    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr == "allup: standard input: there is no target in it\n"


def test_an_empty_list_beside_others_is_exit_2_and_the_others_are_reported(lab: Lab, tmp_path: Path) -> None:
    empty, report = tmp_path / "empty.txt", tmp_path / "report.jsonl"
    empty.touch()

    outcome = allup("check", f"{lab.base_url}/ok", empty, "--report", f"jsonl={report}")

    assert outcome.code == 2
    assert outcome.fields[0][:2] == ["ok", "200"]
    assert outcome.stderr == f"allup: {empty}: there is no target in it\n"
    assert len(report.read_text().splitlines()) == 1


def test_an_empty_list_is_nothing_to_compare(listed: Path) -> None:
    listed.write_text("# nothing\n")

    outcome = allup("compare", listed)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert "nothing to compare" in outcome.stderr
