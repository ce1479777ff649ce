"""Origins that need nothing installed: processes of `raw_server`, among which the sockets are dealt out."""

import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.origins import process, raw_server
from bench.origins.raw_server import NOT_READY

_MOST: Final = 2
_SOCKETS_FOR_ONE: Final = 50
"""So few are not worth a second process."""
_EVERY_S: Final = 0.005
_TESTS: Final = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class PythonOrigins:
    """Origins that run."""

    counts: Path
    processes: Sequence[int]

    def answered(self) -> int:
        """How many requests they have answered."""
        return sum(number for (number,) in struct.iter_unpack("=Q", self.counts.read_bytes()))

    def cpu_s(self) -> float:
        """The processor time that they took."""
        return sum(process.cpu_s(one) for one in self.processes)


@contextmanager
def python_origins(
    sockets: Sequence[socket.socket], directory: Path, certificate: Path | None
) -> Iterator[PythonOrigins]:
    """Origins that answer at `sockets`, over TLS where there is a `certificate`."""
    processes = min(_MOST, 1 + len(sockets) // _SOCKETS_FOR_ONE)
    counts = directory / "counts"
    counts.write_bytes(NOT_READY * processes)
    hands = [[one.fileno() for one in sockets[start::processes]] for start in range(processes)]
    with ExitStack() as stack:
        servers = []
        for slot, hand in enumerate(hands):
            told = [str(counts), str(slot), ",".join(map(str, hand)), str(certificate or "")]
            server = process.running(
                [sys.executable, "-m", raw_server.__name__, *told],
                descriptors=hand,
                variables={"PYTHONPATH": str(_TESTS)},
            )
            servers.append(stack.enter_context(server))
        _await(counts, servers)
        yield PythonOrigins(counts, [server.pid for server in servers])


def _await(counts: Path, servers: Sequence["subprocess.Popen[bytes]"]) -> None:
    while NOT_READY in counts.read_bytes():
        if any(server.poll() is not None for server in servers):
            raise RuntimeError("the origins did not start")
        time.sleep(_EVERY_S)
