"""A KYC provider that is asked over HTTPS and answers by callbacks: compact JWS, ES256 or RS256, keys by JWKS."""

import threading
import time
from datetime import datetime
from typing import Any

import httpx
import jwt

from genbo.compliance.kyc import AHEAD, STALE, Callback, SessionId, Started
from genbo.kernel import Fault, Reason, Refusal
from genbo.providers.kyc.callback import malformed, read_callback
from genbo.providers.kyc.parameters import KycParameters

ALGORITHMS = ("ES256", "RS256")
"""Nothing symmetric, and not "none": the header does not choose how it is believed."""

TOKEN_AT_MOST = 64 * 1024
"""Longest callback that is looked at, in characters."""

_SECONDS_TO_ANSWER = 10.0
_SECONDS_BETWEEN_FETCHES = 30.0
"""Keys are fetched again for a key that is unknown, but not more often than this, however many callbacks come."""


class WebhookKyc:
    """One provider. Safe to use from several threads."""

    def __init__(
        self, parameters: KycParameters, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._parameters = parameters
        self._client = httpx.Client(timeout=_SECONDS_TO_ANSWER, transport=transport)
        self._guard = threading.Lock()
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched: float | None = None

    @property
    def name(self) -> str:
        return self._parameters.issuer

    def close(self) -> None:
        self._client.close()

    def start(self, session: SessionId, *, method: str | None = None) -> Started:
        """As `KycProvider.start`."""
        body = {"reference": session, "callback_url": self._parameters.callback_url}
        if method is not None:
            body["method"] = method
        headers = {"Authorization": f"Bearer {self._parameters.token}", "Idempotency-Key": session}
        answer = self._ask("POST", self._parameters.sessions_url, json=body, headers=headers)
        ref, url = answer.get("id"), answer.get("url")
        if not isinstance(ref, str) or not isinstance(url, str):
            raise self._away("its answer names no session")
        return Started(ref=ref, url=url)

    def read(self, token: str, *, at: datetime) -> Callback:
        """As `KycProvider.read`."""
        if len(token) > TOKEN_AT_MOST:
            raise _unsigned("it is too long")
        try:
            header = jwt.get_unverified_header(token)
        except jwt.InvalidTokenError:
            raise _unsigned("it is not a compact JWS") from None
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS:
            raise _unsigned(f"its algorithm is not one of {', '.join(ALGORITHMS)}")
        key = self._key(kid)
        if key.algorithm_name != algorithm:
            raise _unsigned("its key is for another algorithm")
        payload = self._verified(token, key, algorithm)
        callback = read_callback(payload, content=token.encode())
        if not at - STALE <= callback.issued_at <= at + AHEAD:
            raise Refusal(Reason.KYC_CALLBACK_STALE, issued=callback.issued_at.isoformat())
        return callback

    # Inside --------------------------------------------------------------------------------------

    def _verified(self, token: str, key: jwt.PyJWK, algorithm: str) -> dict[str, Any]:
        try:
            return jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=self._parameters.audience,
                issuer=self._parameters.issuer,
                # Its age is judged by the time we are given, not by that of this machine.
                options={
                    "require": ["iss", "aud", "iat", "jti", "sub"],
                    "verify_iat": False,
                    "verify_exp": False,
                    "verify_nbf": False,
                    "strict_aud": True,
                },
            )
        except jwt.InvalidSignatureError:
            raise _unsigned("the signature does not fit") from None
        except jwt.InvalidAudienceError:
            raise self._not_ours("it is for somebody else") from None
        except jwt.InvalidIssuerError:
            raise self._not_ours("somebody else has issued it") from None
        except jwt.MissingRequiredClaimError as missing:
            raise malformed(missing.claim, "it is missing") from None
        except jwt.InvalidTokenError:
            raise _unsigned("it is not a JWS with claims") from None

    def _not_ours(self, problem: str) -> Refusal:
        return Refusal(Reason.KYC_CALLBACK_AUDIENCE, provider=self.name, problem=problem)

    def _key(self, kid: object) -> jwt.PyJWK:
        with self._guard:
            if not isinstance(kid, str):
                raise _unsigned("its header names no key")
            if kid not in self._keys and self._may_fetch():
                self._keys = self._fetch()
                self._fetched = time.monotonic()
            if kid not in self._keys:
                shown = kid[:64] if kid.isprintable() else "?"
                raise Refusal(Reason.KYC_CALLBACK_KEY_UNKNOWN, key=shown, provider=self.name)
            return self._keys[kid]

    def _may_fetch(self) -> bool:
        now = time.monotonic()
        return self._fetched is None or now - self._fetched >= _SECONDS_BETWEEN_FETCHES

    def _fetch(self) -> dict[str, jwt.PyJWK]:
        listed = self._ask("GET", self._parameters.jwks_url).get("keys")
        if not isinstance(listed, list):
            raise self._away("its key set is no key set")
        found = {}
        for each in listed:
            try:
                key = jwt.PyJWK(each)
            except (jwt.PyJWTError, TypeError, AttributeError):
                continue  # of a kind that we do not use
            if key.key_id and key.algorithm_name in ALGORITHMS and "d" not in each:
                found[key.key_id] = key
        return found

    def _ask(self, method: str, url: str, **more: Any) -> dict[str, Any]:
        try:
            answer = self._client.request(method, url, **more)
            answer.raise_for_status()
            document = answer.json()
        except httpx.HTTPStatusError as error:
            raise self._away(f"it answers {error.response.status_code}") from None
        except httpx.HTTPError as error:
            raise self._away(type(error).__name__) from None
        except ValueError:
            raise self._away("its answer is not JSON") from None
        if not isinstance(document, dict):
            raise self._away("its answer is not a JSON object")
        return document

    def _away(self, problem: str) -> Fault:
        return Fault(Reason.KYC_PROVIDER_UNREACHABLE, provider=self.name, problem=problem)


def _unsigned(problem: str) -> Refusal:
    return Refusal(Reason.KYC_CALLBACK_UNSIGNED, problem=problem)
