"""The HTTP server of the door: this machine only, one thread per connection, nothing left when it closes."""

from __future__ import annotations

import ipaddress
import logging
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from genbo.chain.embedded import EmbeddedNode
from genbo.chain.rpc.envelope import answer, refusal
from genbo.chain.rpc.errors import INVALID_REQUEST, RpcError
from genbo.chain.rpc.methods import Methods
from genbo.kernel import Fault, Reason

MAX_REQUEST_BYTES = 5 * 1024 * 1024
"""As other nodes limit it: some 40 of the largest transactions a block can hold."""

CLOSE_SECONDS = 10.0
"""How long a question that is being answered may take when the door closes."""

_POLL_SECONDS = 0.02
_LISTEN_QUEUE = 128
_DRAIN_BYTES = 8 * MAX_REQUEST_BYTES
_CHUNK = 1 << 16

_log = logging.getLogger(__name__)


@contextmanager
def serve(node: EmbeddedNode, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Opens the door for the length of the context; yields its URL.

    Args:
        host: an address of this machine that no other can reach: 127.0.0.1, ::1 or localhost.
        port: 0 takes any free one.

    Raises:
        Fault: `setting_invalid` when the host is not such an address or the port cannot be had.
    """
    address = _loopback(host)
    server = _Server(address, _port(port), Methods(node))
    thread = threading.Thread(
        target=server.serve_forever,
        kwargs={"poll_interval": _POLL_SECONDS},
        name="genbo-rpc",
        daemon=True,
    )
    thread.start()
    try:
        shown = f"[{address}]" if address.version == 6 else str(address)
        yield f"http://{shown}:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.close()


def _loopback(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address named by `host`. Names are not looked up: what they mean is decided elsewhere."""
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise Fault(
            Reason.SETTING_INVALID, setting="host", value=host, allowed="127.0.0.1, ::1, localhost"
        )
    return address


def _port(port: int) -> int:
    if not 0 <= port <= 65535:
        raise Fault(Reason.SETTING_INVALID, setting="port", value=port, allowed="0 to 65535")
    return port


class _Server(socketserver.TCPServer):
    """Accepts connections, and knows each of them until it ends."""

    allow_reuse_address = True
    request_queue_size = _LISTEN_QUEUE

    def __init__(
        self, host: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int, methods: Methods
    ) -> None:
        self.methods = methods
        self.closing = False
        self._open: dict[threading.Thread, socket.socket] = {}
        self.address_family = socket.AF_INET6 if host.version == 6 else socket.AF_INET
        try:
            super().__init__((str(host), port), _Connection)
        except OSError as problem:
            raise Fault(
                Reason.SETTING_INVALID, setting="port", value=port, problem=problem.strerror
            ) from None

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self._converse,
            args=(request, client_address),
            name="genbo-rpc-connection",
            daemon=True,
        )
        self._open[thread] = request
        try:
            thread.start()
        except RuntimeError:  # no more threads: the caller closes the connection
            del self._open[thread]
            raise

    def _converse(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except Exception:
            self.handle_error(request, client_address)
        finally:
            self.shutdown_request(request)
            del self._open[threading.current_thread()]

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # the other side went away: its own business
            _log.exception("a connection failed")

    def close(self) -> None:
        """Ends every connection, after its present question where that takes no longer than `CLOSE_SECONDS`."""
        self.server_close()
        self.closing = True
        deadline = time.monotonic() + CLOSE_SECONDS
        open_ones = self._open.copy()
        for connection in open_ones.values():
            with suppress(OSError):  # closed meanwhile
                connection.shutdown(socket.SHUT_RD)
        for thread, connection in open_ones.items():
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
                thread.join(_POLL_SECONDS)


class _Connection(BaseHTTPRequestHandler):
    """One connection: requests one after the other until the client goes or the door closes."""

    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "genbo"
    sys_version = ""
    wbufsize = -1  # head and body of a response leave in one piece
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        length = self._length()
        problem = self._problem(length)
        if problem is not None:
            self._drain(length or 0)
            self._refuse(*problem)
            return
        assert length is not None  # else a problem
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return
        self._send(HTTPStatus.OK, answer(self.server.methods, body))

    def _length(self) -> int | None:
        text = self.headers.get("Content-Length", "")
        return int(text) if text.isascii() and text.isdigit() else None

    def _problem(self, length: int | None) -> tuple[HTTPStatus, str] | None:
        """Why the request is not read. The first two keep out pages in this machine's browser."""
        if not _is_local(self.headers.get("Host", "localhost")):
            return HTTPStatus.FORBIDDEN, "the Host must be this machine"
        if self.headers.get_content_type() != "application/json":
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the Content-Type must be application/json"
        if length is None:
            return HTTPStatus.LENGTH_REQUIRED, "the Content-Length is missing"
        if length > MAX_REQUEST_BYTES:
            return (
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"the request has more than {MAX_REQUEST_BYTES} bytes",
            )
        return None

    def _drain(self, length: int) -> None:
        """Reads a request that is refused: a client still writing would not see the answer."""
        left = min(length, _DRAIN_BYTES)
        while left > 0 and (part := self.rfile.read(min(left, _CHUNK))):
            left -= len(part)

    def _refuse(self, status: HTTPStatus, problem: str) -> None:
        self.close_connection = True
        self._send(status, refusal(RpcError(INVALID_REQUEST, problem)))

    def _send(self, status: HTTPStatus, body: bytes) -> None:
        if not body:
            status = HTTPStatus.NO_CONTENT
        if self.server.closing:
            self.close_connection = True
        self.send_response(status)
        if body:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not logged: a development chain is asked thousands of times a minute."""


def _is_local(host: str) -> bool:
    """Whether a Host header names this machine; the name of a page that points here does not."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
