"""What the shell offers when Tab is pressed."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from allup.model.retry_on import TRANSIENT
from allup.report.format import ReportFormat
from cli.driving import PATIENCE_S, allup, variables

Offer = Callable[..., list[str]]


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Offer:
    """What is offered to bash for the last of the words, in a directory whose configuration is broken."""
    (tmp_path / "allup.toml").write_text("broken")

    def offer(*words: str) -> list[str]:
        asked = {"COMP_WORDS": "\n".join(["allup", *words]), "COMP_CWORD": str(len(words))}
        for name, value in {**asked, "_ALLUP_COMPLETE": "complete_bash"}.items():
            monkeypatch.setenv(name, value)
        assert allup(directory=tmp_path, variables=asked).code == 0
        return capsys.readouterr().out.split()

    return offer


@pytest.mark.parametrize(
    ("words", "offer"),
    [
        (["co"], ["compare", "config"]),
        (["config", ""], ["check", "compare", "race", "wait", "watch", "list"]),
        (["check", "--repo"], ["--report"]),
        (["merge", "--f"], ["--fail-on", "--format"]),
        (["check", "--no-conf"], ["--no-confirm", "--no-config"]),
        (["check", "--format", ""], [*ReportFormat]),
        (["check", "--format", "="], [*ReportFormat]),
        (["check", "--format", "=", "json"], ["json", "jsonl"]),
        (["check", "-f", "tab"], ["table"]),
        (["list", "-f", ""], ["text", "json", "csv"]),
        (["race", "-f", ""], ["lines", "json"]),
        (["wait", "--st"], ["--stable"]),
        (["watch", "-f", ""], ["lines", "jsonl"]),
        (["history", "-f", ""], ["table", "json", "csv"]),
        (["check", "--only", "f"], ["flaky", "failed"]),
        (["check", "--only", "ok", "--only", "u"], ["unchecked"]),
        (["check", "--fail-on", ""], ["any", "definite", "new"]),
        (["check", "--order", ""], ["list", "completion"]),
        (["check", "--color", "a"], ["auto", "always"]),
        (["check", "--min-tls", ""], ["1.2", "1.3"]),
        (["check", "--retry-on", ""], ["5xx", "429", *sorted(TRANSIENT.kinds)]),
        (["check", "--retry-on", "5xx,re"], ["5xx,read_timeout", "5xx,reset"]),
        (["check", "--retry-on", "reset,re"], ["reset,read_timeout"]),
        (["check", "--expect", "2xx,3"], ["2xx,3xx"]),
        (["check", "--method", "H"], ["HEAD"]),
        (["check", "--processes", ""], ["auto"]),
        (["check", "--report", "json"], ["json=", "jsonl="]),
        (["check", "--report", "tab"], ["table=", "table=report.table"]),
        (["check", "--report", "=", "lin"], ["lines=", "lines=report.lines"]),
        (["check", "urls"], []),
        (["check", "--config", ""], []),
        (["check", "--ca-file", "a"], []),
        (["check", "--report", "json", "=", "a"], []),
        (["check", "=", "a"], []),
    ],
)
def test_bash_is_offered_words_or_nothing_where_it_knows_files_itself(
    offered: Offer, words: list[str], offer: list[str]
) -> None:
    assert offered(*words) == offer


def test_files_are_offered_where_the_shell_takes_format_and_path_for_one_word(
    offered: Offer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("out.json", ".hidden", "old/a.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")

    assert offered("check", "--report", "json=o") == ["json=old/", "json=out.json"]
    assert offered("check", "--report", f"json={tmp_path}/old/") == [f"json={tmp_path}/old/a.json"]
    assert offered("check", "--report", "json=nowhere/") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_can_be_had_by_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shell: str
) -> None:
    monkeypatch.setenv("_ALLUP_COMPLETE", f"source_{shell}")

    assert allup().code == 0
    assert f"_ALLUP_COMPLETE=complete_{shell}" in capsys.readouterr().out


def program(directory: Path) -> dict[str, str]:
    """An environment in which `allup` is that of this very test run."""
    script = directory / "allup"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m allup "$@"\n')
    script.chmod(0o755)
    (directory / "urls.txt").write_text("")
    return variables() | {"PATH": f"{directory}:{variables()['PATH']}", "HOME": str(directory)}


def run(shell: str, script: str, directory: Path) -> str:
    asked = [shell, *(["--norc"] if shell == "bash" else []), "-c", script]
    return subprocess.run(
        asked, env=program(directory), cwd=directory, capture_output=True, text=True, timeout=PATIENCE_S, check=True
    ).stdout


def test_bash_completes_by_the_script_that_is_shown(tmp_path: Path) -> None:
    script = """
        eval "$(allup --show-completion)"
        COMP_WORDS=(allup check --retry-on 5xx,rea) COMP_CWORD=3 COMPREPLY=()
        _allup_completion allup
        echo "${COMPREPLY[@]}"
        COMP_WORDS=(allup check ur) COMP_CWORD=2 COMPREPLY=()
        _allup_completion allup
        echo "${#COMPREPLY[@]}"
        complete -p allup
    """

    # With -o default it is files that are offered where there is nothing else.
    assert run("bash", script, tmp_path).splitlines() == [
        "5xx,read_timeout",
        "0",
        "complete -o default -F _allup_completion allup",
    ]


@pytest.mark.skipif(shutil.which("fish") is None, reason="there is no fish here")
def test_fish_completes_words_and_files(tmp_path: Path) -> None:
    script = 'allup --show-completion | source; complete -C "allup check -f tab"; complete -C "allup check ur"'

    assert run("fish", script, tmp_path).split() == ["table", "urls.txt"]


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh here")
def test_zsh_understands_the_script_that_is_shown(tmp_path: Path) -> None:
    script = 'autoload -Uz compinit; compinit -u; eval "$(allup --show-completion)"; echo ${_comps[allup]}'

    assert run("zsh", script, tmp_path).strip() == "_allup_completion"
