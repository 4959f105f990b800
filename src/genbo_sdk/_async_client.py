"""What both clients are made of beside their calls.

Made from the waiting form by tools/make_sdk.py.
"""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from genbo_sdk._async_core import AsyncCore
from genbo_sdk._credential import Credential
from genbo_sdk._exchange import Policy
from genbo_sdk._settings import settings

if TYPE_CHECKING:
    import ssl

    import httpx


class AsyncClientBase:
    """Making, using and closing a client."""

    def __init__(
        self,
        base_url: str,
        *,
        reference: Credential | None = None,
        update: Credential | None = None,
        language: str = "en",
        deadline: float = 30.0,
        timeout: float = 10.0,
        tls: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """
        Args:
            base_url: where the registry is, such as `https://registry.example`.
            reference: the credential that reads (参照系).
            update: the credential that changes (更新系); each call uses the one that it needs.
            language: of the words of refusals: `en` or `ja`.
            deadline: seconds for a call with all its repetitions.
            timeout: seconds for one answer.
            tls: for a registry that asks for a certificate (mutual TLS), or has one of its own authority.
            transport: how requests travel, where that is not over the network as usual.

        Raises:
            ValueError: the address is none or not secure; one credential for both scopes.
        """
        policy = Policy(deadline=deadline, timeout=timeout, language=language, clock=time.monotonic)
        made = settings(base_url, reference=reference, update=update, policy=policy)
        self._core = AsyncCore(made, tls=tls, transport=transport)
        self._open()

    def _open(self) -> None:
        """Makes the groups of calls."""

    def __repr__(self) -> str:
        scopes = ", ".join(sorted(self._core.settings.credentials))
        return (
            f"<{type(self).__name__} {self._core.settings.base_url} ({scopes or 'no credential'})>"
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Gives up the connections."""
        await self._core.close()
