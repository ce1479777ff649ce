"""What passes is tried again, and what does not is not; a wait holds no slot."""

import asyncio
import socket
import ssl
from collections.abc import Callable

import pytest
import trustme

from allup.lab.behaviour import Server
from allup.lab.catalogue import named
from allup.lab.server import Lab
from allup.model.failure import Certainty, FailureKind
from allup.model.result import Verdict
from allup.model.settings import CheckSettings, PaceSettings
from allup.run import engine
from live.polite.running import ran
from live.polite.spy import OK, RESET, SILENCE, Answer, gaps, in_turn, spying

UNAVAILABLE = Answer(status=503)


def listening_later() -> socket.socket:
    """Return a socket whose port refuses, until it listens."""
    later = socket.socket()
    later.bind(("127.0.0.1", 0))
    return later


@pytest.mark.usefixtures("no_backoff")
@pytest.mark.parametrize("passing", [UNAVAILABLE, RESET, SILENCE], ids=["503", "reset", "silence"])
async def test_what_passes_is_flaky(passing: Answer) -> None:
    async with spying(in_turn(passing, OK)) as spy:
        came = await ran([f"{spy.url('/')} timeout=200ms"])

    assert (came.verdicts, came.attempts) == ([Verdict.FLAKY], [2])
    assert len(spy.log) == 2


@pytest.mark.usefixtures("no_backoff")
async def test_the_last_of_three_attempts_may_be_the_one() -> None:
    async with spying(in_turn(UNAVAILABLE, UNAVAILABLE, OK)) as spy:
        came = await ran([spy.url("/")])

    assert (came.verdicts, came.attempts) == ([Verdict.FLAKY], [3])


async def test_a_port_that_opens_later_is_flaky(backoff: Callable[[float], None]) -> None:
    backoff(0.4)
    later = listening_later()

    async with asyncio.TaskGroup() as group:
        run = group.create_task(ran([f"http://127.0.0.1:{later.getsockname()[1]}/"]))
        await asyncio.sleep(0.2)
        async with spying(in_turn(OK), on=later):
            came = await run

    assert (came.verdicts, came.attempts) == ([Verdict.FLAKY], [2])


@pytest.mark.usefixtures("no_backoff")
async def test_a_port_that_never_opens_has_failed_after_three_attempts(lab: Lab) -> None:
    came = await ran([lab.url(named("refused"))])

    assert (came.kinds, came.attempts) == ([FailureKind.CONNECT_REFUSED], [3])


@pytest.mark.usefixtures("no_backoff")
@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
async def test_a_status_that_usually_passes_is_tried_again(status: int) -> None:
    async with spying(in_turn(Answer(status=status))) as spy:
        came = await ran([spy.url("/")])

    assert (came.kinds, came.attempts) == ([FailureKind.STATUS], [3])
    assert len(spy.log) == 3


@pytest.mark.usefixtures("no_backoff")
@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 501, 505])
async def test_a_status_that_stays_is_not(status: int) -> None:
    async with spying(in_turn(Answer(status=status), OK)) as spy:
        came = await ran([spy.url("/")])

    assert (came.verdicts, came.attempts) == ([Verdict.FAILED], [1])
    assert len(spy.log) == 1


@pytest.mark.usefixtures("no_backoff")
async def test_a_status_that_is_expected_is_no_reason(lab: Lab) -> None:
    came = await ran([f"{lab.base_url}/status/503 expect=503"])

    assert (came.verdicts, came.attempts) == ([Verdict.OK], [1])


@pytest.mark.usefixtures("no_backoff")
@pytest.mark.parametrize(
    ("status", "mark"), [(429, {"Server": "cloudflare"}), (503, {"cf-mitigated": "challenge"}), (999, {})]
)
async def test_a_robot_wall_is_not_run_at_again(status: int, mark: dict[str, str]) -> None:
    async with spying(in_turn(Answer(status=status, headers=mark), OK)) as spy:
        came = await ran([spy.url("/")])

    (result,) = came.results
    assert result.failure is not None
    assert result.failure.certainty is Certainty.BLOCKED
    assert len(spy.log) == 1


