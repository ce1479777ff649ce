"""Origins that take little of the processor from whoever asks them: nginx, where it is installed."""

import os
import re
import shutil
import socket
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.origins import process
from bench.origins.answer import BODY
from bench.origins.listening import listening, port
from bench.origins.python_origins import python_origins

_PROGRAM: Final = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
_PATIENCE_S: Final = 10.0
_CONFIGURATION: Final = """
daemon off;
pid {directory}/nginx.pid;
error_log {directory}/nginx.log error;
worker_processes 2;
worker_rlimit_nofile {descriptors};
events {{ worker_connections 8192; multi_accept on; }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  default_type text/plain;
  keepalive_requests 1000000;
  {upstream}
  server {{
    {listens}
    {tls}
    location / {{ return 200 "{body}"; }}
    {late}
  }}
  server {{ listen 127.0.0.1:{control}; location / {{ stub_status; }} }}
}}
"""
_TLS: Final = "ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate {0}; ssl_certificate_key {0};"
_UPSTREAM: Final = "upstream late {{ server 127.0.0.1:{0}; keepalive 1024; keepalive_requests 1000000; }}"
_LATE: Final = """
    location /wait/ { proxy_pass http://late; proxy_http_version 1.1; proxy_set_header Connection ""; }
"""


def installed() -> bool:
    """Whether there is an nginx."""
    return _PROGRAM is not None


@dataclass(slots=True)
class NginxOrigins:
    """Origins that run."""

    control: int
    processes: Sequence[int]
    _asked: int = 0

    def answered(self) -> int:
        """How many requests they have answered."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.control}/", timeout=_PATIENCE_S) as answer:
            found = re.search(rb"^ \d+ \d+ (\d+)", answer.read(), re.MULTILINE)
        assert found
        self._asked += 1
        return int(found[1]) - self._asked

    def cpu_s(self) -> float:
        """The processor time that they took."""
        return sum(process.cpu_s(one) for one in self.processes)


@contextmanager
def nginx_origins(
    sockets: Sequence[socket.socket], directory: Path, certificate: Path | None, *, late: bool
) -> Iterator[NginxOrigins]:
    """Origins that answer at `sockets`, over TLS where there is a `certificate`; who is `late` is behind them."""
    with ExitStack() as stack:
        (control,) = stack.enter_context(listening(1))
        upstream, processes = 0, list[int]()
        if late:
            behind = stack.enter_context(listening(1))
            processes += stack.enter_context(python_origins(behind, directory, None)).processes
            upstream = port(behind[0])
        configuration = directory / "nginx.conf"
        configuration.write_text(_configured(sockets, control, directory, certificate, upstream), "utf-8")
        inherited = [one.fileno() for one in [*sockets, control]]
        server = stack.enter_context(
            process.running(
                [_PROGRAM or "nginx", "-p", directory, "-e", directory / "nginx.log", "-c", configuration],
                descriptors=inherited,
                variables={"NGINX": "".join(f"{number};" for number in inherited)},
            )
        )
        origins = NginxOrigins(port(control), [server.pid, *processes])
        try:
            origins.answered()
        except OSError as error:
            raise RuntimeError(f"nginx did not start: {_told(directory)}") from error
        yield origins


def _told(directory: Path) -> str:
    log = directory / "nginx.log"
    return log.read_text("utf-8", "replace") if log.exists() else "no log"


def _configured(
    sockets: Sequence[socket.socket], control: socket.socket, directory: Path, certificate: Path | None, upstream: int
) -> str:
    kind = " ssl" if certificate else ""
    return _CONFIGURATION.format(
        directory=directory,
        descriptors=20_000,
        upstream=_UPSTREAM.format(upstream) if upstream else "",
        listens="\n    ".join(f"listen 127.0.0.1:{port(one)}{kind};" for one in sockets),
        tls=_TLS.format(certificate) if certificate else "",
        body=BODY.decode().replace("\n", "\\n"),
        late=_LATE if upstream else "",
        control=port(control),
    )
