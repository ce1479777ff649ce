"""What `race` prints, for programs and for people, and its exit codes."""

import signal
from pathlib import Path

import pytest

from allup.lab.behaviour import Behaviour, Server
from allup.lab.server import Lab
from cli.driving import allup, eventually, outcome_of, shell, started


@pytest.fixture
def silent(lab: Lab) -> str:
    """A URL that never answers."""
    return lab.url(Behaviour(name="", about="", path="/", server=Server.SILENT))


def test_the_winner_s_url_is_alone_on_stdout_and_the_others_are_called_off(lab: Lab, silent: str) -> None:
    outcome = allup("race", silent, f"{lab.base_url}/ok", f"{lab.base_url}/status/404")

    assert (outcome.code, outcome.stdout) == (0, f"{lab.base_url}/ok\n")
    assert "called off while" in outcome.stderr
    assert "won: 1 of 3 as expected" in outcome.stderr
    eventually(lambda: lab.stats.total.in_flight == 0)


def test_the_url_is_fit_for_a_program_in_a_shell(lab: Lab) -> None:
    outcome = shell('test "$($allup race --quiet "$url")" = "$url" && echo same', url=f"{lab.base_url}/ok?a=b&c='d'")

    assert (outcome.stdout, outcome.stderr) == ("same\n", "")


def test_as_many_as_are_needed_are_printed_in_the_order_of_their_arrival(lab: Lab, silent: str) -> None:
    slow, quick = f"{lab.base_url}/latency/200ms", f"{lab.base_url}/ok"

    outcome = allup("race", slow, silent, quick, "--need", "2")

    assert (outcome.code, outcome.stdout) == (0, f"{quick}\n{slow}\n")
    assert "+" in outcome.stderr


def test_where_too_few_are_as_expected_nothing_is_printed_and_everyone_s_reason_is_told(lab: Lab) -> None:
    urls = [f"{lab.base_url}/ok", f"{lab.base_url}/status/404", "http://"]

    outcome = allup("race", *urls, "-n", "2", "--retries", "0")

    assert (outcome.code, outcome.stdout) == (1, "")
    for word in ("404 Not Found, expected 200-299", "invalid_target", "not won: 1 of 3 as expected"):
        assert word in outcome.stderr


def test_a_password_is_not_in_the_url_that_is_printed(lab: Lab) -> None:
    url = lab.base_url.replace("://", "://me:s3cr3t@")

    outcome = allup("race", f"{url}/ok")

    assert outcome.stdout == f"{lab.base_url.replace('://', '://me@')}/ok\n"
    assert "s3cr3t" not in outcome.stderr


def test_json_has_everyone_with_places_and_margins(lab: Lab, silent: str) -> None:
    document = allup("race", silent, f"{lab.base_url}/ok", "-f", "json", "--quiet").document

    assert list(document) == ["schema", "need", "won", "wall_s", "results"]
    assert (document["schema"], document["need"], document["won"]) == ("allup.race/1", 1, True)
    first, last = document["results"]
    assert (first["place"], first["behind_ms"], first["verdict"], first["status"]) == (1, 0.0, "ok", 200)
    assert (last["place"], last["behind_ms"], last["failure"]["kind"]) == (None, None, "interrupted")


def test_json_is_written_where_the_race_is_not_won_too(lab: Lab) -> None:
    outcome = allup("race", f"{lab.base_url}/status/404", "-f", "json", "--quiet")

    assert (outcome.code, outcome.stderr, outcome.document["won"]) == (1, "", False)


def test_a_stagger_spares_those_that_are_not_needed(lab: Lab, listed: Path) -> None:
    listed.write_text("".join(f"{lab.base_url}/ok?{number}\n" for number in range(5)))

    outcome = allup("race", listed, "--stagger", "10s")

    assert outcome.stdout == f"{lab.base_url}/ok?0\n"
    assert lab.stats.total.requests == 1


def test_options_of_lists_and_flags_hold(lab: Lab, listed: Path) -> None:
    listed.write_text(f"url,expect\n{lab.base_url}/status/404,404\n{lab.base_url}/latency/30s,\n")

    outcome = allup("race", listed, "--input-format", "csv", "--exclude", "nothing", "-t", "5s", "--expect", "2xx")

    assert outcome.stdout == f"{lab.base_url}/status/404\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--need", "5"], "--need 5 is more than there are in the race: 2"),
        (["--need", "0"], "--need"),
        (["--need", "x"], "--need"),
        (["--stagger", "soon"], "'soon' is not a duration"),
        (["--format", "table"], "table"),
        (["--exclude", "."], "nothing is left to check"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_asked(lab: Lab, arguments: list[str], told: str) -> None:
    outcome = allup("race", f"{lab.base_url}/ok?1", f"{lab.base_url}/ok?2", *arguments)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert told in outcome.complaint
    assert lab.stats.total.requests == 0


def test_an_empty_list_is_no_race() -> None:
    outcome = allup("race", stdin="# nobody\n")

    assert (outcome.code, outcome.stdout) == (2, "")
    assert "there is no target in it" in outcome.stderr


def test_a_signal_ends_the_race_with_what_is_known(lab: Lab, silent: str) -> None:
    with started("race", silent, f"{lab.base_url}/ok", "--need", "2") as child:
        eventually(lambda: lab.stats.of(Server.SILENT).in_flight == 1 and lab.stats.total.requests == 2)
        child.send_signal(signal.SIGTERM)
        outcome = outcome_of(child)

    assert (outcome.code, outcome.stdout) == (143, "")
    assert "interrupted by" in outcome.stderr


def test_faults_of_this_machine_are_nobody_s_loss() -> None:
    assert allup("race", "http://a.test/", "--resolver", "127.0.0.1:1", "--retries", "0").code == 3


def test_a_terminal_shows_the_table_in_its_width(lab: Lab, silent: str) -> None:
    outcome = allup("race", silent, f"{lab.base_url}/ok", terminal=True, variables={"NO_COLOR": "1"}, columns=60)

    assert outcome.stdout == f"{lab.base_url}/ok\n"
    assert "place" in outcome.stderr


@pytest.mark.parametrize("unread", ["2>/dev/full", "2>&-"])
def test_who_cannot_be_told_of_the_others_still_gets_the_winner(lab: Lab, unread: str) -> None:
    outcome = shell(f'$allup race "$url" {unread}', url=f"{lab.base_url}/ok")

    assert (outcome.code, outcome.stdout) == (0, f"{lab.base_url}/ok\n")


def test_a_reader_of_standard_error_that_is_gone_changes_nothing(lab: Lab, tmp_path: Path) -> None:
    out = tmp_path / "out"

    outcome = shell(
        '{ sleep 0.2; $allup race "$url" 2>&1 >"$out"; echo $? >&2; } | true', url=f"{lab.base_url}/ok", out=str(out)
    )

    assert (outcome.stderr, out.read_text()) == ("0\n", f"{lab.base_url}/ok\n")
