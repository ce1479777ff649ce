"""A slow host holds back nobody else."""

from allup.lab.behaviour import Behaviour, Server
from allup.lab.server import Lab
from allup.model.clock import Clock
from allup.model.settings import CheckSettings, Order, PaceSettings
from allup.run.checking import checking


async def test_the_only_url_of_an_idle_host_does_not_wait_for_two_hundred_of_a_slow_one(lab: Lab) -> None:
    slow = [f"{lab.base_url}/latency/1s?{number}" for number in range(200)]
    idle = lab.url(Behaviour(name="", about="", path="/ok", server=Server.TWO))
    settings = CheckSettings(order=Order.COMPLETION, pace=PaceSettings(per_host=10))
    now = Clock().monotonic

    began_at = now()
    async with checking([*slow, idle], settings) as run:
        async for result in run:
            if result.url == idle:
                break
        took_s = now() - began_at

    assert took_s < 5
    assert lab.stats.of(Server.ONE).peak_in_flight == 10


async def test_a_slow_host_s_backlog_holds_no_global_slot(lab: Lab) -> None:
    slow = [f"{lab.base_url}/latency/500ms?{number}" for number in range(50)]
    quick = [lab.url(Behaviour(name="", about="", path=f"/latency/10ms?{at}", server=Server.TWO)) for at in range(20)]
    settings = CheckSettings(order=Order.COMPLETION, concurrency=3, pace=PaceSettings(per_host=2))

    seen = []
    async with checking([*slow, *quick], settings) as run:
        async for result in run:
            seen.append(result.url)
            if len(seen) == len(quick):
                break

    assert len(set(seen) & set(quick)) >= len(quick) - 4
