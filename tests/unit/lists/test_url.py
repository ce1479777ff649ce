from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allup.lists.url import LONGEST_URL, BadUrl, Url, _parsed, join_url, parse_url, printable_url

_HOSTS = st.from_regex(r"[a-z][a-z0-9]{0,9}\.(?:org|example)", fullmatch=True)
_SECRETS = st.text(alphabet="abcXYZ019!$&*+,;=.~_-%@:", min_size=1).map(lambda text: f"s3cr3t{text}")


@pytest.mark.parametrize(
    ("text", "href", "host"),
    [
        ("https://example.org", "https://example.org/", "example.org:443"),
        ("HTTP://EXAMPLE.org:80/a", "http://example.org/a", "example.org:80"),
        ("https://example.org:8443/#top", "https://example.org:8443/#top", "example.org:8443"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/", "xn--bcher-kva.example:443"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x", "[::1]:8080"),
        ("http://[0:0::1]/", "http://[::1]/", "[::1]:80"),
        ("http://127.1/", "http://127.0.0.1/", "127.0.0.1:80"),
        ("https://example.org./", "https://example.org./", "example.org.:443"),
        ("https://user:pw@example.org/", "https://user:pw@example.org/", "example.org:443"),
        ("https://h/'\"$\\", "https://h/'%22$/", "h:443"),
    ],
)
def test_a_url_is_normalised_and_its_host_has_a_port(text: str, href: str, host: str) -> None:
    url = parse_url(text)
    assert (url.href, url.host) == (href, host)


@pytest.mark.parametrize(
    "text",
    [
        "example.org",
        "example.org:8080/x",
        "localhost",
        "localhost:80/x",
        "127.0.0.1:8080/x",
        "[::1]:80",
        "h.x/?u=ftp://y",
    ],
)
def test_a_host_without_a_scheme_means_https(text: str) -> None:
    assert parse_url(text).listed == f"https://{text}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a URL"),
        ("foo", "write https://"),
        ("not-a-url", "write https://"),
        ("foo:80", "scheme foo is not supported"),
        ("'https://example.org'", "begins with a quote"),
        ("https:example.org", "write https:// and the host"),
        ("ftp://example.org", "scheme ftp is not supported: allup checks http and https"),
        ("mailto:someone@example.org", "scheme mailto is not supported"),
        ("user:pw@example.org", "write https://"),
        ("https://", "no host"),
        ("https://:80/", "no host"),
        ("https://./", "a dot alone"),
        ("https://h:99999", "bad port"),
        ("example.org:99999", "bad port"),
        ("https://h:" + "9" * 5000, "bad port"),
        ("https://[::1", "the closing ] is missing"),
        ("https://[zz]/", "bad IPv6 address"),
        ("https://[fe80::1%25eth0]/", "bad IPv6 address"),
        ("https://[::1]x", "bad port"),
        ("https://1.2.3.999/", "bad IPv4 address"),
        ("https://a<b/", "'<' cannot be in a host"),
        ("https://a%20b/", "' ' cannot be in a host"),
        ("https://\u00ad/", "not a valid name"),
        ("https://a\udc80/", "not UTF-8"),
        ("a..b", "empty label"),
        ("https://.example.org/", "empty label"),
        ("https://" + "a" * 64 + ".org", "label longer than 63"),
        ("https://" + "a." * 127 + "org", "longer than 253"),
        ("https://h/a b", "a space in the URL"),
        ("https://h/a\nb", "control characters and line ends"),
        ("https://h/a\0b", "control characters and line ends"),
        ("https://h/" + "a" * LONGEST_URL, "longer than 65,536 characters"),
    ],
)
def test_what_is_no_url_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(BadUrl) as caught:
        parse_url(text)
    assert reason in str(caught.value)


def test_names_at_the_limits_are_accepted() -> None:
    assert parse_url("https://" + "a" * 63 + ".org").host.endswith(".org:443")
    assert len(parse_url("https://" + "a." * 125 + "org./").host) == 258


