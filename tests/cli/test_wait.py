"""What `wait` tells while it waits, its exit codes, and the command that follows."""

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from allup.lab.server import Lab
from cli.driving import PATIENCE_S, allup, outcome_of, process, shell, started
from cli.heard import ANSWER


@pytest.fixture
def later() -> Iterator[tuple[int, Callable[[], None]]]:
    """A port where nobody listens yet, and what makes somebody do so and answer everything with 200."""
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    door.settimeout(PATIENCE_S)

    def answer() -> None:
        while True:
            try:
                visitor, _ = door.accept()
            except OSError:
                return
            with visitor:
                if visitor.recv(65_536):
                    visitor.sendall(ANSWER)

    def listen() -> None:
        door.listen()
        thread.start()

    thread = threading.Thread(target=answer, name="later", daemon=True)
    yield door.getsockname()[1], listen
    door.shutdown(socket.SHUT_RDWR) if thread.is_alive() else None
    door.close()


def test_what_is_up_is_ready_at_once_and_nothing_is_on_stdout(lab: Lab) -> None:
    port = lab.base_url.rpartition(":")[2]

    outcome = allup("wait", f"{lab.base_url}/ok", f"tcp://127.0.0.1:{port}")

    assert (outcome.code, outcome.stdout) == (0, "")
    assert "ready  200" in outcome.stderr
    assert f"ready  tcp://127.0.0.1:{port}" in outcome.stderr
    assert "ready: 2 of 2 after" in outcome.stderr


def test_a_server_that_comes_up_is_waited_for_with_a_line_where_something_changes(
    later: tuple[int, Callable[[], None]],
) -> None:
    port, listen = later
    with started("wait", f"http://127.0.0.1:{port}/", "--every", "20ms", "--stable", "2") as child:
        assert child.stderr is not None
        first = child.stderr.readline()
        listen()
        outcome = outcome_of(child)

    assert "waiting  connect_refused" in first
    assert outcome.code == 0
    lines = outcome.stderr.splitlines()
    assert ["waiting  200" in line for line in lines] == [True, False, False]
    assert "as expected 1 in a row, which is not enough yet" in lines[0]
    assert "ready  200" in lines[1]


def test_what_is_not_ready_in_time_is_told_with_its_last_reason(lab: Lab) -> None:
    outcome = allup("wait", f"{lab.base_url}/ok", f"{lab.base_url}/status/503", "--for", "50ms", "--every", "20ms")

    assert (outcome.code, outcome.stdout) == (1, "")
    assert "503 Service Unavailable, expected 200-299" in outcome.stderr
    assert "not ready: 1 of 2 after" in outcome.stderr
    assert outcome.stderr.count("waiting  503") == 1


def test_any_one_or_one_of_a_group_is_enough(lab: Lab, listed: Path) -> None:
    never = f"{lab.base_url}/status/503"
    listed.write_text(f"{never} group=g\n{lab.base_url}/ok group=g\n")

    assert allup("wait", never, f"{lab.base_url}/ok", "--any").code == 0
    assert allup("wait", listed).code == 0


def test_a_line_that_cannot_be_read_is_told_at_once(lab: Lab, listed: Path) -> None:
    listed.write_text(f"{lab.base_url}/ok\n{lab.base_url}/ok?2 exepct=200\n")

    outcome = allup("wait", listed)

    assert outcome.code == 1
    assert "did you mean expect?" in outcome.stderr
    assert lab.stats.total.requests == 0


def test_a_terminal_shows_what_is_missing_and_why(lab: Lab) -> None:
    outcome = allup("wait", f"{lab.base_url}/ok", f"{lab.base_url}/status/503", "--for", "200ms", terminal=True)

    assert "1 of 2 ready" in outcome.stderr
    assert "of 200ms" in outcome.stderr


