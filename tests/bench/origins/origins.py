"""Origins for a work: servers in processes of their own, which say how much they have answered."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from bench.origins import nginx_origins as nginx
from bench.origins.authority import Authority
from bench.origins.listening import listening, port
from bench.origins.nginx_origins import nginx_origins
from bench.origins.page import page_of
from bench.origins.python_origins import python_origins
from bench.works import Work


class Server(StrEnum):
    """What answers."""

    NGINX = "nginx"
    PYTHON = "python"

    @classmethod
    def best(cls) -> "Server":
        """The one that takes the least, of those that are installed."""
        return cls.NGINX if nginx.installed() else cls.PYTHON


class Origins(Protocol):
    """Servers that run."""

    def answered(self) -> int:
        """How many requests they have answered."""

    def cpu_s(self) -> float:
        """The processor time that they took."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A work whose origins are there."""

    urls: list[str]
    page: str
    """The URL of a page that links to them."""
    origins: Origins
    authority: Authority


@contextmanager
def site(work: Work, server: Server, directory: Path) -> Iterator[Site]:
    """Start the origins of `work`, keeping what they need in `directory`, and stop them at the end."""
    authority = Authority.found(directory)
    with (
        listening(work.origins) as sockets,
        _answering(work, server, sockets, directory, authority.certificate if work.tls else None) as origins,
    ):
        urls = work.urls([port(one) for one in sockets])
        with page_of(urls) as page:
            yield Site(urls=urls, page=page, origins=origins, authority=authority)


@contextmanager
def _answering(
    work: Work, server: Server, sockets: list[socket.socket], directory: Path, certificate: Path | None
) -> Iterator[Origins]:
    if server is Server.NGINX and (work.tls or not work.late):  # nginx itself cannot wait
        with nginx_origins(sockets, directory, certificate, late=work.late) as behind_nginx:
            yield behind_nginx
    else:
        with python_origins(sockets, directory, certificate) as plain:
            yield plain
