"""Where a KYC provider calls back: `POST /kyc/callbacks` on this machine, behind whatever ends the operator's TLS.

The body is the compact JWS. 204: taken in, or known already; 4xx: refused, with the reason's code and nothing else;
503: not now, deliver it again.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

from genbo.bootstrap.page_server import SECONDS_TO_ASK, serve_page
from genbo.kernel import Fault, Reason, Refusal

PATH = "/kyc/callbacks"
MOST_BODY = 64 * 1024
_MOST_DIGITS = 10
"""Of a length; longer ones are not even read as a number."""

_STATUS = {
    Reason.KYC_SESSION_UNKNOWN: HTTPStatus.NOT_FOUND,
    Reason.KYC_CALLBACK_REPLAYED: HTTPStatus.CONFLICT,
    Reason.KYC_CALLBACK_OUT_OF_ORDER: HTTPStatus.CONFLICT,
    Reason.KYC_CALLBACK_MALFORMED: HTTPStatus.BAD_REQUEST,
}
"""Whatever is not here was not believed: 401."""


@contextmanager
def serve_callbacks(port: int, take: Callable[[str], object]) -> Iterator[str]:
    """Gives every callback to `take` until the block ends; yields the address.

    Raises:
        Fault: `setting_invalid` when the port cannot be had.
    """
    with serve_page(
        _handler(take), port, path=PATH, setting="--kyc-port", name="genbo-kyc"
    ) as address:
        yield address


def _handler(take: Callable[[str], object]) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "genbo"
        sys_version = ""
        timeout = SECONDS_TO_ASK

        def do_POST(self) -> None:
            if self.path != PATH:
                self._send(HTTPStatus.NOT_FOUND, None)
                return
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or len(length) > _MOST_DIGITS or int(length) > MOST_BODY:
                self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, None)
                return
            self._send(*self._taken(self.rfile.read(int(length))))

        def _taken(self, body: bytes) -> tuple[HTTPStatus, Reason | None]:
            try:
                take(body.decode("ascii", "replace").strip())
            except Fault as fault:
                return HTTPStatus.SERVICE_UNAVAILABLE, fault.reason
            except Refusal as refusal:
                return _STATUS.get(refusal.reason, HTTPStatus.UNAUTHORIZED), refusal.reason
            return HTTPStatus.NO_CONTENT, None

        def _send(self, status: HTTPStatus, reason: Reason | None) -> None:
            body = b"" if reason is None else json.dumps({"reason": reason.value}).encode()
            self.send_response(status)
            self.send_header("Cache-Control", "no-store")
            if status is not HTTPStatus.NO_CONTENT:
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
            if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                self.close_connection = True
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """What was received has its entry in the audit chain."""

    return Door
