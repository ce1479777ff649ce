"""What the options of `check` change about the requests and about what is expected of the answers."""

import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from allup import __version__
from allup.lab.behaviour import Server
from allup.lab.catalogue import named
from allup.lab.server import Lab
from cli.driving import Outcome, allup
from cli.heard import Heard, listening


@pytest.fixture
def plain() -> Iterator[Heard]:
    yield from listening()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[Heard]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    yield from listening(context)


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def told(outcome: Outcome) -> list[tuple[str, str]]:
    return [(fields[0], fields[1]) for fields in outcome.fields]


def test_get_is_the_method_unless_another_one_is_named(plain: Heard) -> None:
    allup("check", plain.url)

    assert plain.head.startswith("GET / HTTP/1.1")


@pytest.mark.parametrize("option", ["--method", "-X"])
def test_a_method_can_be_named(plain: Heard, option: str) -> None:
    outcome = allup("check", plain.url, option, "options", "--format", "jsonl")

    assert plain.head.startswith("OPTIONS / HTTP/1.1")
    assert outcome.records[0]["method"] == "OPTIONS"


def test_head_falls_back_to_get_where_it_is_refused(lab: Lab) -> None:
    outcome = allup("check", f"{lab.base_url}/no-head", "-X", "HEAD", "-f", "jsonl")

    assert (outcome.records[0]["verdict"], outcome.records[0]["status"]) == ("ok", 200)
    assert lab.stats.total.requests == 2


def test_every_header_is_sent(plain: Heard) -> None:
    outcome = allup("check", plain.url, "-H", "X-One: 1", "--header", "X-Two: a: b")

    assert outcome.code == 0
    assert plain.headers["x-one"] == "1"
    assert plain.headers["x-two"] == "a: b"


def test_allup_says_who_it_is(plain: Heard) -> None:
    allup("check", plain.url)

    assert plain.headers["user-agent"] == f"allup/{__version__}"


def test_it_can_be_known_as_somebody_else(plain: Heard) -> None:
    allup("check", plain.url, "--user-agent", "probe (+https://example.org)")

    assert plain.headers["user-agent"] == "probe (+https://example.org)"


@pytest.mark.parametrize(
    ("expected", "status", "verdict"),
    [
        ("404", 404, "ok"),
        ("404", 200, "failed"),
        ("4xx", 418, "ok"),
        ("200-299,404", 404, "ok"),
        ("200-299,404", 403, "failed"),
        ("500-599", 503, "ok"),
    ],
)
@pytest.mark.parametrize("option", ["-e", "--expect"])
def test_other_statuses_can_be_expected(lab: Lab, option: str, expected: str, status: int, verdict: str) -> None:
    outcome = allup("check", f"{lab.base_url}/status/{status}", option, expected)

    assert told(outcome) == [(verdict, str(status))]
    assert outcome.code == (0 if verdict == "ok" else 1)


def test_redirects_are_followed_to_what_is_judged(lab: Lab) -> None:
    (record,) = allup("check", f"{lab.base_url}/redirect/3", "-f", "jsonl").records

    assert (record["verdict"], record["status"]) == ("ok", 200)
    assert record["final_url"] == f"{lab.base_url}/redirect/0"
    assert [hop["status"] for hop in record["redirects"]] == [302, 302, 302]


def test_redirects_can_be_judged_as_they_are(lab: Lab) -> None:
    outcome = allup("check", f"{lab.base_url}/redirect/3", "--no-follow")
    as_expected = allup("check", f"{lab.base_url}/redirect/3", "--no-follow", "--expect", "302")

    assert told(outcome) == [("failed", "302")]
    assert told(as_expected) == [("ok", "302")]
    assert lab.stats.total.requests == 2


@pytest.mark.parametrize(("most", "expected"), [(3, ("ok", "200")), (2, ("failed", "too_many_redirects"))])
def test_only_so_many_redirects_are_followed(lab: Lab, most: int, expected: tuple[str, str]) -> None:
    outcome = allup("check", f"{lab.base_url}/redirect/3", "--max-redirects", str(most))

    assert told(outcome) == [expected]
    assert lab.stats.total.requests == most + 1


def test_an_unknown_authority_is_not_trusted(secure: Heard) -> None:
    outcome = allup("check", secure.url)

    assert told(outcome) == [("failed", "tls_untrusted")]
    assert secure.heads == []


@pytest.mark.parametrize("option", ["-k", "--insecure"])
def test_certificates_are_not_verified_where_that_is_asked_for(secure: Heard, option: str) -> None:
    assert told(allup("check", secure.url, option)) == [("ok", "200")]


def test_an_authority_can_be_trusted(secure: Heard, ca_file: Path) -> None:
    outcome = allup("check", secure.url, "--ca-file", ca_file, "-f", "jsonl")

    (record,) = outcome.records
    assert record["verdict"] == "ok"
    assert record["tls"].keys() == {"version", "expires_at", "days_left"}
    assert record["tls"]["days_left"] > 0


def test_a_trusted_authority_does_not_vouch_for_another_name(secure: Heard, ca_file: Path) -> None:
    outcome = allup("check", secure.url.replace("localhost", "127.0.0.1"), "--ca-file", ca_file)

    assert told(outcome) == [("failed", "tls_hostname")]


@pytest.mark.parametrize("content", [None, "this is no certificate\n"])
@pytest.mark.parametrize("command", ["check", "compare"])
def test_a_ca_file_that_is_none_stops_the_run(lab: Lab, tmp_path: Path, command: str, content: str | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)

    outcome = allup(command, f"{lab.base_url}/ok", "--ca-file", path)

    assert outcome.code == 2
    assert "ca.pem" in outcome.stderr
    assert outcome.stdout == ""
    assert lab.stats.total.requests == 0


def test_options_of_a_line_override_the_flags(lab: Lab, listed: Path) -> None:
    listed.write_text(
        f"{lab.base_url}/headers\n"
        f"{lab.base_url}/status/404 expect=404\n"
        f"{lab.base_url}/no-head method=HEAD\n"
        f"{lab.url(named('silent'))} timeout=100ms expect=2xx\n"
    )

    outcome = allup("check", listed, "-X", "POST", "-e", "500", "-t", "9s", "-f", "jsonl")

    flags, expect, method, timeout = outcome.records
    assert (flags["method"], flags["verdict"], flags["failure"]["detail"]) == (
        "POST",
        "failed",
        "200 OK, expected 500",
    )
    assert (expect["method"], expect["verdict"]) == ("POST", "ok")
    assert method["method"] == "GET"  # a HEAD that was refused
    assert lab.stats.of(Server.ONE).requests == 4
    assert timeout["failure"]["kind"] == "read_timeout"
    assert timeout["elapsed_ms"] < 5000


def test_a_name_on_a_line_is_what_reports_call_it(lab: Lab, listed: Path) -> None:
    listed.write_text(f"{lab.base_url}/ok name='the front page'\n")

    assert allup("check", listed, "-f", "jsonl").records[0]["name"] == "the front page"


def test_a_body_is_left_alone(lab: Lab) -> None:
    outcome = allup("check", f"{lab.base_url}/endless", f"{lab.base_url}/drip/100/1s")

    assert told(outcome) == [("ok", "200"), ("ok", "200")]
    assert lab.stats.endless_bytes < 20_000_000


def test_a_record_shows_what_was_sent_nowhere(plain: Heard) -> None:
    outcome = allup("check", plain.url, "-H", "Authorization: Bearer secret-token", "-f", "json")

    assert plain.headers["authorization"] == "Bearer secret-token"
    assert "secret-token" not in json.dumps(outcome.document)
