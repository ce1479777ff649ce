"""Who the run is to its hosts: where that comes from, and that it is never printed."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from allup.lab.server import Lab
from cli.driving import Outcome, allup
from cli.heard import Heard, listening

SECRET = "s3cr3t"


@pytest.fixture
def heard() -> Iterator[Heard]:
    yield from listening()


def basic(userinfo: str) -> str:
    return "Basic " + base64.b64encode(userinfo.encode()).decode()


def told(outcome: Outcome) -> str:
    """Everything that was written, which must not hold the secret."""
    assert SECRET not in outcome.stdout + outcome.stderr
    return outcome.complaint


@pytest.mark.parametrize(
    ("arguments", "variables", "userinfo"),
    [
        (["--auth", f"me:{SECRET}"], {}, f"me:{SECRET}"),
        (["--auth", "me:${PASSWORD}"], {"PASSWORD": SECRET}, f"me:{SECRET}"),
        (["--auth", "me:"], {"ALLUP_AUTH": f"other:{SECRET}"}, "me:"),
        ([], {"ALLUP_AUTH": f"me:{SECRET}:x"}, f"me:{SECRET}:x"),
    ],
)
def test_credentials_come_from_the_flag_or_the_environment(
    heard: Heard, arguments: list[str], variables: dict[str, str], userinfo: str
) -> None:
    outcome = allup("check", heard.url, *arguments, variables=variables)

    assert heard.headers["authorization"] == basic(userinfo)
    assert told(outcome) == ""


@pytest.mark.parametrize("variable", ["NETRC", "HOME"])
def test_credentials_come_from_the_netrc_file(heard: Heard, tmp_path: Path, variable: str) -> None:
    path = tmp_path / ".netrc"
    path.write_text(f"machine elsewhere.test login a password b\nmachine LOCALHOST login me password {SECRET}\n")
    variables = {variable: str(path if variable == "NETRC" else tmp_path)}

    outcome = allup("check", heard.url, variables=variables)

    assert heard.headers["authorization"] == basic(f"me:{SECRET}")
    assert told(outcome) == ""


def test_the_netrc_file_can_be_left_out_and_may_not_exist(heard: Heard, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text(f"default login me password {SECRET}\n")

    allup("check", heard.url, "--no-netrc", variables={"HOME": str(tmp_path)})
    assert "authorization" not in heard.headers

    assert allup("check", heard.url, variables={"HOME": str(tmp_path / "nowhere")}).code == 0


@pytest.mark.parametrize("text", [f"machine localhost login me {SECRET}\n", f"{SECRET}\n", "machine"])
def test_a_netrc_file_that_cannot_be_read_is_told_and_left_out(heard: Heard, tmp_path: Path, text: str) -> None:
    path = tmp_path / ".netrc"
    path.write_text(text)

    outcome = allup("check", heard.url, variables={"NETRC": str(path)})

    assert outcome.code == 0
    assert f"{path} is left out" in told(outcome)
    assert "authorization" not in heard.headers


def test_a_netrc_file_that_is_named_and_missing_is_told(heard: Heard, tmp_path: Path) -> None:
    outcome = allup("check", heard.url, variables={"NETRC": str(tmp_path / "nowhere")})

    assert "nowhere is left out" in told(outcome)


@pytest.mark.parametrize("variables", [{}, {"A": SECRET}])
def test_cookies_are_sent_together(heard: Heard, variables: dict[str, str]) -> None:
    value = "${A}" if variables else SECRET

    outcome = allup("check", heard.url, "--cookie", f"a={value}", "-b", "b=2", variables=variables)

    assert heard.headers["cookie"] == f"a={SECRET}; b=2"
    assert told(outcome) == ""


@pytest.mark.parametrize(
    ("arguments", "variables", "complaint"),
    [
        (["--auth", SECRET], {}, "'--auth': write USER:PASSWORD"),
        (["--auth", "me:${NONE}"], {}, "'--auth': ${NONE} is not set in the environment"),
        ([], {"ALLUP_AUTH": SECRET}, "$ALLUP_AUTH: write USER:PASSWORD"),
        (["--cookie", SECRET], {}, "'--cookie': write NAME=VALUE"),
        (["--cookie", f"a={SECRET}\n"], {}, "'--cookie': the value of Cookie has a control character"),
        (["--proxy", f"socks5://me:{SECRET}@h"], {}, "'--proxy': the proxy is not http or https"),
        (["--proxy", f"http://me:{SECRET}@h:x"], {}, "'--proxy': not the URL of a proxy: bad port"),
        ([], {"https_proxy": f"ftp://me:{SECRET}@h"}, "'--proxy': $https_proxy: the proxy is not http or https"),
        (["--header", f"Authorization {SECRET}"], {}, "'--header': not a header: write Name: value"),
    ],
)
def test_what_cannot_be_used_is_a_usage_error_that_quotes_no_secret(
    arguments: list[str], variables: dict[str, str], complaint: str
) -> None:
    outcome = allup("check", "https://h.example/", *arguments, variables=variables)

    assert outcome.code == 2
    assert complaint in told(outcome)
    assert outcome.stdout == ""


def test_secrets_are_in_no_format_and_no_failure(lab: Lab, listed: Path) -> None:
    listed.write_text(
        f"{lab.base_url.replace('//', f'//me:{SECRET}@')}/status/404\n"
        f"{lab.base_url}/page header='Authorization: Bearer {SECRET}' contains=Goodbye\n"
        f"{lab.base_url}/page header='X-Api-Key: ${{KEY}}' matches='${{KEY}}' expect-header='Server: ${{KEY}}'\n"
        f"{lab.base_url}/health header='X-Token: {SECRET}' json='$.status=${{KEY}}'\n"
        f"{lab.base_url}/echo data='${{KEY}}' contains=x\n"
        f"{lab.base_url}/page header='Cookie: {SECRET}' exepct=1\n"
    )
    for format_ in ("table", "lines", "json", "jsonl"):
        flags = ["--auth", f"me:{SECRET}", "--cookie", f"a={SECRET}", "-f", format_]
        outcome = allup("check", listed, *flags, variables={"KEY": SECRET})
        assert outcome.code == 1
        told(outcome)
    for format_ in ("text", "json", "csv"):
        told(allup("list", listed, "-f", format_, variables={"KEY": SECRET}))
