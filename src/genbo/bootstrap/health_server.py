"""The health page: `GET /health` on this machine, for whatever watches over the process.

Status 200 when everything is well, 503 when something is not; the same JSON as `genbo health --json`. It holds figures
of blocks and of answer times, and nothing of the business.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

from genbo.bootstrap.health import Health
from genbo.bootstrap.page_server import SECONDS_TO_ASK, serve_page

PATH = "/health"
SECONDS_FRESH = 1.0
"""An answer is given again for so long: however often somebody asks, the nodes are asked once."""


@contextmanager
def serve_health(port: int, look: Callable[[], Health]) -> Iterator[str]:
    """Serves what `look` finds until the block ends; yields the address.

    Raises:
        Fault: `setting_invalid` when the port cannot be had.
    """
    with serve_page(
        _handler(_Fresh(look)), port, path=PATH, setting="--health-port", name="genbo-health"
    ) as address:
        yield address


class _Fresh:
    """The latest look, while it is fresh. Whoever asks during a look waits for that one."""

    def __init__(self, look: Callable[[], Health]) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._found: Health | None = None
        self._until = 0.0

    def get(self) -> Health:
        with self._lock:
            if self._found is None or time.monotonic() >= self._until:
                self._found = self._look()
                self._until = time.monotonic() + SECONDS_FRESH
            return self._found


def _handler(fresh: _Fresh) -> type[BaseHTTPRequestHandler]:
    class Page(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "genbo"
        sys_version = ""
        timeout = SECONDS_TO_ASK

        def do_GET(self) -> None:
            if self.path.partition("?")[0] != PATH:
                self._send(HTTPStatus.NOT_FOUND, {"ok": False, "checks": []})
                return
            found = fresh.get()
            status = HTTPStatus.OK if found.ok else HTTPStatus.SERVICE_UNAVAILABLE
            self._send(status, found.document())

        def _send(self, status: HTTPStatus, document: dict[str, Any]) -> None:
            body = json.dumps(document, ensure_ascii=False).encode() + b"\n"
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Whoever watches asks every few seconds."""

    return Page
