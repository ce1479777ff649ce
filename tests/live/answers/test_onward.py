from contextlib import suppress
from urllib.parse import unquote_to_bytes

from hypothesis import assume, example, given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from allup.http.place import origin
from allup.http.redirects import Leg, raw_location
from allup.http.robot_walls import robot_wall
from allup.lists.url import BadUrl

_CREDENTIALS = (
    ("Authorization", "Bearer s3cr3t"),
    ("cookie", "session=s3cr3t"),
    ("PROXY-Authorization", "Basic s3cr3t"),
)
_LEG = Leg(
    method="GET",
    href="https://user:s3cr3t@example.org/a/b?c",
    url="https://user@example.org/a/b?c",
    host="example.org:443",
    headers=(("Accept", "text/html"), *_CREDENTIALS),
)
_HERE = "https://example.org:443"
_PARTS = st.sampled_from(
    [
        "https://",
        "http://",
        "//",
        "/",
        "\\",
        "example.org",
        "EXAMPLE.org",
        "evil.example",
        ":443",
        ":80",
        ":8443",
        "user:pw@",
        "@",
        "..",
        ".",
        "?q",
        "#f",
        "%3A",
        "%2F",
        "é",
        "\t",
        " ",
        ":",
        "\uff45xample.org",
        "a" * 64,
    ]
)
LOCATIONS = st.lists(_PARTS, max_size=7).map("".join)
_HEADERS = st.dictionaries(
    st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,12}", fullmatch=True), st.text(max_size=20), max_size=5
)


@given(st.binary(max_size=60))
@example(b"/caf\xe9")
@example(b"/%3A%27%3f\xff%")
def test_a_location_keeps_its_bytes(sent: bytes) -> None:
    received = sent.decode("utf-8", "surrogateescape")  # as aiohttp hands it on
    location = raw_location(received)
    assert location.isascii()
    assert unquote_to_bytes(location) == unquote_to_bytes(sent)
    if sent.isascii():
        assert location == received


@given(st.text(st.sampled_from("abcXYZ019-._~!$&()*+,;=:@/%"), max_size=40))
@example("%3A%27%3F%2f%zz%")
def test_a_path_and_its_query_are_asked_as_they_came(text: str) -> None:
    assume(not {".", ".."} & set(f"x{text}".lower().replace("%2e", ".").split("/")))
    onward = _LEG.onward(302, f"/x{text}?{text}")
    assert onward.href == f"https://user:s3cr3t@example.org/x{text}?{text}"


@given(LOCATIONS, st.sampled_from([301, 302, 303, 307, 308]))
@example("//evil.example", 302)
@example("http://example.org/", 302)
@example("https://example.org:8443/", 302)
@example("https:\\\\evil.example", 302)
@example("/\\evil.example", 302)
@example("https://example.org@evil.example/", 302)
def test_credentials_never_cross_to_another_origin(location: str, status: int) -> None:
    with suppress(BadUrl):
        onward = _LEG.onward(status, location)
        assert "s3cr3t" not in onward.url
        if origin(onward.href) == origin(_LEG.href):
            assert onward.headers == _LEG.headers
        else:
            assert "s3cr3t" not in onward.href
            assert onward.headers == (("Accept", "text/html"),)


@given(LOCATIONS, LOCATIONS)
@example("https://evil.example/", "https://example.org/")
def test_credentials_that_were_left_behind_do_not_come_back(there: str, back: str) -> None:
    with suppress(BadUrl):
        away = _LEG.onward(302, there)
        assume(origin(away.href) != origin(_LEG.href))
        home = away.onward(302, back)
        assert "s3cr3t" not in home.href
        assert home.headers == (("Accept", "text/html"),)


def test_the_default_port_is_the_same_origin_and_another_scheme_is_not() -> None:
    assert _LEG.onward(302, f"{_HERE}/x").headers == _LEG.headers
    assert _LEG.onward(302, "http://example.org/x").headers == (("Accept", "text/html"),)


@given(st.integers(100, 999), _HEADERS)
def test_headers_of_no_maker_are_no_wall(status: int, headers: dict[str, str]) -> None:
    assume(not any(name.lower().startswith(("cf-", "x-", "akamai", "server", "set-cookie")) for name in headers))
    found = robot_wall(status, CIMultiDictProxy(CIMultiDict(headers)))
    assert found == ("LinkedIn" if status == 999 else None)


@given(
    st.integers(100, 999),
    st.lists(st.tuples(st.sampled_from(["Server", "Set-Cookie", "X-CDN", "X-Iinfo", "cf-ray"]), st.text(max_size=20))),
)
def test_a_makers_servers_alone_are_no_wall_in_other_answers(status: int, headers: list[tuple[str, str]]) -> None:
    assume(status not in {401, 403, 405, 406, 429, 503, 999})
    assert robot_wall(status, CIMultiDictProxy(CIMultiDict(headers))) is None


@given(st.sampled_from(["CLOUDFLARE", "cloudflare", "Cloudflare-nginx"]), st.sampled_from(["server", "SERVER"]))
def test_marks_are_read_in_any_case(value: str, name: str) -> None:
    assert robot_wall(403, CIMultiDictProxy(CIMultiDict({name: value}))) == "Cloudflare"