@pytest.mark.parametrize(
    ("text", "printable"),
    [
        ("https://user:secret@h/", "https://user@h/"),
        ("https://u:p@ss@h/", "https://u@h/"),
        ("https://u:pa/ss@h/", "https://u@h/"),
        ("https://u:p?a#ss@h/", "https://u@h/"),
        ("user:pw@host.example", "user@host.example"),
        ("see http://a:b@c and http://d:e@f", "see http://a@c and http://d@f"),
        ("https:u:pw@h", "https:u@h"),
        ("https://h/?next=http://a:b@c", "https://h/?next=http://a@c"),
        ("https://h:8080/@user", "https://h:8080/@user"),
        ("https://h/a:b/@user", "https://h/a:b/@user"),
        ("mailto:someone@example.org", "mailto:someone@example.org"),
    ],
)
def test_passwords_are_removed_and_nothing_else(text: str, printable: str) -> None:
    assert printable_url(text) == printable


@given(secret=_SECRETS, host=_HOSTS)
def test_a_password_never_shows(secret: str, host: str) -> None:
    url = parse_url(f"https://user:{secret}@{host}/")
    assert "s3cr3t" in url.href
    assert "s3cr3t" not in f"{url.listed} {url.host} {url!r}"


@given(secret=_SECRETS, separator=st.sampled_from("/?#"), host=_HOSTS)
def test_a_password_that_breaks_the_url_never_shows(secret: str, separator: str, host: str) -> None:
    text = f"https://user:{secret}x{separator}y@{host}/"
    assert "s3cr3t" not in printable_url(text)


@given(st.text())
def test_any_text_is_a_url_or_refused(text: str) -> None:
    try:
        url = parse_url(text)
    except BadUrl:
        return
    assert parse_url(url.href).href == url.href


@pytest.mark.parametrize(
    ("location", "href"),
    [
        ("/x", "https://h.example/x"),
        ("?q", "https://h.example/a?q"),
        ("//other.example/y", "https://other.example/y"),
        ("http://h.example/a b", "http://h.example/a%20b"),
        (" /x ", "https://h.example/x"),
        ("/\udcc3\udca9", "https://h.example/%C3%A9"),
    ],
)
def test_a_redirect_is_followed_as_a_browser_does(location: str, href: str) -> None:
    assert join_url("https://h.example/a", location).href == href


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("", "empty"),
        ("/a\x01b", "control character"),
        ("ftp://h/", "scheme ftp is not supported"),
        ("javascript:alert(1)", "scheme javascript is not supported"),
        ("//", "no host"),
        ("http://h:bad/", "bad port"),
        ("//a..b/", "empty label"),
        ("/" + "a" * LONGEST_URL, "longer than"),
    ],
)
def test_a_redirect_to_no_url_is_refused(location: str, reason: str) -> None:
    with pytest.raises(BadUrl, match=reason):
        join_url("https://h.example/a", location)


def test_a_redirect_that_keeps_the_password_does_not_print_it() -> None:
    url = join_url("https://user:pw@h.example/a", "/b")
    assert (url.href, url.listed) == ("https://user:pw@h.example/b", "https://user@h.example/b")


@given(
    origin=st.sampled_from(
        [
            "http://h.example",
            "https://h.example:8443",
            "http://h.example:80",
            "HTTP://h.example",
            "https://H.example",
            "https://u@h.example",
            "https://u:p@h.example",
            "http://127.1",
            "h.example",
            "https://",
            "https:/h.example",
        ]
    ),
    rest=st.text(alphabet="aZ09/.:?#%2e@;=&'\"\\ ~-_|^\u00fc", max_size=12),
)
def test_a_url_of_a_known_origin_is_the_one_that_the_parser_finds(origin: str, rest: str) -> None:
    """However plain a text looks: nothing is told of it that the parser of URLs would not."""
    text = f"{origin}/{rest}"
    assert parsed(lambda: parse_url(text)) == parsed(lambda: _parsed(text.strip()))
    assert parsed(lambda: parse_url(text)) == parsed(lambda: _parsed(text.strip()))  # nor once it is known


def parsed(parse: Callable[[], Url]) -> Url | str:
    """Return what `parse` returns, or why there is nothing."""
    try:
        return parse()
    except BadUrl as error:
        return str(error)
