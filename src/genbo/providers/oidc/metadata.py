"""Metadata of an identity provider: its endpoints and its keys, read from its own address and kept for a while."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from genbo.kernel import Fault, Reason
from genbo.providers.oidc.id_token import KEY_OF_ALGORITHM, unproved

SECONDS_KEPT: Final = 3600.0
SECONDS_BETWEEN_LOOKS: Final = 30.0
"""An unknown key makes us look for new ones, but not more often than this: anybody can send a token that names one."""

_LONGEST = 1 << 20
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """What the discovery document says."""

    authorization: str
    token: str
    keys: str
    names_itself: bool
    """Whether the provider says who it is when it sends the browser back (RFC 9207)."""
    secret_in_body: bool
    """Whether the client's secret goes into the body, because the header is not taken."""


class Metadata:
    """Endpoints and keys of one provider, fetched when they are first needed."""

    def __init__(
        self, issuer: str, http: httpx.Client, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.issuer = issuer
        self._http = http
        self._clock = clock
        self._endpoints: tuple[float, Endpoints] | None = None
        self._keys: tuple[float, list[Mapping[str, Any]]] | None = None

    def endpoints(self) -> Endpoints:
        """Where to ask.

        Raises:
            Fault: `identity_provider_unreachable` when the provider does not answer, as somebody else, or with
                addresses that are not encrypted.
        """
        now = self._clock()
        if self._endpoints is None or now - self._endpoints[0] > SECONDS_KEPT:
            self._endpoints = (now, self._discover())
        return self._endpoints[1]

    def key(self, algorithm: str, kid: str | None) -> Mapping[str, Any]:
        """The provider's key for signatures of that algorithm, by its id, or the only one where it names none.

        Raises:
            Refusal: `identity_unproved` when the provider has no such key.
            Fault: `identity_provider_unreachable`.
        """
        if (found := self._among(self._known(), algorithm, kid)) is not None:
            return found
        assert self._keys is not None
        if self._clock() - self._keys[0] >= SECONDS_BETWEEN_LOOKS:
            self._keys = None  # the provider may have changed its keys
            if (found := self._among(self._known(), algorithm, kid)) is not None:
                return found
        raise unproved("signed with a key that is not the provider's")

    def _known(self) -> list[Mapping[str, Any]]:
        now = self._clock()
        if self._keys is None or now - self._keys[0] > SECONDS_KEPT:
            document = self._fetch(self.endpoints().keys)
            keys = document.get("keys")
            if not isinstance(keys, list):
                raise self.fault("its key set is none")
            self._keys = (now, [key for key in keys if isinstance(key, dict)])
        return self._keys[1]

    @staticmethod
    def _among(
        keys: list[Mapping[str, Any]], algorithm: str, kid: str | None
    ) -> Mapping[str, Any] | None:
        fitting = [
            key
            for key in keys
            if key.get("kty") == KEY_OF_ALGORITHM[algorithm]
            and (kid is None or key.get("kid") == kid)
        ]
        return fitting[0] if len(fitting) == 1 else None

    def _discover(self) -> Endpoints:
        document = self._fetch(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if document.get("issuer") != self.issuer:
            raise self.fault("it says that it is another issuer")
        methods = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return Endpoints(
            authorization=self._address(document, "authorization_endpoint"),
            token=self._address(document, "token_endpoint"),
            keys=self._address(document, "jwks_uri"),
            names_itself=document.get("authorization_response_iss_parameter_supported") is True,
            secret_in_body="client_secret_basic" not in methods,
        )

    def _address(self, document: Mapping[str, Any], name: str) -> str:
        value = document.get(name)
        if not isinstance(value, str) or not is_protected(value):
            raise self.fault(f"its {name} is no https address")
        return value

    def _fetch(self, url: str) -> Mapping[str, Any]:
        try:
            answer = self._http.get(url, headers={"Accept": "application/json"})
        except httpx.HTTPError as error:
            raise self.fault(type(error).__name__) from None
        if answer.status_code != 200:
            raise self.fault(f"HTTP status {answer.status_code}")
        return self.document(answer)

    def document(self, answer: httpx.Response) -> Mapping[str, Any]:
        """The JSON object of an answer. Raises as `endpoints`."""
        try:
            content = answer.json() if len(answer.content) <= _LONGEST else None
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise self.fault("its answer is no JSON object")
        return content

    def fault(self, problem: str) -> Fault:
        """The provider is not as it must be. Never repeats what it said."""
        return Fault(Reason.IDENTITY_PROVIDER_UNREACHABLE, issuer=self.issuer, problem=problem)


def is_protected(url: str) -> bool:
    """Whether nobody on the way reads or changes what goes to that address: https, or this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
