"""Options that are not on the command line: of a file, and of variables."""

import os
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from allup.lab.server import Lab
from cli.driving import allup, shell
from cli.heard import Heard, listening

URL = "https://h.example/"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file, by default the configuration of the working directory."""

    def written(text: str | bytes, name: str = "allup.toml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return written


@pytest.fixture
def heard() -> Iterator[Heard]:
    yield from listening()


def listed(directory: Path, *arguments: str | Path, **variables: str) -> str:
    """What `list` makes of one URL: the options in force."""
    outcome = allup("list", URL, *arguments, directory=directory, variables=variables)
    assert (outcome.code, outcome.stderr) == (0, "")
    return outcome.stdout.removeprefix(URL).strip()


def complaint(directory: Path, *arguments: str | Path, command: str = "list", **variables: str) -> str:
    """What is said of a configuration that cannot be used."""
    outcome = allup(command, URL, *arguments, directory=directory, variables=variables)
    assert (outcome.code, outcome.stdout) == (2, "")
    return outcome.stderr


def test_flags_go_before_variables_and_these_before_the_file(write: Write, tmp_path: Path) -> None:
    write('timeout = "1s"\nretries = 1\nexpect = "201"\n')

    assert listed(tmp_path, "--timeout", "3s", ALLUP_TIMEOUT="2s", ALLUP_RETRIES="2") == (
        "timeout=3s retries=2 expect=201"
    )


def test_a_table_of_the_command_goes_before_what_holds_for_all(write: Write, tmp_path: Path) -> None:
    write('timeout = "1s"\nretries = 1\n[list]\ntimeout = "2s"\n[check]\nretries = 9\n')

    assert listed(tmp_path) == "timeout=2s retries=1"


def test_the_nearest_file_above_is_read_and_no_other(write: Write, tmp_path: Path) -> None:
    write("retries = 1\n")
    write("timeout = 5\n", "a/allup.toml")
    write('[project]\nname = "x"\n', "a/b/pyproject.toml")
    write('[tool.other]\nallup = "is a word in it"\n', "a/b/c/pyproject.toml")
    (tmp_path / "a/b/c/d").mkdir()

    assert listed(tmp_path / "a/b/c/d") == "timeout=5"


def test_a_table_in_pyproject_is_as_good_as_a_file(write: Write, tmp_path: Path) -> None:
    write(
        "[tool.allup]\nretries = 1\n[tool.allup.list]\ntimeout = 4\n[tool.allup.check]\ntimeout = 9\n", "pyproject.toml"
    )
    assert listed(tmp_path) == "timeout=4 retries=1"

    write("retries = 7\n")
    assert listed(tmp_path) == "retries=7"


def test_a_file_may_be_named_or_left_out(write: Write, tmp_path: Path) -> None:
    write("retries = 1\n")
    named = write("retries = 2\n", "elsewhere/some.toml")

    assert listed(tmp_path, "--config", named) == "retries=2"
    assert listed(tmp_path, "--config", "elsewhere/some.toml") == "retries=2"
    assert listed(tmp_path, ALLUP_CONFIG=str(named)) == "retries=2"
    assert listed(tmp_path, ALLUP_CONFIG=os.devnull) == ""
    assert listed(tmp_path, "--config", tmp_path / "allup.toml", ALLUP_CONFIG=str(named)) == "retries=1"
    assert listed(tmp_path, "--no-config", ALLUP_CONFIG=str(named), ALLUP_RETRIES="") == ""
    assert "exclude each other" in complaint(tmp_path, "--no-config", "--config", named)


@pytest.mark.parametrize(
    ("text", "arguments", "variables", "in_force"),
    [
        ("expect = [200, '3xx']", [], {}, "expect=200,3xx"),
        ("timeout = 2.5", [], {}, "timeout=2.5"),
        ("cert-days = 14", [], {}, "cert=14"),
        ("follow = false", [], {}, "follow=no"),
        ("follow = false", ["--follow"], {}, "follow=yes"),
        ("", [], {"ALLUP_FOLLOW": "No"}, "follow=no"),
        ("follow = false", [], {"ALLUP_FOLLOW": "1"}, "follow=yes"),
        ("header = ['A: b', 'C: d']", [], {}, "header='A: b' header='C: d'"),
        ("header = 'A: b'", [], {}, "header='A: b'"),
        ("header = ['A: b']", ["--header", "C: d"], {}, "header='C: d'"),
        ("header = ['A: b']\nlist.header = []", [], {}, ""),
        ("", [], {"ALLUP_HEADER": "A: b\n  C: d \n\n"}, "header='A: b' header='C: d'"),
        ("header = 'A: ${B}'", [], {"B": "b"}, 'header="A: ${B}"'),
        ("\ufefftimeout = 1\r\nretries = 3\r\n", [], {}, "timeout=1 retries=3"),
    ],
)
def test_values_are_written_as_toml_or_as_text(
    write: Write, text: str, arguments: list[str], variables: dict[str, str], in_force: str
) -> None:
    path = write(text)

    assert listed(path.parent, *arguments, **variables) == in_force


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("timeout = 1\nretrys = 1", "allup.toml:2: unknown key 'retrys': did you mean retries?\n"),
        ("per_host = 1", "allup.toml:1: unknown key 'per_host': did you mean per-host?\n"),
        ("no-progress = true", "allup.toml:1: unknown key 'no-progress': write progress = false\n"),
        ("xyzzy = 1", "allup.toml:1: unknown key 'xyzzy'\n"),
        ("[chekc]\nrate = '1/s'", "allup.toml:1: unknown key 'chekc': did you mean check?\n"),
        ("[list]\n\nrate = '1/s'", "allup.toml:3: list has no option 'rate'"),
        ("[check]\ntimeuot = 1", "allup.toml:2: unknown key 'timeuot': did you mean timeout?\n"),
        ("[check]\n'expct' = 1", "allup.toml:2: unknown key 'expct': did you mean expect?\n"),
        ("check.timeuot = 1", "allup.toml: unknown key 'timeuot'"),
        ("check = 1", "allup.toml:1: check is a table of keys: write [check]\n"),
        ("config = 'x'", "allup.toml:1: unknown key 'config'"),
        ("timeout = 'soon'", "allup.toml:1: timeout: 'soon' is not a duration"),
        ("\n[list]\ntimeout = 'soon'", "allup.toml:3: timeout: 'soon' is not a duration"),
        ("retries = 'many'", "allup.toml:1: retries: Input should be a valid integer"),
        ("retries = true", "allup.toml:1: retries: write a text or a number\n"),
        ("timeout = [1, 2]", "allup.toml:1: timeout: write a text or a number\n"),
        ("timeout = 1979-05-27", "allup.toml:1: timeout: write a text or a number\n"),
        ("[timeout]\nx = 1", "allup.toml:1: timeout: write a text or a number\n"),
        ("header = [1, {}]", "allup.toml:1: header: write a text or a number\n"),
        ("dedupe = 'yes'", "allup.toml:1: dedupe: write true or false\n"),
        (
            "format = 'jsonl'",
            "what is for one command only stands in its table: [check], [compare], [race], [watch], [list]\n",
        ),
        ("timeout = 1\nx =\n", "allup.toml:2:4: not TOML: Invalid value (--no-config does without it)\n"),
        ("x = '''", "allup.toml: not TOML: "),
        (b"timeout = 1\nx = '\xff'", "allup.toml:2: not UTF-8"),
        ("x = " + "[" * 5000, "allup.toml: not TOML that can be read: it is nested too deeply"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_place(
    write: Write, tmp_path: Path, text: str | bytes, told: str
) -> None:
    path = write(text)

    said = complaint(tmp_path)

    assert told in said
    assert said.startswith(f"allup: {path.parent}/allup.toml")


def test_a_wrong_key_is_told_whatever_the_flags_say(write: Write, tmp_path: Path) -> None:
    write("[compare]\nround = 3\n")

    assert "did you mean rounds?" in complaint(tmp_path, command="check")


def test_what_is_wrong_in_pyproject_is_told_with_its_line(write: Write, tmp_path: Path) -> None:
    write("[tool.x]\nretrys = 1\n[tool . 'allup']\nretrys = 2\n", "pyproject.toml")

    assert "pyproject.toml:4: unknown key 'retrys'" in complaint(tmp_path)


def test_a_file_that_cannot_be_read_is_told(write: Write, tmp_path: Path) -> None:
    elsewhere = write("[tool.other]\nallup = 1\n", "sub/pyproject.toml")

    assert "no.toml: the configuration cannot be read: no such file" in complaint(tmp_path, "--config", "no.toml")
    assert "is a directory" in complaint(tmp_path, "--config", tmp_path)
    assert "there is no table [tool.allup]" in complaint(tmp_path, "--config", elsewhere)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_was_found_and_may_not_be_read_is_told(write: Write, tmp_path: Path) -> None:
    write("retries = 1\n").chmod(0)

    assert "permission denied (--no-config does without it)" in complaint(tmp_path)


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"ALLUP_TIMEOUT": "soon"}, "allup: $ALLUP_TIMEOUT: 'soon' is not a duration"),
        ({"ALLUP_RETRIES": "x"}, "allup: $ALLUP_RETRIES: Input should be a valid integer"),
        ({"ALLUP_DEDUPE": "maybe"}, "allup: $ALLUP_DEDUPE: write 1 or 0, true or false, yes or no\n"),
        ({"ALLUP_CONFIG": "/no/such.toml"}, "allup: /no/such.toml: the configuration cannot be read"),
    ],
)
def test_what_is_wrong_in_a_variable_is_told_by_its_name(tmp_path: Path, variables: dict[str, str], told: str) -> None:
    assert told in complaint(tmp_path, **variables)


def test_a_variable_that_looks_like_a_slip_is_told_and_others_are_left_alone(tmp_path: Path) -> None:
    variables = {"ALLUP_CONCURENCY": "5", "ALLUP_TOKEN": "s3cr3t", "ALLUP_ROUNDS": "3"}

    outcome = allup("list", URL, directory=tmp_path, variables=variables)

    assert outcome.code == 0
    assert outcome.stderr == "allup: $ALLUP_CONCURENCY means nothing: did you mean $ALLUP_CONCURRENCY?\n"


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("fail-fast = true", ["--max-failures", "2"]),
        ("fail-fast = true", ["--no-fail-fast"]),
        ("max-failures = 1\n[check]\nmax-failures = 2", []),
    ],
)
def test_a_flag_goes_before_another_option_that_would_undo_it(
    lab: Lab, write: Write, tmp_path: Path, text: str, arguments: list[str]
) -> None:
    write(f"{text}\nconcurrency = 1\nretries = 0\n" if "[" not in text else f"concurrency = 1\nretries = 0\n{text}")
    urls = [f"{lab.base_url}/status/{status}" for status in (404, 410)]

    outcome = allup("check", *urls, *arguments, directory=tmp_path)

    assert [fields[0] for fields in outcome.fields] == ["failed", "failed"]


@pytest.mark.parametrize(
    ("text", "arguments", "goes"),
    [
        ("ipv6 = true", ["-4"], True),
        ("ipv4 = true\n[check]\nipv6 = true", ["-4"], True),
        ("insecure = true", ["--ca-file", "no.pem"], False),
        ("ca-file = 'no.pem'", ["-k"], True),
        ("cert = 'no.pem'\nkey = 'no.key'", ["--cert", "other.pem"], False),
    ],
)
def test_options_that_exclude_each_other_do_so_in_one_place_only(
    lab: Lab, write: Write, tmp_path: Path, text: str, arguments: list[str], *, goes: bool
) -> None:
    write(text)

    outcome = allup("check", f"{lab.base_url}/ok", *arguments, directory=tmp_path)

    assert outcome.code == (0 if goes else 2)
    assert "leave" not in outcome.complaint


def test_options_that_exclude_each_other_in_a_file_are_told_where_they_stand(write: Write, tmp_path: Path) -> None:
    path = write("insecure = true\nca-file = 'x'\n")

    said = allup("check", URL, directory=tmp_path).complaint

    assert "--insecure verifies nothing" in said
    assert "insecure is set by" in said
    assert f"{path}:2" in said.replace(" ", "")


def test_paths_in_a_file_are_seen_from_there(lab: Lab, write: Write, tmp_path: Path) -> None:
    write("[check]\nreport = ['json=out.json', 'jsonl=~/out.jsonl']\n", "project/allup.toml")
    (tmp_path / "project/deep").mkdir()
    (tmp_path / "home").mkdir()
    variables = {"HOME": str(tmp_path / "home")}

    outcome = allup("check", f"{lab.base_url}/ok", directory=tmp_path / "project/deep", variables=variables)

    assert (outcome.code, outcome.stderr) == (0, "")
    assert (tmp_path / "project/out.json").exists()
    assert (tmp_path / "home/out.jsonl").exists()


def test_a_file_that_is_missing_is_told_as_it_was_looked_for(write: Write, tmp_path: Path) -> None:
    write("ca-file = 'ca.pem'\n")

    assert f"{tmp_path}/ca.pem" in allup("check", URL, directory=tmp_path).complaint.replace(" ", "")


@pytest.mark.parametrize(
    ("variables", "userinfo"),
    [({"PASSWORD": "x"}, "me:x"), ({"ALLUP_AUTH": "me:${x"}, "me:${x"), ({"ALLUP_AUTH": ""}, None)],
)
def test_credentials_of_a_variable_are_taken_as_they_stand_and_go_before_those_of_a_file(
    heard: Heard, write: Write, tmp_path: Path, variables: dict[str, str], userinfo: str | None
) -> None:
    write("auth = 'me:${PASSWORD}'\n" if variables.get("PASSWORD") or userinfo else "")

    assert allup("check", heard.url, directory=tmp_path, variables=variables).code == 0

    sent = heard.headers.get("authorization")
    assert sent == (None if userinfo is None else "Basic " + b64encode(userinfo.encode()).decode())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("auth = 's3cr3t'", "auth: write USER:PASSWORD"),
        ("cookie = 's3cr3t'", "cookie: write NAME=VALUE"),
        ("header = 'Authorization s3cr3t'", "header: not a header: write Name: value"),
        ('header = "Authorization: s3cr3t\\n"', "header: "),
        ("proxy = 'socks5://me:s3cr3t@h'", "proxy: the proxy is not http or https"),
        ("retries = 'http://me:s3cr3t@h/'", "retries: "),
        ("auth = ['me:s3cr3t']", "auth: write a text"),
        ("auth = 'me:s3cr3t", "not TOML"),
        ("auht = 'me:s3cr3t'", "did you mean auth?"),
    ],
)
def test_no_secret_of_a_file_is_in_what_is_told_of_it(write: Write, tmp_path: Path, text: str, told: str) -> None:
    write(text)

    said = complaint(tmp_path, command="check")

    assert told in said
    assert "s3cr3t" not in said


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["list", "--help"], ["check", "--config", "x", "-h"]])
def test_help_and_version_read_no_configuration(
    write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    write("concurrency = 77\nbroken")

    outcome = allup(*arguments, directory=tmp_path, variables={"ALLUP_CONCURRENCY": "many"})

    assert (outcome.code, outcome.stderr) == (0, "")
    assert "77" not in capsys.readouterr().out


def test_the_file_of_the_working_directory_is_read(write: Write) -> None:
    place = write("timeout = 4\n").parent

    assert shell('cd "$place" && $allup list "$url"', place=str(place), url=URL).stdout == f"{URL} timeout=4\n"
