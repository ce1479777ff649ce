"""``allup`` and ``python -m allup``."""

import gc
import signal


def main() -> None:
    """Run the command that this process was started with, and exit with its code."""
    # What is imported stays: to look for garbage in it, again and again, is a third of the time that it takes.
    gc.disable()
    # Until everything is imported, Ctrl-C simply ends the process: there is nothing to tell yet.
    python_s_own = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from allup.cli.main import run  # noqa: PLC0415

    signal.signal(signal.SIGINT, python_s_own)
    try:
        run()
    finally:
        gc.freeze()  # nor is it looked for when Python takes down everything


if __name__ == "__main__":
    main()
