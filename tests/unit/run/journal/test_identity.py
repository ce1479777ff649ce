"""What is the same has the same fingerprint in every process, and what is not has another."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from allup.lists.details import LineDefaults
from allup.lists.line import parse_line
from allup.model.selection import SelectionSettings
from allup.model.settings import CheckSettings, Credentials, HttpSettings, Order, PaceSettings
from allup.model.shard import Shard
from allup.model.target import Origin, Target
from allup.run.journal.canonical import canonical
from allup.run.journal.identity import Identities
from allup.run.journal.options import decisive

IDENTITIES = Identities(bytes(16))
LINES = [
    "http://a.example/",
    "http://a.example/#x",
    "http://a.example/?x",
    "http://b.example/",
    "http://me:one@a.example/",
    "http://me:two@a.example/",
    "http://a.example/ name=x",
    "http://a.example/ group=x",
    "http://a.example/ method=POST",
    "http://a.example/ header='A: 1'",
    "http://a.example/ header='A: 2'",
    "http://a.example/ timeout=3s",
    "http://a.example/ retries=3",
    "http://a.example/ expect=404",
    "http://a.example/ contains=x",
    "http://a.example/ matches=x",
    "http://a.example/ json=$.a=1",
    "http://a.example/ follow=no location=/x",
]
SCRIPT = """
from allup.lists.details import LineDefaults
from allup.model.settings import CheckSettings
from allup.run.journal.canonical import canonical
from allup.run.journal.options import decisive
print(canonical(decisive(LineDefaults(), CheckSettings())))
"""


def target(line: str, defaults: LineDefaults | None = None) -> Target:
    entry = parse_line(line, defaults or LineDefaults(), Origin())
    assert isinstance(entry, Target), entry
    return entry


def test_every_target_has_its_own() -> None:
    prints = [IDENTITIES.of_target(target(line)) for line in LINES]
    assert len(set(prints)) == len(LINES)
    again = Identities(bytes(16))
    assert [again.of_target(replace(target(line), origin=Origin(line=7))) for line in LINES] == prints
    assert Identities(bytes(15) + b"x").of_target(target(LINES[0])) != prints[0]


def test_what_comes_of_a_flag_counts_like_what_the_line_says() -> None:
    said = LineDefaults(request=target("http://x.example/ timeout=3s").request)
    assert IDENTITIES.of_target(target(LINES[0], said)) == IDENTITIES.of_target(target("http://a.example/ timeout=3s"))


def test_terms_are_forgotten_and_still_told_apart() -> None:
    lines = [f"http://a.example/ retries={number % 10} timeout={number + 1}s" for number in range(600)]
    assert len({IDENTITIES.of_target(target(line)) for line in lines}) == len(lines)


@pytest.mark.parametrize("seed", ["1", "2"])
def test_options_are_the_same_text_in_every_process(seed: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONHASHSEED": seed},
        encoding="utf-8",
    )
    assert ran.stdout.strip() == canonical(decisive(LineDefaults(), CheckSettings()))


def test_what_has_no_text_of_its_own_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical(object())


def test_every_setting_is_decided_about() -> None:
    """What is new in the settings decides, unless it is said to be free."""
    assert {name.removeprefix("--") for name in decisive(LineDefaults(), CheckSettings())} == {
        *("method", "header", "data", "timeout", "follow", "retries"),
        *("expect", "location", "expect-header", "contains", "matches", "expect-json", "cert-days", "within"),
        *("include", "exclude", "dedupe", "shard", "retry-on", "retry-budget", "confirm", "connect-timeout"),
        *("user-agent", "max-redirects", "max-body", "auth", "cookie", "insecure", "ca-file", "min-tls", "resolve"),
        *("cert and --key", "what the netrc file says (--netrc)", "the proxy (--proxy, or the environment's)"),
        *("resolver", "-4 and -6", "all-addresses and --expect-addresses"),
    }


def test_how_fast_and_when_it_ends_is_free() -> None:
    usual = decisive(LineDefaults(), CheckSettings())
    others = CheckSettings(
        concurrency=1, processes=2, order=Order.COMPLETION, pace=PaceSettings(per_host=1), deadline_s=1, max_failures=1
    )
    assert decisive(LineDefaults(), others) == usual
    assert decisive(LineDefaults(), CheckSettings(dask="local:2")) == usual


def test_a_run_goes_on_with_its_own_shard_alone() -> None:
    shards = [SelectionSettings(shard=Shard(index=index, count=2)) for index in (1, 2)]
    marks = {canonical(decisive(LineDefaults(), CheckSettings(selection=one))) for one in shards}
    assert len(marks) == 2


def test_secrets_of_settings_count() -> None:
    def auth(password: str) -> str:
        settings = CheckSettings(http=HttpSettings(netrc={"h": Credentials(user="me", password=password)}))
        return canonical(decisive(LineDefaults(), settings))

    assert auth("one") != auth("two")


def test_a_file_is_known_by_its_content(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("a")
    other.write_text("a")
    assert IDENTITIES.of_file(one) == IDENTITIES.of_file(other)
    other.write_text("b")
    assert IDENTITIES.of_file(one) != IDENTITIES.of_file(other)
