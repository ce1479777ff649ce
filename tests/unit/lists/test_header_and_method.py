import pytest

from allup.lists.header import parse_header
from allup.lists.method import parse_method


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("Accept: text/html", ("Accept", "text/html")),
        ("X-Time:12:30 \t", ("X-Time", "12:30")),
        ("X-Empty:", ("X-Empty", "")),
        ("X-Name: Zoë", ("X-Name", "Zoë")),
    ],
)
def test_a_header_is_a_name_and_a_value(text: str, header: tuple[str, str]) -> None:
    assert parse_header(text) == header


@pytest.mark.parametrize(
    "text", ["s3cr3t", ": s3cr3t", "a b: s3cr3t", "a: s3cr3t\r\nb: c", "a: s3cr3t\0", "a: s3cr3t\udc80"]
)
def test_what_is_no_header_is_refused_without_its_value(text: str) -> None:
    with pytest.raises(ValueError, match=r"header|control") as caught:
        parse_header(text)
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "method"), [("get", "GET"), ("Head", "HEAD"), ("PROPFIND", "PROPFIND"), ("purge", "purge")]
)
def test_standard_methods_are_in_capitals(text: str, method: str) -> None:
    assert parse_method(text) == method


@pytest.mark.parametrize("text", ["", "GET HEAD", "GET\r\n", "GÉT", "connect"])
def test_what_is_no_method_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"write GET"):
        parse_method(text)
