"""Credentials: how the client shows whose system is asking (OAuth 2.0 client credentials)."""

from __future__ import annotations

import os
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote_plus

SCOPES = ("reference", "update")
"""参照系・更新系: what reads, and what changes. Never the same credential."""

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_LIVES = 60


@dataclass(frozen=True, slots=True)
class Shown:
    """What goes with a request for a token."""

    form: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Credential(Protocol):
    """Whoever can show who asks. `ClientSecret` and `PrivateKey` are two; a key service may be another."""

    @property
    def client_id(self) -> str: ...

    def show(self, token_url: str) -> Shown:
        """The proof, fresh for each request."""


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """A client id and its secret."""

    client_id: str
    secret: str = field(repr=False)

    def show(self, token_url: str) -> Shown:
        """HTTP Basic, as OAuth wants it: both parts form-encoded first."""
        pair = f"{quote_plus(self.client_id)}:{quote_plus(self.secret)}"
        return Shown(headers={"Authorization": f"Basic {b64encode(pair.encode()).decode()}"})


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A client id and a private key that never leaves this process (private_key_jwt). Needs `genbo[signing]`."""

    client_id: str
    key: str = field(repr=False)
    """PEM."""
    algorithm: str = "ES256"
    key_id: str | None = None
    audience: str | None = None
    """Whom the assertions are for, where the registry names itself otherwise than by its token address: the `issuer` of
    `/v1/oauth/metadata`."""
    now: Callable[[], float] = field(default=time.time, repr=False)

    def show(self, token_url: str) -> Shown:
        """A short-lived assertion, signed for this token endpoint only."""
        import jwt

        now = int(self.now())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.audience or token_url,
            "jti": os.urandom(16).hex(),
            "iat": now,
            "exp": now + _ASSERTION_LIVES,
        }
        headers = {"kid": self.key_id} if self.key_id else None
        signed = jwt.encode(claims, self.key, algorithm=self.algorithm, headers=headers)
        return Shown(
            form={
                "client_id": self.client_id,
                "client_assertion_type": _ASSERTION,
                "client_assertion": signed,
            }
        )
