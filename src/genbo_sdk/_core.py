"""The core of the client that waits: carries out exchanges with httpx.

The waiting form; the other one is made from this page.
What is decided stands in `_exchange`; here is only what touches the network and the clock.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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


class Core:
    """A connection pool, the tokens, and the patience of one client."""

    def __init__(
        self,
        settings: Settings,
        *,
        tls: ssl.SSLContext | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        import threading

        import httpx

        self.settings = settings
        self.policy: Policy = settings.policy
        self._tokens = Tokens()
        self._lock = threading.Lock()
        self._http = httpx.Client(
            base_url=settings.base_url,
            verify=tls if tls is not None else settings.secure,
            transport=transport,
            follow_redirects=False,
            headers={"User-Agent": settings.agent},
        )

    def close(self) -> None:
        """Gives up the connections."""
        self._http.close()

    def run(self, steps: Steps[T]) -> T:
        """Carries out an exchange, or whatever is made of several."""
        reply: Reply = None
        while True:
            try:
                step = steps.send(reply)
            except StopIteration as end:
                done: T = end.value
                return done
            if isinstance(step, Send):
                reply = self._send(step)
            elif isinstance(step, NeedToken):
                reply = self.token(step)
            else:
                self.sleep(step.seconds)
                reply = None

    def sleep(self, seconds: float) -> None:
        """Waits."""
        time.sleep(seconds)

    def call(self, name: str, *, progress: Any = None, **arguments: Any) -> Any:
        """The typed answer to the operation `name`; arguments as `ask_of`.

        Args:
            progress: as `_calling.call`.
        """
        ask = ask_of(operation_named(name), **arguments)
        return self.run(call(ask, self.policy, progress=progress))

    def _send(self, step: Send) -> Got | Lost:
        import httpx

        request, began = step.request, time.monotonic()
        content = bytearray()
        try:
            with self._http.stream(
                request.method,
                request.path,
                params=request.query,
                headers=dict(request.headers),
                content=request.content,
                timeout=step.timeout,
            ) as answer:
                for chunk in answer.iter_bytes():
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

    def token(self, need: NeedToken) -> str:
        """One sign-in for all who wait for it."""
        scope, credential = self.settings.credential(need)
        with self._lock:
            held = self._tokens.good(scope, need.refused, now=self.policy.clock())
            if held is not None:
                return held
            url = self.settings.base_url + TOKEN_PATH
            fresh = self.run(sign_in(credential, scope, url, self.policy))
            return self._tokens.keep(scope, fresh)

    @contextmanager
    def lines(self, request: Request, *, silence: float) -> Iterator[Got | Lines]:
        """The answer line by line while it comes; a `Got` where it says no.

        Args:
            silence: seconds without a byte after which the connection counts as lost.
        """
        import httpx

        with self._http.stream(
            request.method,
            request.path,
            params=request.query,
            headers=dict(request.headers),
            timeout=httpx.Timeout(silence, connect=self.policy.timeout),
        ) as answer:
            if answer.status_code == 200:
                yield Lines(answer)
            else:
                headers: Mapping[str, str] = {
                    name.lower(): value for name, value in answer.headers.items()
                }
                yield Got(answer.status_code, headers, answer.read())


class Lines:
    """The lines of an answer that does not end."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[str]:
        for line in self._answer.iter_lines():  # noqa: UP028  the other form cannot
            yield line
