"""What a command takes is its own: neither the measuring process's memory nor its time."""

import sys
import time
from pathlib import Path

import pytest

from bench import machine
from bench.measuring import measure
from bench.tools.tool import Invocation

MIB = 2**20


def python(source: str) -> Invocation:
    return Invocation([sys.executable, "-I", "-S", "-c", source])


def test_the_peak_of_the_memory_is_not_that_of_the_process_that_measures(tmp_path: Path) -> None:
    mine = bytearray(100 * MIB)
    assert measure(python("pass"), tmp_path).usage.peak_bytes < 50 * MIB < len(mine)
    assert measure(python(f"bytearray(b'1' * {60 * MIB})"), tmp_path).usage.peak_bytes > 60 * MIB


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="the system does not tell")
def test_the_memory_of_several_processes_is_what_they_have_together(tmp_path: Path) -> None:
    large = f"import time; kept = b'1' * {40 * MIB}; time.sleep(0.4)"
    family = f"import os; child = os.fork(); {large}; child and os.waitpid(child, 0)"
    assert 80 * MIB < measure(python(family), tmp_path).usage.peak_bytes < 130 * MIB


def test_waiting_takes_no_processor_time_and_its_output_is_kept(tmp_path: Path) -> None:
    outcome = measure(python("import sys, time; time.sleep(0.2); print('out'); sys.exit('err')"), tmp_path)
    assert outcome.code == 1
    assert (outcome.stdout.read_text(), outcome.stderr.read_text()) == ("out\n", "err\n")
    assert outcome.usage.cpu_s < 0.2 <= outcome.usage.wall_s


def test_what_others_do_is_told_where_the_system_says() -> None:
    before = machine.busy_s()
    ends = time.process_time() + 0.1
    while time.process_time() < ends:
        pass
    after = machine.busy_s()
    assert (before is None) == (after is None) == (not Path("/proc/stat").exists())
    assert before is None or after is None or after - before >= 0.05
