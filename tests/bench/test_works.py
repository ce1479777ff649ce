"""The lists of the works, and the shortest that a run of one can take."""

from statistics import median

import pytest

from bench.schedule import ideal_s
from bench.works import WORKS, Key


@pytest.mark.parametrize(
    ("latencies_s", "slots", "expected_s"),
    [
        ([1.0, 2.0, 3.0], 3, 3.0),
        ([1.0, 2.0, 3.0], 1, 6.0),
        ([1.0, 2.0, 3.0], 2, 4.0),  # the third begins when the first ends
        ([3.0, 1.0, 1.0, 1.0], 2, 3.0),
        ([1.0], 100, 1.0),
        ([], 2, 0.0),
    ],
)
def test_the_ideal_schedule_begins_each_as_soon_as_a_slot_is_free(
    latencies_s: list[float], slots: int, expected_s: float
) -> None:
    assert ideal_s(latencies_s, slots) == pytest.approx(expected_s)


@pytest.mark.parametrize("key", list(Key))
def test_every_url_of_a_list_is_another_one_and_every_origin_is_asked(key: Key) -> None:
    work = WORKS[key].scaled(0.1)
    ports = range(1000, 1000 + work.origins)
    urls = work.urls(ports)
    assert len(set(urls)) == len(urls) == work.count
    assert {int(url.split("/")[2].split(":")[1]) for url in urls} == set(ports)
    assert all(url.startswith("https:" if work.tls else "http:") for url in urls)


def test_the_latencies_are_those_of_the_web_and_the_same_in_every_run() -> None:
    late = WORKS[Key.D]
    assert median(late.latencies_s) == pytest.approx(0.12, rel=0.1)
    assert 1.5 < max(late.latencies_s) <= 3.0
    assert late.latencies_s == WORKS[Key.E].latencies_s
    assert ideal_s(late.latencies_s, 100) == pytest.approx(3.5, abs=0.05)


def test_a_scaled_work_is_the_beginning_of_the_whole_one() -> None:
    late = WORKS[Key.D]
    assert late.scaled(0.01).latencies_s == late.latencies_s[:20]
    assert WORKS[Key.START].scaled(0.01).count == 1
