"""Heads of answers by the makers of robot walls, as recorded; identifiers are shortened."""

from typing import Final


def _head(status: str, *lines: str) -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", *lines, "Content-Length: 0", "", "")).encode()


WALLS: Final = {
    "Cloudflare challenge, 403": _head(
        "403 Forbidden",
        "Date: Sat, 31 Jan 2026 12:00:00 GMT",
        "Content-Type: text/html; charset=UTF-8",
        "accept-ch: Sec-CH-UA-Bitness, Sec-CH-UA-Arch",
        "cf-mitigated: challenge",
        "critical-ch: Sec-CH-UA-Bitness, Sec-CH-UA-Arch",
        "Server: cloudflare",
        "CF-RAY: 9c69ab01dbc1a2b3-FRA",
    ),
    "Cloudflare challenge, 503": _head("503 Service Unavailable", "cf-mitigated: challenge", "Server: cloudflare"),
    "Cloudflare challenge of old, 503": _head("503 Service Temporarily Unavailable", "cf-chl-bypass: 1"),
    "Cloudflare block, 403": _head("403 Forbidden", "Server: cloudflare", "CF-RAY: 9c69ab01dbc1a2b3-FRA"),
    "DataDome, 403": _head(
        "403 Forbidden",
        "X-DataDome: protected",
        "X-DD-B: 2",
        "Set-Cookie: datadome=Kx3; Max-Age=31536000; Domain=.example.com; Path=/; Secure; SameSite=Lax",
        "Server: DataDome",
    ),
    "DataDome, 405": _head("405 Not Allowed", "X-DataDome: protected"),
    "Akamai, 403": _head("403 Forbidden", "Server: AkamaiGHost", "Mime-Version: 1.0", "Content-Type: text/html"),
    "Akamai by its cookie, 429": _head("429 Too Many Requests", "Set-Cookie: _abck=6B3~-1~YAA; Domain=.example.com"),
    "Imperva, 403": _head(
        "403 Forbidden",
        "Content-Type: text/html",
        "X-Iinfo: 9-31845-0 0NNN RT(1769860800 12) q(0 -1 -1 0) r(0 -1) B10(4,289,0) U18",
        "Set-Cookie: visid_incap_123=q; HttpOnly",
        "Set-Cookie: incap_ses_1_123=9; path=/",
    ),
    "Imperva by its name, 403": _head("403 Forbidden", "X-CDN: Imperva"),
    "AWS WAF captcha, 405": _head("405 Method Not Allowed", "Server: CloudFront", "x-amzn-waf-action: captcha"),
    "Vercel challenge, 429": _head(
        "429 Too Many Requests", "Server: Vercel", "X-Vercel-Mitigated: challenge", "X-Vercel-Challenge-Token: 2.17"
    ),
    "Vercel denial, 403": _head("403 Forbidden", "Server: Vercel", "X-Vercel-Mitigated: deny"),
    "PerimeterX, 403": _head("403 Forbidden", "Set-Cookie: _pxhd=J4; Path=/", "X-PX-Block: 1"),
    "PerimeterX by its cookie, 429": _head("429 Too Many Requests", "Set-Cookie: _px3=4f; Path=/"),
    "Sucuri, 403": _head("403 Forbidden", "Server: Sucuri/Cloudproxy", "X-Sucuri-ID: 11005", "X-Sucuri-Block: 1"),
    "LinkedIn, 999": _head("999 Request denied", "X-Li-Fabric: prod-lva1", "X-Li-Proto: http/1.1"),
}
AWS_CHALLENGE: Final = _head("202 Accepted", "Server: CloudFront", "x-amzn-waf-action: challenge")
"""A status that most lists accept."""

REFUSALS: Final = {
    "a plain 403": (_head("403 Forbidden", "Server: nginx"), "definite"),
    "a plain 404 at Cloudflare": (_head("404 Not Found", "Server: cloudflare"), "definite"),
    "a plain 429": (_head("429 Too Many Requests", "Retry-After: 2"), "transient"),
    "a plain 503": (_head("503 Service Unavailable"), "transient"),
    "the site's own 503 at Cloudflare": (_head("503 Service Unavailable", "Server: cloudflare"), "transient"),
    "Cloudflare's 522": (_head("522 ", "Server: cloudflare"), "transient"),
    "the site's own 503 at Akamai": (_head("503 Service Unavailable", "Server: AkamaiGHost"), "transient"),
    "the site's own 500 at Imperva": (_head("500 Internal Server Error", "X-CDN: Imperva"), "transient"),
    "a 403 with a cookie of a page's width": (_head("403 Forbidden", "Set-Cookie: width_px=1920"), "definite"),
    "a 403 with a cookie that names a maker": (_head("403 Forbidden", "Set-Cookie: seen=datadome=1"), "definite"),
}
"""Answers that are no robot walls, with how sure they are."""
