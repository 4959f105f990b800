"""Proxy: stands before a node on this machine and behaves, when told to, as networks and nodes do on a bad day.

It passes JSON-RPC on over real connections. It can say nothing, close the connection before or within an answer, and
answer an error in the middle of a batch; for a number of requests or until told otherwise.
"""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Spoil = Callable[["_Connection", bytes], bytes | None]
"""Takes the connection and what the node answered; what to answer instead, or None for nothing more at all."""


class Proxy:
    """One proxy before one node."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname == "127.0.0.1"
        self.upstream = (parts.hostname, parts.port or 80)
        self.asked: list[str] = []
        """The methods of every request that came, in their order."""
        self.spoiled = 0
        """How many requests were not answered as the node would."""
        self._lock = threading.Lock()
        self._spoil: Spoil | None = None
        self._left = 0
        self._method: str | None = None
        self.released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Connection)
        self._server.daemon_threads = True
        self._server.proxy = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        self.well()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    # How it behaves. `times` is for how many requests, `method` which of them are meant. ------------------

    def well(self) -> None:
        """As the node itself, from now on; what stalled is closed."""
        with self._lock:
            self._spoil, self._left = None, 0
        self.released.set()

    def stalls(self, times: int = -1, method: str | None = None) -> None:
        """Takes the question and says nothing."""
        self._be(_stall, times, method)

    def cuts(self, times: int = -1, method: str | None = None) -> None:
        """Closes the connection in the middle of an answer."""
        self._be(_cut, times, method)

    def hangs_up(self, times: int = -1, method: str | None = None) -> None:
        """Closes the connection instead of an answer; the node has got the question."""
        self._be(lambda connection, answer: None, times, method)

    def errs(
        self, times: int = -1, method: str | None = None, words: str = "internal error"
    ) -> None:
        """Answers an error, in a batch for the question in its middle."""
        self._be(lambda _, answer: _error(answer, words), times, method)

    def garbles(self, times: int = -1, method: str | None = None) -> None:
        """Answers something that no node would say."""
        self._be(lambda _, answer: _garbled(answer), times, method)

    def forgets_logs(self, topic: bytes) -> None:
        """Answers without the logs of one kind, as a node whose index is broken."""

        def without(_: object, answer: bytes) -> bytes:
            document = json.loads(answer)
            word = "0x" + topic.hex()
            document["result"] = [log for log in document["result"] if log["topics"][0] != word]
            return json.dumps(document).encode()

        self._be(without, -1, "eth_getLogs")

    def _be(self, spoil: Spoil, times: int, method: str | None) -> None:
        self.released.clear()
        with self._lock:
            self._spoil, self._left, self._method = spoil, times, method

    def spoil_for(self, methods: list[str]) -> Spoil | None:
        """What to do to a request of these methods."""
        with self._lock:
            self.asked += methods
            meant = self._method is None or self._method in methods
            if self._spoil is None or self._left == 0 or not meant:
                return None
            self._left -= 1
            self.spoiled += 1
            return self._spoil


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        proxy: Proxy = self.server.proxy  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        document = json.loads(body)
        asked = document if isinstance(document, list) else [document]
        spoil = proxy.spoil_for([each["method"] for each in asked])
        answer: bytes | None = b""
        if spoil is not _stall:
            try:
                answer = self._ask(proxy.upstream, body)
            except OSError:
                answer, spoil = None, None
        if spoil is not None and answer is not None:
            answer = spoil(self, answer)
        if answer is None:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.head(len(answer))
        self.wfile.write(answer)

    def head(self, length: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _ask(self, upstream: tuple[str, int], body: bytes) -> bytes:
        connection = http.client.HTTPConnection(*upstream, timeout=30)
        try:
            connection.request("POST", "/", body, {"Content-Type": "application/json"})
            return connection.getresponse().read()
        finally:
            connection.close()

    def log_message(self, *_: object) -> None: ...


def _stall(connection: _Connection, answer: bytes) -> None:
    connection.server.proxy.released.wait(60)  # type: ignore[attr-defined]


def _cut(connection: _Connection, answer: bytes) -> None:
    connection.head(len(answer))
    connection.wfile.write(answer[: len(answer) // 2])
    connection.wfile.flush()


def _error(answer: bytes, words: str) -> bytes:
    document = json.loads(answer)
    listed = document if isinstance(document, list) else [document]
    spoiled = listed[len(listed) // 2]
    spoiled.pop("result", None)
    spoiled["error"] = {"code": -32603, "message": words}
    return json.dumps(document).encode()


def _garbled(answer: bytes) -> bytes:
    document = json.loads(answer)
    for each in document if isinstance(document, list) else [document]:
        each["result"] = {"number": "soon"}
    return json.dumps(document).encode()


@contextmanager
def proxy(url: str) -> Iterator[Proxy]:
    """A proxy before the node at `url`, until the block ends."""
    made = Proxy(url)
    try:
        yield made
    finally:
        made.close()
