"""The twin (開発用の代役) of a KYC provider: a server on this machine that takes sessions, publishes a key, signs and
calls back, all of it really. What it finds of a person is what it is told to find.
"""

import json
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from genbo.kernel import UTC
from genbo.providers.kyc.parameters import KycParameters

_HOST = "127.0.0.1"
_AUDIENCE = "genbo"
_MOST_BODY = 64 * 1024


@dataclass
class KycTwin:
    """A provider in this process; `serving` gives one that listens."""

    url: str
    """Its own address, and its name in callbacks."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)
    sessions: dict[str, dict[str, str]] = field(default_factory=dict)
    """Our session id to what it was asked and what it called it."""
    key_id: str = field(default_factory=lambda: secrets.token_hex(4))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1()), repr=False
    )

    def parameters(self, callback_url: str) -> KycParameters:
        """What the operator of this provider would tell us."""
        return KycParameters(
            issuer=self.url,
            audience=_AUDIENCE,
            sessions_url=f"{self.url}/sessions",
            jwks_url=f"{self.url}/jwks.json",
            callback_url=callback_url,
            token=self.token,
        )

    def payload(
        self,
        session: str,
        *,
        event: str = "verified",
        at: datetime,
        claims: Mapping[str, Any] | None = None,
        valid: timedelta = timedelta(days=365),
        **more: object,
    ) -> dict[str, Any]:
        """What it would say of the person of a session.

        Args:
            claims: what it found on the document it was shown.
            more: claims of the token that replace the usual ones.
        """
        checked = at - timedelta(seconds=1)
        said: dict[str, Any] = {
            "iss": self.url,
            "aud": _AUDIENCE,
            "iat": int(at.timestamp()),
            "jti": secrets.token_hex(8),
            "sub": session,
            "event": event,
            "verified_claims": {
                "verification": {
                    "trust_framework": "jp_aml",
                    "assurance_level": "ho",
                    "time": checked.astimezone(UTC).isoformat(),
                    "verification_process": f"EV-{secrets.token_hex(8)}",
                    "evidence": [
                        {"type": "document", "check_details": [{"check_method": "vcrypt"}]}
                    ],
                },
                "claims": dict(claims or {}),
            },
        }
        if event == "verified":
            said["valid_until"] = (checked + valid).astimezone(UTC).isoformat()
        return said | more

    def sign(self, payload: Mapping[str, Any], **header: object) -> str:
        """The payload as a compact JWS."""
        return jwt.encode(
            dict(payload), self.key, algorithm="ES256", headers={"kid": self.key_id} | header
        )

    def call_back(self, token: str, session: str) -> int:
        """Delivers a token where the session said; the status of the answer."""
        url = self.sessions[session]["callback_url"]
        headers = {"Content-Type": "application/jwt"}
        return httpx.post(url, content=token.encode(), headers=headers, timeout=30).status_code

    def jwks(self) -> dict[str, Any]:
        """Its public keys."""
        public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": self.key_id, "use": "sig", "alg": "ES256"}]}

    def take(self, asked: Mapping[str, str]) -> dict[str, str]:
        """Takes a session; the same reference once more is the same session."""
        known = self.sessions.setdefault(
            asked["reference"], {**asked, "id": f"S-{secrets.token_hex(8)}"}
        )
        return {"id": known["id"], "url": f"{self.url}/check/{known['id']}"}


@contextmanager
def serving() -> Iterator[KycTwin]:
    """A twin that listens on this machine until the block ends."""
    server = ThreadingHTTPServer((_HOST, 0), BaseHTTPRequestHandler)
    twin = KycTwin(url=f"http://{_HOST}:{server.server_address[1]}")
    server.RequestHandlerClass = _handler(twin)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield twin
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(twin: KycTwin) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/jwks.json":
                self._answer(HTTPStatus.OK, twin.jwks())
            else:
                self._answer(HTTPStatus.NOT_FOUND, {})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if self.path != "/sessions" or length > _MOST_BODY:
                self._answer(HTTPStatus.NOT_FOUND, {})
            elif self.headers.get("Authorization") != f"Bearer {twin.token}":
                self._answer(HTTPStatus.UNAUTHORIZED, {})
            else:
                asked = json.loads(self.rfile.read(length))
                self._answer(HTTPStatus.CREATED, twin.take(asked))

        def _answer(self, status: HTTPStatus, document: Mapping[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """It says nothing of whom it checks."""

    return Door
