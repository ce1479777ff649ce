"""Redirects, and where they lead."""

from typing import Final

from allup.model.failure import FailureKind, Phase
from live.answers.case import LATE, Case, definite, fine, passing
from live.answers.line import Line
from live.answers.scripts import FINE, floods, head, in_turn, leads, pages, says, silent, to

_END: Final = (b"GET /start HTTP/1.1", b"GET /end HTTP/1.1")
_SITE: Final = b"http://127.0.0.1:@PORT@"
_BAD: Final = definite(FailureKind.BAD_REDIRECT, "302")
REDIRECTS: Final = (
    Case(
        name="a chain",
        script=pages(
            {
                b"/start": to(b"/2"),
                b"/2": to(b"/3", b"301 Moved"),
                b"/3": to(b"/4", b"307 X"),
                b"/4": to(b"/end", b"308 X"),
                b"/end": FINE,
            }
        ),
        expected=fine(),
    ),
    Case(
        name="ten redirects",
        script=pages({b"/start": to(b"/1"), **{b"/%d" % n: to(b"/%d" % (n + 1)) for n in range(1, 10)}, b"/10": FINE}),
        expected=fine(),
    ),
    Case(
        name="eleven redirects",
        script=pages({b"/start": to(b"/1"), **{b"/%d" % n: to(b"/%d" % (n + 1)) for n in range(1, 11)}, b"/11": FINE}),
        expected=definite(FailureKind.TOO_MANY_REDIRECTS, "10"),
    ),
    Case(
        name="a loop",
        script=pages({b"/start": to(b"/back"), b"/back": to(b"/start")}),
        expected=definite(FailureKind.TOO_MANY_REDIRECTS),
    ),
    Case(
        name="a loop of one",
        script=pages({b"/start": to(b"/start")}),
        expected=definite(FailureKind.TOO_MANY_REDIRECTS),
    ),
    Case(name="no location", script=says(head(status=b"HTTP/1.1 302 Found")), expected=_BAD),
    Case(
        name="no location, as expected",
        script=says(head(status=b"HTTP/1.1 302 Found")),
        expected=fine(),
        options="expect=302",
    ),
    # By RFC 3986 the same page again, without an end; browsers and curl stop here too.
    Case(name="an empty location", script=leads(b""), expected=_BAD),
    Case(name="a blank location", script=leads(b"   "), expected=_BAD),
    Case(name="a malformed location", script=leads(b"http://[::1/"), expected=_BAD),
    Case(name="a location with a bad port", script=leads(b"http://127.0.0.1:99999/"), expected=_BAD),
    Case(name="a location without a host", script=leads(b"http://"), expected=_BAD),
    Case(name="a relative location", script=leads(b"end"), expected=fine(), asked=_END),
    Case(name="a location with dots", script=leads(b"./a/../b/../end"), expected=fine(), asked=_END),
    Case(name="a location that is a path", script=leads(b"/end"), expected=fine(), asked=_END),
    Case(name="a location that is a query", script=leads(b"?q", b"/start?q"), expected=fine()),
    Case(name="a whole URL", script=leads(_SITE + b"/end"), expected=fine(), asked=_END),
    Case(name="a whole URL in capitals", script=leads(b"HTTP://127.0.0.1:@PORT@/end"), expected=fine(), asked=_END),
    Case(name="a location without a scheme", script=leads(b"//127.0.0.1:@PORT@/end"), expected=fine(), asked=_END),
    Case(name="two slashes only", script=leads(b"//"), expected=_BAD),
    # The same page again: a request does not carry the fragment.
    Case(name="a fragment only", script=leads(b"#top"), expected=definite(FailureKind.TOO_MANY_REDIRECTS)),
    Case(name="a location with a fragment", script=leads(b"/end#top"), expected=fine(), asked=_END),
    Case(name="to ftp", script=leads(b"ftp://127.0.0.1/"), expected=definite(FailureKind.BAD_REDIRECT, "ftp")),
    Case(
        name="to javascript",
        script=leads(b"javascript:alert(1)"),
        expected=definite(FailureKind.BAD_REDIRECT, "javascript"),
    ),
    Case(name="to a file", script=leads(b"file:///etc/passwd"), expected=definite(FailureKind.BAD_REDIRECT, "file")),
    Case(name="to data", script=leads(b"data:text/html,hello"), expected=definite(FailureKind.BAD_REDIRECT, "data")),
    Case(name="to ws", script=leads(b"ws://127.0.0.1:@PORT@/end"), expected=definite(FailureKind.BAD_REDIRECT, "ws")),
    Case(
        name="to a refused port",
        script=leads(b"http://127.0.0.1:1/"),
        expected=passing(FailureKind.CONNECT_REFUSED, phases=(Phase.CONNECT,)),
    ),
    Case(name="to a host with an empty label", script=leads(b"http://a..b.invalid/"), expected=_BAD),
    Case(name="to a label of 64 letters", script=leads(b"http://" + b"a" * 64 + b".invalid/"), expected=_BAD),
    Case(name="to a host that is a dot", script=leads(b"http://./"), expected=_BAD),
    Case(
        name="with an emoji in its userinfo",
        script=leads("http://😀:🔑@127.0.0.1:@PORT@/end".encode()),
        expected=fine(),
        asked=_END,
    ),
    # As browsers write it; curl too.
    Case(
        name="a location with spaces",
        script=leads(b"/a b  c", b"/a%20b%20%20c"),
        expected=fine(),
        asked=(b"GET /a%20b%20%20c HTTP/1.1",),
    ),
    Case(name="a location with white space around it", script=leads(b"\t /end \t"), expected=fine(), asked=_END),
    Case(
        name="percent-encoding as it came",
        script=leads(b"/%3A%27%3F%2f%41'()*~%zz", b"/%3A%27%3F%2f%41'()*~%zz"),
        expected=fine(),
        asked=(b"GET /%3A%27%3F%2f%41'()*~%zz HTTP/1.1",),
    ),
    Case(
        name="percent-encoding as it came, in a query",
        script=leads(b"/e?a=%3A%26&b=+%20|", b"/e?a=%3A%26&b=+%20|"),
        expected=fine(),
        asked=(b"GET /e?a=%3A%26&b=+%20| HTTP/1.1",),
    ),
    Case(
        name="Latin-1 in a location",
        script=leads(b"/caf\xe9", b"/caf%E9"),
        expected=fine(),
        asked=(b"GET /caf%E9 HTTP/1.1",),
    ),
    Case(
        name="UTF-8 in a location",
        script=leads("/café".encode(), b"/caf%C3%A9"),
        expected=fine(),
        asked=(b"GET /caf%C3%A9 HTTP/1.1",),
    ),
    # One header is allowed. Chrome refuses two that differ; curl and this go where the first one says.
    Case(
        name="two locations",
        script=pages(
            {b"/start": head(b"Location: /end", b"Location: /other", status=b"HTTP/1.1 302 Found"), b"/end": FINE}
        ),
        expected=fine(),
        asked=_END,
    ),
    Case(
        name="a folded location",
        script=pages({b"/start": head(b"Location:", b" /end", status=b"HTTP/1.1 302 Found"), b"/end": FINE}),
        expected=fine(),
        asked=_END,
    ),
    # There is a choice to be made, and a program cannot make it; browsers and curl stay here too, or follow a Location.
    Case(
        name="300", script=leads(b"/end", status=b"300 Multiple Choices"), expected=definite(FailureKind.STATUS, "300")
    ),
    Case(
        name="304 that nobody asked for",
        script=leads(b"/end", status=b"304 Not Modified"),
        expected=definite(FailureKind.STATUS, "304"),
    ),
    Case(name="305", script=leads(b"/end", status=b"305 Use Proxy"), expected=definite(FailureKind.STATUS, "305")),
    Case(name="201 with a location", script=leads(b"/end", status=b"201 Created"), expected=fine()),
    Case(
        name="a redirect with a huge body",
        script=in_turn(
            floods(b"HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Length: 2147483648\r\n\r\n", b"x"),
            pages({b"/end": FINE}),
        ),
        expected=fine(),
        asked=_END,
    ),
    Case(
        name="a redirect with an endless body",
        script=in_turn(floods(b"HTTP/1.1 302 Found\r\nLocation: /end\r\n\r\n", b"x"), pages({b"/end": FINE})),
        expected=fine(),
        asked=_END,
    ),
    Case(
        name="a redirect whose body never comes",
        script=in_turn(
            says(b"HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Length: 9\r\n\r\n"), pages({b"/end": FINE})
        ),
        expected=fine(),
        asked=_END,
    ),
    Case(
        name="a redirect that resets",
        script=in_turn(says(to(b"/end"), end=Line.reset), pages({b"/end": FINE})),
        expected=fine(),
    ),
    Case(name="a redirect to silence", script=in_turn(says(to(b"/end"), end=Line.close), silent()), expected=LATE),
    Case(
        name="a cookie that opens the door",
        script=pages(
            {b"/start": head(b"Location: /end", b"Set-Cookie: seen=1", status=b"HTTP/1.1 302 Found"), b"/end": FINE}
        ),
        expected=fine(),
        asked=_END,
    ),
)