@pytest.mark.usefixtures("no_backoff")
async def test_what_is_not_http_is_not_tried_again(lab: Lab) -> None:
    came = await ran([lab.url(named("not-http"))])

    assert (came.kinds, came.attempts) == ([FailureKind.PROTOCOL], [1])
    assert lab.stats.of(Server.WIRE).requests == 1


@pytest.mark.usefixtures("no_backoff")
async def test_a_certificate_does_not_pass() -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)

    async with spying(in_turn(OK), tls=context) as spy:
        came = await ran([spy.url("/")])
        connections = spy.connections

    assert (came.kinds, came.attempts) == ([FailureKind.TLS_UNTRUSTED], [1])
    assert connections <= 1


@pytest.mark.usefixtures("no_backoff")
async def test_no_tls_at_all_does_not_pass(lab: Lab) -> None:
    came = await ran([lab.url(named("not-tls"))])

    assert (came.kinds, came.attempts) == ([FailureKind.TLS_PROTOCOL], [1])
    assert lab.stats.of(Server.WIRE).requests == 1


@pytest.mark.usefixtures("no_backoff")
async def test_redirects_that_lead_nowhere_do_not_pass(lab: Lab) -> None:
    came = await ran([lab.url(named("redirect-loop")), lab.url(named("redirect-nowhere"))])

    assert came.attempts == [1, 1]


async def test_a_backoff_holds_no_slot(backoff: Callable[[float], None]) -> None:
    backoff(2)
    settings = CheckSettings(concurrency=1, pace=PaceSettings(per_host=1))

    async with spying(lambda path, times: UNAVAILABLE if path == "/once" and times == 1 else OK) as spy:
        lines = [spy.url("/once"), *(spy.url(f"/{number}") for number in range(20))]
        came = await ran(lines, settings)

    assert max(came.known_after_s[url] for url in lines[1:]) < 2 <= came.known_after_s[lines[0]]
    assert spy.log[-1].path == "/once"


@pytest.mark.usefixtures("no_backoff")
class TestConfirming:
    """The pass at the end of a run."""

    @pytest.fixture(autouse=True)
    def cool_down(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(engine, "COOL_DOWN_S", 0.2)

    async def test_what_was_better_at_the_end_is_flaky(self) -> None:
        async with spying(in_turn(UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, OK)) as spy:
            came = await ran([spy.url("/")], CheckSettings(confirm=True))

        assert (came.verdicts, came.attempts) == ([Verdict.FLAKY], [4])

    async def test_without_it_the_same_has_failed(self) -> None:
        async with spying(in_turn(UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, OK)) as spy:
            came = await ran([spy.url("/")])

        assert (came.verdicts, came.attempts) == ([Verdict.FAILED], [3])

    async def test_it_comes_after_everything_else_a_pause_later_and_one_at_a_time(self) -> None:
        def answer(path: str, times: int) -> Answer:
            return Answer(status=503 if path.startswith("/bad") and times == 1 else 200, after_s=0.02)

        async with spying(answer) as spy:
            lines = [f"{spy.url(f'/{kind}-{at}')} retries=0" for at in range(8) for kind in ("bad", "good")]
            came = await ran(lines, CheckSettings(confirm=True))

        last = spy.log[16:]
        assert sorted(asked.path for asked in last) == [f"/bad-{at}" for at in range(8)]
        assert last[0].at - spy.log[15].at >= 0.2
        assert min(gaps([asked.at for asked in last])) >= 0.02
        assert came.verdicts == [Verdict.FLAKY, Verdict.OK] * 8

    async def test_what_does_not_pass_is_not_asked_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(engine, "COOL_DOWN_S", 5)
        async with spying(in_turn(Answer(status=404), OK)) as spy:
            came = await ran([spy.url("/")], CheckSettings(confirm=True))

        assert (came.verdicts, came.attempts) == ([Verdict.FAILED], [1])
        assert came.wall_s < 5

    async def test_what_fails_again_has_failed_once(self) -> None:
        async with spying(in_turn(UNAVAILABLE)) as spy:
            came = await ran([spy.url("/")], CheckSettings(confirm=True, max_failures=1))

        assert (came.verdicts, came.attempts) == ([Verdict.FAILED], [4])
