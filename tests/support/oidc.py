"""An identity provider on this machine: real HTTP, real keys, the real flow. It can be made to do wrong on purpose.

It speaks OpenID Connect with PKCE: discovery, keys, the authorization endpoint (which lets people in at once), and
the token endpoint, which checks the client's secret, the redirect address, the verifier, and that a code is used once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from tests.support.people import AT

CLIENT, SECRET = "genbo", "a secret: with signs & 漢字"
REDIRECT = "http://127.0.0.1:9/callback"


@dataclass
class Key:
    """A key of a provider, with the name that its tokens give it."""

    private: Any
    kid: str
    algorithm: str

    @classmethod
    def rsa(cls, kid: str = "rsa-1") -> Key:
        return cls(rsa.generate_private_key(public_exponent=65537, key_size=2048), kid, "RS256")

    @classmethod
    def ec(cls, kid: str = "ec-1") -> Key:
        return cls(ec.generate_private_key(ec.SECP256R1()), kid, "ES256")

    def public(self) -> dict[str, Any]:
        kind = RSAAlgorithm if self.algorithm.startswith("RS") else ECAlgorithm
        jwk = kind.to_jwk(self.private.public_key(), as_dict=True)
        return jwk | {"kid": self.kid, "use": "sig", "alg": self.algorithm}


@dataclass
class Provider:
    """The provider, with what it believes and what it does wrong."""

    keys: list[Key]
    now: datetime = AT
    subject: str = "subject-1"
    """Who sits at the browser."""
    claims: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    """What it makes of the right claims."""
    sign: Callable[[dict[str, Any]], str] | None = None
    """How it signs; None: with its first key."""
    metadata: dict[str, Any] = field(default_factory=dict)
    """What differs in its discovery document."""
    answers: dict[str, Any] = field(default_factory=dict)
    """What differs in the way back of the browser."""
    broken: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """Path to the status and body that it answers with instead."""
    asked: list[str] = field(default_factory=list)
    """The paths that were asked for."""
    issuer: str = ""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __enter__(self) -> Provider:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider._get(self)

            def do_POST(self) -> None:
                provider._post(self)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    # What is asked -----------------------------------------------------------------------------------

    def _get(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        self.asked.append(parts.path)
        if parts.path in self.broken:
            _answer(request, *self.broken[parts.path])
        elif parts.path == "/.well-known/openid-configuration":
            _json(request, self._discovery() | self.metadata)
        elif parts.path == "/keys":
            _json(request, {"keys": [key.public() for key in self.keys]})
        elif parts.path == "/authorize":
            self._authorize(
                request, {name: value[0] for name, value in parse_qs(parts.query).items()}
            )
        else:
            _json(request, {}, 404)

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_response_iss_parameter_supported": True,
        }

    def _authorize(self, request: BaseHTTPRequestHandler, query: dict[str, str]) -> None:
        right = (
            query.get("client_id") == CLIENT
            and query.get("redirect_uri") == REDIRECT
            and query.get("response_type") == "code"
            and query.get("code_challenge_method") == "S256"
            and "openid" in query.get("scope", "").split()
        )
        if not right:
            _json(request, {"error": "invalid_request"}, 400)
            return
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        back = {"code": code, "state": query["state"], "iss": self.issuer} | self.answers
        request.send_response(302)
        request.send_header(
            "Location", REDIRECT + "?" + urlencode({k: v for k, v in back.items() if v is not None})
        )
        request.send_header("Content-Length", "0")
        request.end_headers()

    def _post(self, request: BaseHTTPRequestHandler) -> None:
        length = int(request.headers["Content-Length"])
        form = {
            name: value[0] for name, value in parse_qs(request.rfile.read(length).decode()).items()
        }
        self.asked.append(request.path)
        if request.path in self.broken:
            _answer(request, *self.broken[request.path])
            return
        given = request.headers.get("Authorization", "").removeprefix("Basic ")
        name, _, secret = base64.b64decode(given).decode().partition(":")
        if "client_secret" in form:
            name, secret = form["client_id"], form["client_secret"]
        if (unquote(name), unquote(secret)) != (CLIENT, SECRET):
            _json(request, {"error": "invalid_client"}, 401)
            return
        query = self._codes.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if (
            query is None
            or query["code_challenge"] != challenge
            or form.get("redirect_uri") != query["redirect_uri"]
            or form.get("grant_type") != "authorization_code"
        ):
            _json(request, {"error": "invalid_grant"}, 400)
            return
        claims = self.claims(
            {
                "iss": self.issuer,
                "sub": self.subject,
                "aud": CLIENT,
                "exp": int((self.now + timedelta(minutes=5)).timestamp()),
                "iat": int(self.now.timestamp()),
                "auth_time": int(self.now.timestamp()),
                "nonce": query.get("nonce"),
                "acr": query.get("acr_values", "").split(" ")[0],
            }
        )
        token = self.sign(claims) if self.sign else self.signed(claims, self.keys[0])
        _json(request, {"id_token": token, "access_token": "x", "token_type": "Bearer"})

    @staticmethod
    def signed(claims: dict[str, Any], key: Key) -> str:
        return jwt.encode(claims, key.private, algorithm=key.algorithm, headers={"kid": key.kid})


def browse(url: str) -> dict[str, str]:
    """A browser that goes where it is sent, and what it comes back with."""
    answer = httpx.get(url, follow_redirects=False)
    assert answer.status_code == 302, answer.text
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: value[0] for name, value in query.items()}


def _json(request: BaseHTTPRequestHandler, document: dict[str, Any], status: int = 200) -> None:
    _answer(request, status, json.dumps(document).encode())


def _answer(request: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
    request.send_response(status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
