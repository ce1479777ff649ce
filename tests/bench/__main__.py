"""Runs the benchmark: ``python tests/bench --help``."""

import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parent.parent)  # where the tests import from
    import_module("bench.command").app(prog_name="tests/bench")
