"""The core of the client that does not wait: carries out exchanges with httpx.

Made from the waiting form by tools/make_sdk.py.
What is decided stands in `_exchange`; here is only what touches the network and the clock.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from genbo_sdk._calling import ask_of, call, operation_named
from genbo_sdk._exchange import (
    TOKEN_PATH,
    Got,
    Lost,
    NeedToken,
    Policy,
    Reply,
    Request,
    Send,
    Steps,
    Tokens,
    sign_in,
)
from genbo_sdk._settings import Settings, network_failure

if TYPE_CHECKING:
    import ssl

    import httpx

T = TypeVar("T")
_log = logging.getLogger("genbo_sdk")


class AsyncCore:
    """A connection pool, the tokens, and the patience of one client."""

    def __init__(
        self,
        settings: Settings,
        *,
        tls: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        import asyncio

        import httpx

        self.settings = settings
        self.policy: Policy = settings.policy
        self._tokens = Tokens()
        self._lock = asyncio.Lock()
        self._http = httpx.AsyncClient(
            base_url=settings.base_url,
            verify=tls if tls is not None else settings.secure,
            transport=transport,
            follow_redirects=False,
            headers={"User-Agent": settings.agent},
        )

    async def close(self) -> None:
        """Gives up the connections."""
        await self._http.aclose()

    async def run(self, steps: Steps[T]) -> T:
        """Carries out an exchange, or whatever is made of several."""
        reply: Reply = None
        while True:
            try:
                step = steps.send(reply)
            except StopIteration as end:
                done: T = end.value
                return done
            if isinstance(step, Send):
                reply = await self._send(step)
            elif isinstance(step, NeedToken):
                reply = await self.token(step)
            else:
                await self.sleep(step.seconds)
                reply = None

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        import asyncio

        await asyncio.sleep(seconds)

    async def call(self, name: str, *, progress: Any = None, **arguments: Any) -> Any:
        """The typed answer to the operation `name`; arguments as `ask_of`.

        Args:
            progress: as `_calling.call`.
        """
        ask = ask_of(operation_named(name), **arguments)
        return await self.run(call(ask, self.policy, progress=progress))

    async def _send(self, step: Send) -> Got | Lost:
        import httpx

        request, began = step.request, time.monotonic()
        content = bytearray()
        try:
            async with self._http.stream(
                request.method,
                request.path,
                params=request.query,
                headers=dict(request.headers),
                content=request.content,
                timeout=step.timeout,
            ) as answer:
                async for chunk in answer.aiter_bytes():
                    content += chunk
                    if time.monotonic() - began > step.timeout:  # httpx counts from byte to byte
                        return Lost(True, "ReadTimeout")
                    if len(content) > step.largest:
                        return Lost(True, "AnswerTooLarge")
                headers = {name.lower(): value for name, value in answer.headers.items()}
        except httpx.RequestError as error:
            lost = network_failure(error)
            _log.debug("%s: %s", request.method, lost.kind)
            return lost
        _log.debug(
            "%s %s in %d ms [%s]",
            request.method,
            answer.status_code,
            round(1000 * (time.monotonic() - began)),
            request.headers["X-Request-ID"],
        )
        return Got(answer.status_code, headers, bytes(content))

    async def token(self, need: NeedToken) -> str:
        """One sign-in for all who wait for it."""
        scope, credential = self.settings.credential(need)
        async with self._lock:
            held = self._tokens.good(scope, need.refused, now=self.policy.clock())
            if held is not None:
                return held
            url = self.settings.base_url + TOKEN_PATH
            fresh = await self.run(sign_in(credential, scope, url, self.policy))
            return self._tokens.keep(scope, fresh)

    @asynccontextmanager
    async def lines(self, request: Request, *, silence: float) -> AsyncIterator[Got | AsyncLines]:
        """The answer line by line while it comes; a `Got` where it says no.

        Args:
            silence: seconds without a byte after which the connection counts as lost.
        """
        import httpx

        async with self._http.stream(
            request.method,
            request.path,
            params=request.query,
            headers=dict(request.headers),
            timeout=httpx.Timeout(silence, connect=self.policy.timeout),
        ) as answer:
            if answer.status_code == 200:
                yield AsyncLines(answer)
            else:
                headers: Mapping[str, str] = {
                    name.lower(): value for name, value in answer.headers.items()
                }
                yield Got(answer.status_code, headers, await answer.aread())


class AsyncLines:
    """The lines of an answer that does not end."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[str]:
        async for line in self._answer.aiter_lines():
            yield line
