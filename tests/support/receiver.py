"""A receiving system of an institution: a real HTTP server on loopback that takes what is posted, or behaves badly.

It checks signatures by its own reading of the Standard Webhooks specification, and not with our code.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Mood = Callable[["Received"], int | str]
"""What the answer to a message is: a status, `stall`, `drip` or `die`."""


@dataclass(frozen=True)
class Received:
    """One message as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def notice(self) -> dict[str, Any]:
        return json.loads(self.body)  # type: ignore[no-any-return]

    def is_signed_with(self, secret: str) -> bool:
        """As the specification has it: base64 of HMAC-SHA256 over `id.timestamp.body`, one signature of several."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        head = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode()
        expected = base64.b64encode(hmac.new(key, head + self.body, hashlib.sha256).digest())
        given = [each.partition(",") for each in self.headers["webhook-signature"].split(" ")]
        return any(version == "v1" and code.encode() == expected for version, _, code in given)


@dataclass
class Receiver:
    """What came, and how it answers."""

    url: str = ""
    mood: Mood = lambda _: 204
    came: list[Received] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)
    at_once: int = 0
    most_at_once: int = 0

    def of(self, product: str | None) -> list[int]:
        """The numbers that came of a product, in the order in which they came."""
        return [each.notice["number"] for each in self.came if each.notice["product"] == product]

    def ids(self) -> list[str]:
        return [each.notice["id"] for each in self.came]


@contextmanager
def receiving(mood: Mood | None = None) -> Iterator[Receiver]:
    """A server that runs until the block ends."""
    receiver = Receiver()
    if mood is not None:
        receiver.mood = mood
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            message = Received(
                self.path, {name.lower(): value for name, value in self.headers.items()}, body
            )
            with receiver.guard:
                receiver.came.append(message)
                receiver.at_once += 1
                receiver.most_at_once = max(receiver.most_at_once, receiver.at_once)
            try:
                self._answer(receiver.mood(message))
            finally:
                with receiver.guard:
                    receiver.at_once -= 1

        def _answer(self, answer: int | str) -> None:
            if answer == "stall":
                ended.wait(5)
            elif answer == "drip":  # a byte now and then: no single read takes long
                for sign in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100:
                    self.wfile.write(bytes([sign]))
                    self.wfile.flush()
                    if ended.wait(0.05):
                        return
            elif answer == "die":
                self.wfile.write(b"HTTP/1.1 20")
                self.connection.close()
            elif isinstance(answer, int):
                self.send_response(answer)
                if 300 <= answer < 400:
                    self.send_header("Location", f"{receiver.url}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

        def handle(self) -> None:
            # The other side went, or this one did in the middle of an answer.
            with suppress(ConnectionError, ValueError):
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Returns when it holds; fails when it does not come to that."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.01)
