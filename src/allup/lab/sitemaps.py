"""Sitemaps of the lab's own pages: one, the same packed, and an index of both."""

import gzip
from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

from aiohttp import web

from allup.lab.visit import Visit

_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGES: Final = ("/ok", "/page", "/health")
_PACKED_PAGES: Final = ("/ok?packed=1&of=2", "/ok?packed=2&of=2")


async def sitemap(visit: Visit) -> web.StreamResponse:
    """Send a sitemap."""
    return _xml(_urls(visit, "urlset", "url", _PAGES))


async def packed(visit: Visit) -> web.StreamResponse:
    """Send a sitemap that is packed by gzip."""
    body = gzip.compress(_urls(visit, "urlset", "url", _PACKED_PAGES))
    return web.Response(body=body, content_type="application/gzip")


async def index(visit: Visit) -> web.StreamResponse:
    """Send an index of the sitemaps."""
    return _xml(_urls(visit, "sitemapindex", "sitemap", ("/sitemap.xml", "/sitemap.xml.gz")))


def _urls(visit: Visit, root: str, element: str, paths: Sequence[str]) -> bytes:
    origin = f"http://{visit.request.host}"
    entries = "\n".join(f"  <{element}><loc>{escape(origin + path)}</loc></{element}>" for path in paths)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n{entries}\n</{root}>\n'.encode()


def _xml(body: bytes) -> web.StreamResponse:
    return web.Response(body=body, content_type="application/xml")
