import pytest

from live.answers.case import Case
from live.answers.certificates import Certificates
from live.answers.conftest import Serve
from live.answers.running import lines_of, run
from live.answers.table import TABLE


def test_every_behaviour_is_in_the_table_once() -> None:
    names = [case.name for case in TABLE]
    assert len(names) == len(set(names)) > 60


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in TABLE])
async def test_the_truth_is_told(case: Case, serve: Serve, certificates: Certificates) -> None:
    nasty = await serve(case.script, case.server)
    results, took_s = await run(lines_of(case, nasty), certificates)
    assert [case.expected.differences(result) for result in results] == [[]] * case.times
    assert took_s < case.expected.within_s * case.times
    assert set(case.asked) <= set(nasty.request_lines)
