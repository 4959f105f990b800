"""Settings: what a client was made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from genbo_sdk._credential import SCOPES, Credential
from genbo_sdk._errors import CredentialMissing
from genbo_sdk._exchange import Lost, NeedToken, Policy

if TYPE_CHECKING:
    import httpx

LANGUAGES = ("en", "ja")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the registry is, who asks, and how patiently."""

    base_url: str
    """Without `/v1`."""
    credentials: Mapping[str, Credential] = field(repr=False)
    """Scope to credential."""
    policy: Policy
    agent: str = "genbo_sdk"

    def credential(self, need: NeedToken) -> tuple[str, Credential]:
        """The scope that is asked for, and its credential.

        Raises:
            CredentialMissing: the client was given none that does.
        """
        usable = SCOPES if need.either else ()
        for scope in (need.scope, *usable):
            if scope in self.credentials:
                return scope, self.credentials[scope]
        raise CredentialMissing(f"the client has no credential for the scope {need.scope}")

    @property
    def secure(self) -> bool:
        """Whether it is asked over TLS; within this machine there is nothing to load for it."""
        return self.base_url.startswith("https:")


def settings(
    base_url: str,
    *,
    reference: Credential | None,
    update: Credential | None,
    policy: Policy,
) -> Settings:
    """Settings that can work.

    Raises:
        ValueError: the address is none, or would send credentials in the clear to another machine; the language is
            neither `en` nor `ja`; the same credential for both scopes.
    """
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("base_url is an address such as https://registry.example")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("base_url holds neither a user nor a question")
    if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise ValueError("base_url must be https: credentials never travel in the clear")
    if policy.language not in LANGUAGES:
        raise ValueError(f"language is one of {', '.join(LANGUAGES)}")
    if reference and update and reference.client_id == update.client_id:
        raise ValueError("reference and update are two credentials, never one")
    given = {"reference": reference, "update": update}
    assert tuple(given) == SCOPES
    return Settings(
        base_url=base_url.rstrip("/").removesuffix("/v1"),
        credentials={scope: each for scope, each in given.items() if each is not None},
        policy=policy,
    )


def network_failure(error: httpx.RequestError) -> Lost:
    """What a failure of the network means: whether the request may have arrived."""
    import httpx

    never = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
    return Lost(not isinstance(error, never), type(error).__name__)
