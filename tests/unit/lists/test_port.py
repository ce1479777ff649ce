"""``tcp://host:port``, where it is a target and where it is none."""

from dataclasses import replace

import pytest

from allup.lists.formats.fields import entry_of
from allup.lists.line import LineDefaults, parse_argument, parse_line
from allup.lists.options import line_defaults
from allup.model.expectation import Expectation
from allup.model.target import Entry, InvalidTarget, Origin, Target

PORTS = LineDefaults(ports=True)


def read(text: str, defaults: LineDefaults = PORTS) -> Entry | None:
    return parse_line(text, defaults, Origin())


def reason(text: str, defaults: LineDefaults = PORTS) -> str:
    entry = read(text, defaults)
    assert isinstance(entry, InvalidTarget), entry
    return entry.reason


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("tcp://Db.Example:5432", "db.example:5432"),
        ("TCP://localhost:80", "localhost:80"),
        ("tcp://localhost:443/", "localhost:443"),
        ("tcp://127.0.0.1:1", "127.0.0.1:1"),
        ("tcp://[0::1]:6379", "[::1]:6379"),
        ("tcp://bücher.example:25", "xn--bcher-kva.example:25"),
    ],
)
def test_a_port_is_a_target_under_its_normalised_name(text: str, host: str) -> None:
    entry = read(text)

    assert isinstance(entry, Target)
    assert (entry.host, entry.href, entry.url) == (host, f"tcp://{host}", f"tcp://{host}")
    assert parse_argument(text, PORTS, Origin()) == entry


@pytest.mark.parametrize(
    "text",
    [
        *("tcp://db", "tcp://db:", "tcp://:5432", "tcp://db:0", "tcp://db:65536", "tcp://db:5432/path"),
        *("tcp://db:5432?a", "tcp://me:s3cr3t@db:5432", "tcp://d b:1", "tcp://", "tcp:db:5432", "tcp://a..b:1"),
    ],
)
def test_what_is_no_host_and_port_is_an_invalid_target_without_its_secrets(text: str) -> None:
    assert "s3cr3t" not in f"{reason(text)} {read(text)}"


def test_it_says_how_to_write_one() -> None:
    assert reason("tcp://db") == "not a port to connect to: write tcp://HOST:PORT"


@pytest.mark.parametrize("defaults", [LineDefaults(), replace(PORTS, ports=False)])
def test_elsewhere_it_is_an_invalid_target_that_names_the_command_for_it(defaults: LineDefaults) -> None:
    assert "allup wait" in reason("tcp://db:5432", defaults)


def test_options_that_make_sense_are_taken_and_others_are_refused() -> None:
    entry = read("tcp://db:5432 name=database group=stores timeout=2s within=1s")

    assert isinstance(entry, Target)
    assert (entry.name, entry.group, entry.request.timeout_s) == ("database", "stores", 2)
    assert entry.expectation.within is not None
    assert reason("tcp://db:5432 expect=200") == "expect= is for http and https: a port is only connected to"


def test_what_the_flags_say_of_requests_is_for_those_that_are_some() -> None:
    said = line_defaults([("expect", "404"), ("contains", "x"), ("data", "y"), ("timeout", "3s")], {})
    entry = read("tcp://db:5432", replace(said, ports=True))

    assert isinstance(entry, Target)
    assert entry.expectation == Expectation()
    assert (entry.request.data, entry.request.timeout_s) == (None, 3)


def test_a_table_may_name_ports_too() -> None:
    assert isinstance(entry_of("tcp://db:1", [("name", "a")], PORTS, Origin(), shown=""), Target)
    assert isinstance(entry_of("tcp://db:1", [("expect", "200")], PORTS, Origin(), shown=""), InvalidTarget)
    assert isinstance(entry_of("tcp://db:1", [], LineDefaults(), Origin(), shown=""), InvalidTarget)
