"""What is told from one process to another arrives as it was, and what was told once is not told again."""

import pickle
from dataclasses import fields, replace
from pathlib import Path

import pytest

from allup.lists.line import LineDefaults, parse_line
from allup.model.attempt import AddressOutcome, Attempt, Hop, Timings, Tls
from allup.model.failure import Certainty, Failure, FailureKind, Phase
from allup.model.settings import (
    ClientCertificate,
    Credentials,
    ExpectAddresses,
    Family,
    HttpSettings,
    MinTls,
    Pin,
    Proxies,
)
from allup.model.target import Origin, Request, Target
from allup.model.verdict import Verdict
from allup.run.processes.packing import packed, unpacked
from allup.run.processes.terms import PLACES, TermsHeard, TermsTold

RESET = Failure(kind=FailureKind.RESET, certainty=Certainty.TRANSIENT, phase=Phase.WAIT, detail="reset", hint="wait")
ATTEMPT = Attempt(
    started_at=1.0,
    elapsed_s=2.0,
    method="GET",
    failure=RESET,
    status=503,
    final_url="http://a.example/",
    location="/b",
    location_href="http://a.example/b",
    redirects=(Hop(status=301, url="http://b.example/"), Hop(status=302, url="http://c.example/")),
    timings=Timings(blocked_s=1, dns_s=2, connect_s=3, ssl_s=4, send_s=5, wait_s=6, receive_s=7),
    address="192.0.2.7",
    http_version="1.1",
    content_type="text/html",
    content_length=7,
    robot_wall="Somebody",
    retry_after_s=3.5,
    tls=Tls(version="TLSv1.3", expires_at=9.0),
    addresses=(AddressOutcome(address="192.0.2.7", verdict=Verdict.FAILED, status=503, failure=RESET, elapsed_s=2.0),),
)
LINES = [
    "http://a.example/",
    "http://a.example/ method=POST data=\udc80x header='X-Some: \"one\"' timeout=3s retries=5",
    "http://a.example/ expect=2xx,404 within=3s contains=Welcome matches=a+ cert=10 expect-header=Server:x",
    "http://a.example/ json=$.status=ok json='$.checks[?@.up].name=\"x\"'",
    "http://a.example/ follow=no location=/elsewhere",
]


def target_of(line: str) -> Target:
    target = parse_line(line, LineDefaults(), Origin())
    assert isinstance(target, Target), target
    return target


def test_an_attempt_arrives_with_all_that_is_known_of_it() -> None:
    assert all(getattr(ATTEMPT, field.name) is not None for field in fields(Attempt)), "what is new belongs in here"
    plain = Attempt(started_at=0.0, elapsed_s=0.0, method="GET")

    for attempt in (ATTEMPT, plain):
        arrived = unpacked(packed(attempt))
        assert arrived == attempt
        assert type(arrived.timings) is Timings
        assert hash(arrived) == hash(attempt)


@pytest.mark.parametrize("line", LINES)
def test_what_a_line_asks_for_arrives(line: str) -> None:
    target, told, heard = target_of(line), TermsTold(), TermsHeard()

    place, payload = told.of(target)
    assert payload is not None
    heard.put(place, payload)

    assert heard.at(place) == (target.request, target.expectation)
    assert heard.at(place)[0].secrets == target.request.secrets
    assert heard.at(place) is heard.at(place)


def test_the_settings_arrive() -> None:
    settings = HttpSettings(
        auth=Credentials(user="me", password="s3cr3t"),
        netrc={"a.example": Credentials(user="you", password="s3cr3t")},
        cookie="a=b",
        ca_file=Path("ca.pem"),
        client_cert=ClientCertificate(cert=Path("cert.pem")),
        min_tls=MinTls.TLS_1_3,
        proxies=Proxies(always="http://proxy.example", bypass="*"),
        pins=(Pin(host="*", port=80, addresses=("192.0.2.1",)),),
        resolvers=("192.0.2.53",),
        family=Family.IPV6,
        addresses=ExpectAddresses.ANY,
    )
    assert unpacked(packed(settings)) == settings


def test_what_targets_share_is_told_once() -> None:
    told = TermsTold()
    one, other = target_of(LINES[0]), target_of(LINES[1])

    assert [told.of(one)[1] is None for _ in range(3)] == [False, True, True]
    assert [told.of(other)[1] is None for _ in range(3)] == [False, True, True]
    assert told.of(replace(one, url="http://b.example/"))[1] is None


def test_both_ends_agree_however_many_there_are() -> None:
    told, heard = TermsTold(), TermsHeard()
    targets = [replace(target_of(LINES[0]), request=Request(retries=number)) for number in range(3 * PLACES)]

    for target in [*targets, *targets[::2], *targets[::3], *targets[-9:], *targets[-9:]]:
        place, payload = told.of(target)
        if payload is not None:
            heard.put(place, payload)
        assert heard.at(place) == (target.request, target.expectation)
        assert 0 <= place < PLACES


class Unwritable:
    """A pattern of somebody's own."""

    text = "own"

    def found_in(self, subject: str) -> bool:
        return bool(subject)

    def __reduce__(self) -> str:
        raise pickle.PicklingError("never")


def test_an_expectation_that_cannot_be_written_down_is_said_at_once() -> None:
    target = target_of(LINES[2])
    own = replace(target.expectation.answer, matches=(Unwritable(),))

    with pytest.raises(pickle.PicklingError):
        TermsTold().of(replace(target, expectation=replace(target.expectation, answer=own)))
