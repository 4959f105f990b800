"""A page on this machine: one handler behind one port, for what must not depend on the interface.

The health page and the door of the KYC provider are served so, each in a thread of its own.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from genbo.kernel import Fault, Reason

HOST = "127.0.0.1"
SECONDS_TO_ASK = 10.0
"""A connection that says nothing is closed after so long."""


@contextmanager
def serve_page(
    handler: type[BaseHTTPRequestHandler], port: int, *, path: str, setting: str, name: str
) -> Iterator[str]:
    """Serves until the block ends; yields the address.

    Args:
        port: 0 picks a free one.
        path: of the page, for the address.
        setting: the option that names the port, for whoever has to choose another one.
        name: of the thread.

    Raises:
        Fault: `setting_invalid` when the port cannot be had.
    """
    try:
        server = _Server((HOST, port), handler)
    except (OSError, OverflowError) as problem:
        said = getattr(problem, "strerror", None) or "there is no such port"
        raise Fault(
            Reason.SETTING_INVALID,
            setting=setting,
            problem=f"{port}: {said.lower()}",
            allowed="a free port up to 65535, or 0 for none",
        ) from None
    server.daemon_threads = True
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, name=name, daemon=True
    )
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}{path}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        # Who called has gone away; that is nothing to tell, and what was being said is nobody's to read.
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)