def test_quiet_leaves_the_exit_code_alone(lab: Lab) -> None:
    outcome = allup("wait", f"{lab.base_url}/status/503", "--for", "10ms", "--quiet")

    assert (outcome.code, outcome.stdout, outcome.stderr) == (1, "", "")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--"], "there is no command behind --"),
        (["--", ""], "there is no command behind --"),
        (["--", "no-such-command"], "no-such-command: there is no such command"),
        (["--for", "0"], "--for"),
        (["--every", "0s"], "--every"),
        (["--stable", "0"], "--stable"),
        (["--exclude", "."], "nothing is left to check"),
        (["--nonsense", "--", "--for"], "--nonsense"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_asked(lab: Lab, arguments: list[str], told: str) -> None:
    outcome = allup("wait", f"{lab.base_url}/ok", *arguments, variables={"PATH": os.defpath})

    assert (outcome.code, outcome.stdout) == (2, "")
    assert told in outcome.complaint
    assert lab.stats.total.requests == 0


def test_an_empty_list_is_nothing_to_wait_for() -> None:
    assert allup("wait", stdin="\n").code == 2


def test_help_names_the_command_that_may_follow(capsys: pytest.CaptureFixture[str]) -> None:
    assert allup("wait", "--help").code == 0
    assert "[-- COMMAND [ARGUMENT]...]" in " ".join(capsys.readouterr().out.split())


def test_the_command_has_its_arguments_its_streams_and_its_exit_code(lab: Lab) -> None:
    outcome = shell(
        """echo in | $allup wait --quiet "$url" -- sh -c '
            cat; for one; do echo "<$one>"; done; echo err >&2; yes | head -n 1; exit 7' sh "a  b" '*' '' -- --for 1""",
        url=f"{lab.base_url}/ok",
    )

    assert outcome.code == 7
    assert outcome.stdout == "in\n<a  b>\n<*>\n<>\n<-->\n<--for>\n<1>\ny\n"
    assert outcome.stderr == "err\n"


def test_the_command_is_this_very_process_and_its_signals_are_its_own(lab: Lab) -> None:
    with started("wait", f"{lab.base_url}/ok", "--quiet", "--", "sh", "-c", "echo $$; exec sleep 60") as child:
        assert child.stdout is not None
        assert int(child.stdout.readline()) == child.pid
        child.send_signal(signal.SIGTERM)
        assert child.wait(PATIENCE_S) == -signal.SIGTERM


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_wait_and_the_command_is_not_run(number: signal.Signals, code: int) -> None:
    with started("wait", "tcp://127.0.0.1:1", "--", "echo", "run") as child:
        assert child.stderr is not None
        assert "connect_refused" in child.stderr.readline()
        child.send_signal(number)
        outcome = outcome_of(child)

    assert (outcome.code, outcome.stdout) == (code, "")
    assert "not ready: 0 of 1" in outcome.stderr


def test_the_command_is_not_run_where_it_is_not_all_up(lab: Lab) -> None:
    outcome = process("wait", f"{lab.base_url}/status/503", "--for", "10ms", "-q", "--", "echo", "run")

    assert (outcome.code, outcome.stdout) == (1, "")


def test_a_file_that_cannot_be_run_is_told_as_a_shell_does(lab: Lab, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/no/such/interpreter\n")
    broken.chmod(0o755)

    outcome = process("wait", f"{lab.base_url}/ok", "-q", "--", broken)

    assert outcome.code == 127
    assert outcome.stderr.startswith(f"allup: {broken}: ")


@pytest.mark.parametrize("command", ["check", "race", "list"])
def test_elsewhere_a_port_is_an_invalid_target_that_says_where_it_is_one(command: str) -> None:
    outcome = allup(command, "tcp://127.0.0.1:1")

    assert outcome.code == 1
    assert "allup wait" in f"{outcome.stdout}{outcome.stderr}"


def test_the_command_runs_though_nobody_can_be_told_that_it_does(lab: Lab) -> None:
    outcome = shell('$allup wait "$url" 2>/dev/full -- echo ran', url=f"{lab.base_url}/ok")

    assert (outcome.code, outcome.stdout) == (0, "ran\n")


def test_good_lines_beside_a_bad_one_are_said_not_to_have_been_asked(lab: Lab, listed: Path) -> None:
    listed.write_text(f"{lab.base_url}/ok\nno url\n")

    outcome = allup("wait", listed)

    assert outcome.code == 1
    assert "not asked, since a line of the list cannot be read" in " ".join(outcome.stderr.split())
    assert lab.stats.total.requests == 0
