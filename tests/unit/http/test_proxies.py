import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from allup.http.place import place_of
from allup.http.proxies import Bypass, Proxy, ProxyChoice, ProxyUrlError, is_loopback
from allup.model.settings import Proxies

FROM_ENVIRONMENT = Proxies(http="http://plain.proxy:1", https="http://secure.proxy:2")
labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
domains = st.lists(labels, min_size=2, max_size=4).map(".".join).filter(lambda name: not name[-1].isdigit())


def chosen(url: str, proxies: Proxies) -> str | None:
    proxy = ProxyChoice(proxies).of(place_of(url))
    return None if proxy is None else str(proxy)


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://shop.test/", "plain.proxy:1"),
        ("https://shop.test/", "secure.proxy:2"),
        ("https://localhost.test/", "secure.proxy:2"),
        ("https://192.0.2.1/", "secure.proxy:2"),
        ("https://[2001:db8::1]/", "secure.proxy:2"),
        ("http://localhost/", None),
        ("http://localhost./", None),
        ("https://a.localhost:8443/", None),
        ("http://127.0.0.1/", None),
        ("http://127.255.0.9:80/", None),
        ("https://[::1]/", None),
        ("https://[::ffff:7f00:1]/", None),
    ],
)
def test_the_environments_proxies_go_by_the_scheme_and_spare_loopback(url: str, proxy: str | None) -> None:
    assert chosen(url, FROM_ENVIRONMENT) == proxy


def test_where_the_environment_has_none_for_a_scheme_it_is_asked_directly() -> None:
    assert chosen("https://shop.test/", Proxies(http="http://plain.proxy:1")) is None


@pytest.mark.parametrize("url", ["http://shop.test/", "https://shop.test/", "http://localhost/", "https://[::1]/"])
def test_what_is_for_everything_goes_before_the_environment(url: str) -> None:
    assert chosen(url, Proxies(always="http://all.proxy:9", http="http://plain.proxy:1", bypass="*")) == "all.proxy:9"


@pytest.mark.parametrize(
    ("entry", "host", "port", "holds"),
    [
        ("shop.test", "shop.test", 443, True),
        ("shop.test", "www.shop.test", 443, True),
        ("shop.test", "eshop.test", 443, False),
        (".shop.test", "www.shop.test", 443, True),
        (".shop.test", "shop.test", 443, True),
        ("SHOP.test", "shop.test", 443, True),
        ("*.shop.test", "www.shop.test", 443, True),
        ("*.shop.test", "shop.test", 443, False),
        ("shop.test:443", "shop.test", 443, True),
        ("shop.test:80", "shop.test", 443, False),
        ("*.shop.test:443", "www.shop.test", 443, True),
        ("*.shop.test:80", "www.shop.test", 443, False),
        ("*", "shop.test", 443, True),
        ("a.test, *", "shop.test", 443, True),
        ("a.test shop.test", "shop.test", 443, True),
        ("", "shop.test", 443, False),
        (" , ,", "shop.test", 443, False),
        ("192.0.2.1", "192.0.2.1", 443, True),
        ("192.0.2.1:80", "192.0.2.1", 443, False),
        ("192.0.2.1:443", "192.0.2.1", 443, True),
        ("192.0.2.1", "192.0.2.11", 443, False),
        ("2.1", "192.0.2.1", 443, False),
        ("10.0.0.0/8", "10.255.0.1", 443, True),
        ("10.1.2.3/8", "10.255.0.1", 443, True),
        ("10.0.0.0/8", "11.0.0.1", 443, False),
        ("10.0.0.0/8", "10.test", 443, False),
        ("10.0.0.0/99", "10.0.0.1", 443, False),
        ("10.0.0.0/8", "::ffff:a00:1", 443, True),
        ("2001:db8::/32", "2001:db8::9", 443, True),
        ("2001:db8::1", "2001:db8::1", 443, True),
        ("2001:DB8:0::1", "2001:db8::1", 443, True),
        ("[2001:db8::1]", "2001:db8::1", 443, True),
        ("[2001:db8::1]:443", "2001:db8::1", 443, True),
        ("[2001:db8::1]:80", "2001:db8::1", 443, False),
        ("::/0", "192.0.2.1", 443, False),
    ],
)
def test_a_list_of_hosts_is_read_as_curl_and_go_read_it(entry: str, host: str, port: int, *, holds: bool) -> None:
    assert Bypass(entry).holds(host, port) is holds


@given(st.text(), st.text(max_size=20), st.integers(0, 65535))
def test_any_text_is_a_list_of_hosts(text: str, host: str, port: int) -> None:
    Bypass(text).holds(host, port)


@given(domains, labels, st.integers(1, 65535))
def test_a_domain_stands_for_itself_and_what_is_below_it(domain: str, label: str, port: int) -> None:
    bypass = Bypass(f"other.example,{domain}")
    assert bypass.holds(domain, port)
    assert bypass.holds(f"{label}.{domain}", port)
    assert not Bypass(f"{label}.{domain}").holds(domain, port)


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_a_network_holds_what_is_in_it_in_either_notation(address: object, bits: int) -> None:
    bypass = Bypass(f"{address}/{bits}")
    assert bypass.holds(str(address), 443)
    assert bypass.holds(f"::ffff:{address}", 443)


@given(st.ip_addresses(network="127.0.0.0/8"))
def test_a_whole_network_is_loopback(address: object) -> None:
    assert is_loopback(str(address))
    assert is_loopback(f"::ffff:{address}")


@given(st.text(), st.text())
def test_the_credentials_of_a_proxy_are_in_no_text_of_it(user: str, password: str) -> None:
    proxy = Proxy.parse(str(URL.build(scheme="http", host="proxy.test", port=8080, user=user, password=password)))
    assert (str(proxy), str(proxy.url)) == ("proxy.test:8080", "http://proxy.test:8080")
    assert repr(proxy) == "Proxy(url=URL('http://proxy.test:8080'))"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("http://proxy.test", "proxy.test:80"),
        ("https://proxy.test/", "proxy.test:443"),
        ("http://[::1]:3128", "[::1]:3128"),
    ],
)
def test_a_proxy_is_named_by_host_and_port(text: str, name: str) -> None:
    assert str(Proxy.parse(text)) == name


@pytest.mark.parametrize("text", ["", "proxy.test:80", "socks5://me:s3cr3t@h:1", "http://me:s3c/r3t@h:1", "http://:80"])
def test_what_is_no_proxy_is_told_without_a_secret(text: str) -> None:
    with pytest.raises(ProxyUrlError) as caught:
        ProxyChoice(Proxies(always=text))
    assert "s3c" not in str(caught.value)
