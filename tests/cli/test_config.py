"""The command that shows what is configured."""

import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

from allup.cli.configurable import Configurable
from allup.cli.main import app
from cli.driving import Outcome, allup


def shown(tmp_path: Path, text: str, *arguments: str, terminal: bool = False, **variables: str) -> Outcome:
    (tmp_path / "allup.toml").write_text(text, encoding="utf-8")
    outcome = allup("config", *arguments, directory=tmp_path, variables=variables, terminal=terminal)
    assert (outcome.code, outcome.stderr) == (0, "")
    return outcome


def set_lines(outcome: Outcome) -> dict[str, tuple[str, str]]:
    """What is not the default: value and origin by key."""
    lines = [line for line in outcome.stdout.splitlines() if not line.startswith("#")]
    parts = [(line.partition(" = ")[0], line.partition(" = ")[2].rpartition(" # ")) for line in lines]
    return {key: (value.strip(), origin) for key, (value, _, origin) in parts}


def test_every_option_has_a_line_that_says_where_its_value_is_from(tmp_path: Path) -> None:
    outcome = shown(tmp_path, "retries = 3\n[check]\nrate = '5/s'\n", ALLUP_PER_HOST="4")

    assert set_lines(outcome) == {
        "retries": ("3", f"{tmp_path}/allup.toml:1"),
        "rate": ('"5/s"', f"{tmp_path}/allup.toml:3"),
        "per-host": ("4", "$ALLUP_PER_HOST"),
    }
    first, *lines = outcome.stdout.splitlines()
    assert first == f"# allup check, configured by {tmp_path}/allup.toml"
    command = get_command(app).commands["check"]  # type: ignore[attr-defined]
    options = [one for one in command.params if one.param_type_name == "option" and not one.is_eager]
    assert len(lines) == len(options)
    assert "# concurrency = 100                      # default" in lines
    assert "# deadline: none                         # default" in lines


def test_every_command_that_reads_a_list_can_be_configured() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    reading = {name for name, command in commands.items() if "sources" in {one.name for one in command.params}}

    assert {name for name, command in commands.items() if isinstance(command, Configurable)} == reading


def test_it_is_of_the_command_that_is_named_and_of_no_file_where_none_is_wanted(tmp_path: Path) -> None:
    text = "[list]\ntimeout = 2\n[check]\nrate = '1/s'\n"

    assert list(set_lines(shown(tmp_path, text, "list"))) == ["timeout"]
    assert shown(tmp_path, text, "compare", "--no-config").stdout.startswith("# allup compare, configured by no file\n")
    other = tmp_path / "other.toml"
    other.write_text("rounds = 3\n")
    assert list(set_lines(shown(tmp_path, "", "compare", "--config", str(other)))) == ["rounds"]


def test_what_is_shown_means_the_same_when_it_is_read_again(tmp_path: Path) -> None:
    text = (
        "retry-on = ['5xx', 429]\nheader = ['A: \"b\" \\\\', \"C: \\t\\u001b[1m \\U0001F600\"]\nproxy = ''\n"
        "report = ['json=x.json']\nquiet = true\nnetrc = false\nmin-tls = '1.3'\ncontains = ['${A}']\n"
    )
    first = shown(tmp_path, text)

    again = shown(tmp_path, first.stdout)

    assert tomllib.loads(again.stdout) == tomllib.loads(first.stdout)
    assert tomllib.loads(first.stdout)["header"] == ['A: "b" \\\\', "C: \t\x1b[1m \U0001f600"]
    assert tomllib.loads(first.stdout)["report"] == [f"json={tmp_path}/x.json"]
    assert "\x1b" not in first.stdout


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("auth = 'me:s3cr3t'", '"me:${REDACTED}"'),
        ("auth = 's3cr3t'", '"${REDACTED}"'),
        ("auth = 'me:${PASSWORD}'", '"me:${PASSWORD}"'),
        ("cookie = ['a=s3cr3t', 'b=${B}']", '["a=${REDACTED}", "b=${B}"]'),
        ("proxy = 'me:s3cr3t@proxy:80'", '"${REDACTED}"'),
        ("proxy = 'http://me:s3cr3t@proxy'", '"${REDACTED}"'),
        ("proxy = 'me:${PASSWORD}@proxy:80'", '"me:${PASSWORD}@proxy:80"'),
        ("header = ['Authorization: Bearer s3cr3t', 'A: b']", '["Authorization: ${REDACTED}", "A: b"]'),
        ("header = 'Authorization: Bearer ${TOKEN}'", '["Authorization: Bearer ${TOKEN}"]'),
        ("header = '${NAME}: s3cr3t'", '["${NAME}: ${REDACTED}"]'),
        ("header = 'A: ${ s3cr3t'", '["${REDACTED}"]'),
        ("expect-header = 'Set-Cookie: s3cr3t'", '["Set-Cookie: ${REDACTED}"]'),
        ("data = 'password=s3cr3t'", '"${REDACTED}"'),
        ("include = 'http://me:s3cr3t@h/'", '["${REDACTED}"]'),
    ],
)
def test_secrets_are_left_out(tmp_path: Path, text: str, value: str) -> None:
    outcome = shown(tmp_path, text, NAME="Cookie", PASSWORD="s3cr3t", TOKEN="s3cr3t")

    assert [shown for shown, _ in set_lines(outcome).values()] == [value]
    assert "s3cr3t" not in outcome.stdout


def test_the_secret_of_a_variable_is_left_out(tmp_path: Path) -> None:
    assert set_lines(shown(tmp_path, "", ALLUP_AUTH="me:s3cr3t")) == {"auth": ('"me:${REDACTED}"', "$ALLUP_AUTH")}


def test_on_a_terminal_what_is_a_default_is_dim(tmp_path: Path) -> None:
    outcome = shown(tmp_path, "retries = 3\n", terminal=True)

    lines = outcome.stdout.splitlines()
    assert [line for line in lines if "\x1b[2m" not in line] == [f"{'retries = 3':40} # {tmp_path}/allup.toml:1"]
    assert "\x1b" not in shown(tmp_path, "", NO_COLOR="1", terminal=True).stdout


@pytest.mark.parametrize(
    ("text", "arguments", "told"),
    [
        ("retrys = 1", [], "did you mean retries?"),
        ("retries = 'x'", [], "allup.toml:1: retries: "),
        ("", ["chekc"], "'chekc' is not one of check, compare, race, wait, watch, list"),
        ("", ["--config", "nowhere.toml"], "nowhere.toml: the configuration cannot be read"),
    ],
)
def test_what_cannot_be_used_is_told_as_the_command_would(
    tmp_path: Path, text: str, arguments: list[str], told: str
) -> None:
    (tmp_path / "allup.toml").write_text(text)

    outcome = allup("config", *arguments, directory=tmp_path)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert told in outcome.complaint
