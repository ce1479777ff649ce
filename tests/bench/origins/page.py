"""A page of links, for the tools that take no list but a page."""

import html
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def page_of(urls: Sequence[str]) -> Iterator[str]:
    """Serve a page that links to `urls`, and yield where."""
    links = "\n".join(f'<a href="{html.escape(url)}">{number}</a>' for number, url in enumerate(urls))
    page = f"<!doctype html><title>links</title>\n{links}\n".encode()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Nobody needs to know."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
