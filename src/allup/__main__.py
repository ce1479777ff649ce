"""``python -m allup``."""

from allup.cli.main import run

if __name__ == "__main__":
    run()
