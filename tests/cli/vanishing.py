"""A program for a network of its own, which it takes down under a run of allup, and brings up again.

Arguments: ``back``, ``gone`` or ``stays``, and those of allup, for a lab at port 8765. Passes on what allup writes,
and ends as it does.
"""

import subprocess
import sys

ALLUP = (sys.executable, "-m", "allup")
LINES_BEFORE = 5


def loopback(state: str) -> None:
    subprocess.run(["ip", "link", "set", "lo", state], check=True)


def main(fate: str, *arguments: str) -> int:
    loopback("up")
    program = [*ALLUP, "lab", "--port", "8765"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as lab:
        try:
            assert lab.stdout is not None
            lab.stdout.readline()
            return vanish(fate, arguments) if fate != "stays" else subprocess.call([*ALLUP, *arguments])
        finally:
            lab.kill()


def vanish(fate: str, arguments: tuple[str, ...]) -> int:
    run = subprocess.Popen([*ALLUP, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with run:
        assert run.stdout is not None
        assert run.stderr is not None
        for _ in range(LINES_BEFORE):
            sys.stdout.write(run.stdout.readline())
        loopback("down")
        sys.stderr.write(run.stderr.readline())  # that no canary answers
        if fate == "back":
            loopback("up")
        sys.stdout.write(run.stdout.read())
        sys.stderr.write(run.stderr.read())
        return run.wait()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
