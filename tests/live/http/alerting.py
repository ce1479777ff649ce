"""A TLS server that tells, by an alert, why a handshake failed: OpenSSL's own sockets do so, and asyncio does not."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from live.http.origin import OK


@contextmanager
def alerting(context: ssl.SSLContext) -> Iterator[int]:
    """Serve on loopback, one connection after the other, and return the port."""
    stopping = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = threading.Thread(target=_serve, args=(listening, context, stopping), name="alerting")
        serving.start()
        try:
            yield listening.getsockname()[1]
        finally:
            stopping.set()
            socket.create_connection(listening.getsockname()).close()  # or it would wait for one for ever
            serving.join()


def _serve(listening: socket.socket, context: ssl.SSLContext, stopping: threading.Event) -> None:
    while True:
        visitor, _ = listening.accept()
        with visitor, suppress(OSError):
            if stopping.is_set():
                return
            visitor.settimeout(5)
            _answer(visitor, context)


def _answer(visitor: socket.socket, context: ssl.SSLContext) -> None:
    with context.wrap_socket(visitor, server_side=True, do_handshake_on_connect=False) as secure:
        try:
            secure.do_handshake()
            secure.recv(65536)
            secure.sendall(OK)
        except ssl.SSLError:
            _leave_last(secure)


def _leave_last(secure: ssl.SSLSocket) -> None:
    # Who closes first, with bytes of the other side unread, resets the connection, and its alert is lost.
    plain = socket.socket(fileno=secure.detach())
    with plain:
        plain.shutdown(socket.SHUT_WR)
        while plain.recv(65536):
            pass
