import pytest

from allup import Result, Verdict
from allup.report.record import record
from live.answers.certificates import EVIL_NAME, NEAR_PAST, Certificates
from live.answers.conftest import Serve
from live.answers.running import run
from live.answers.scripts import FINE, says


def detail(result: Result) -> str:
    assert result.failure is not None, result
    return result.failure.detail


@pytest.mark.parametrize("insecure", [False, True])
async def test_the_session_is_told_of_fresh_and_reused_connections(
    serve: Serve, certificates: Certificates, *, insecure: bool
) -> None:
    nasty = await serve(says(FINE), "good")
    results, _ = await run([nasty.url] * 3, certificates, insecure=insecure)
    assert nasty.connections == 1
    sessions = [result.attempt.tls for result in results if result.attempt is not None]
    assert sessions[0] is not None
    assert sessions[0].version == "TLSv1.3"
    assert sessions[0].expires_at is not None
    assert sessions == [sessions[0]] * 3


async def test_the_date_of_expiry_is_the_certificates_own(serve: Serve, certificates: Certificates) -> None:
    nasty = await serve(says(FINE), "expired")
    [result], _ = await run([nasty.url], certificates, insecure=True)
    assert result.verdict is Verdict.OK
    assert result.attempt is not None
    assert result.attempt.tls is not None
    assert result.attempt.tls.expires_at == NEAR_PAST.timestamp()
    told = record(result)["tls"]
    assert isinstance(told, dict)
    assert told["expires_at"] == "2019-08-07T06:05:04Z"
    assert told["days_left"] < 0


async def test_an_insecure_run_takes_any_certificate(serve: Serve, certificates: Certificates) -> None:
    urls = [(await serve(says(FINE), name)).url for name in certificates.contexts]
    results, _ = await run(urls, certificates, insecure=True)
    assert [result.verdict for result in results] == [Verdict.OK] * len(urls)
    assert all(result.attempt and result.attempt.tls and result.attempt.tls.expires_at for result in results)


async def test_plain_http_has_no_session(serve: Serve, certificates: Certificates) -> None:
    nasty = await serve(says(FINE))
    [result], _ = await run([nasty.url], certificates)
    assert record(result)["tls"] is None


async def test_a_detail_names_who_when_and_by_whom(serve: Serve, certificates: Certificates) -> None:
    names = ("expired", "not yet", "other name", "untrusted", "self-signed")
    urls = [(await serve(says(FINE), name)).url for name in names]
    results, _ = await run(urls, certificates)
    expired, not_yet, other, untrusted, alone = map(detail, results)
    assert expired == "the certificate for 127.0.0.1 expired on 2019-08-07"
    assert not_yet == "the certificate for 127.0.0.1 is only valid from 2098-07-06"
    assert (
        other
        == "IP address mismatch, certificate is not valid for '127.0.0.1': it is for other.example, another.example"
    )
    assert untrusted.startswith("the certificate for 127.0.0.1, issued by Somebody Else's Authority, is not trusted: ")
    assert alone.startswith("the certificate for alone.example, issued by alone.example, is not trusted: self")


async def test_of_many_names_the_first_few_are_told(serve: Serve, certificates: Certificates) -> None:
    nasty = await serve(says(FINE), "many names")
    [result], _ = await run([nasty.url], certificates)
    assert detail(result).endswith("it is for 0.example, 1.example, 2.example and 6 more")


async def test_a_name_is_told_as_it_stands_and_left_to_the_reports(serve: Serve, certificates: Certificates) -> None:
    nasty = await serve(says(FINE), "evil name")
    [result], _ = await run([nasty.url], certificates)
    assert EVIL_NAME in detail(result)
