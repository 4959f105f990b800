"""Streams: events as they happen, gone on with after every interruption.

The waiting form; the other one is made from this page.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from genbo_sdk._calling import ask_of, operation_named
from genbo_sdk._core import Core
from genbo_sdk._exchange import AGAIN, Got, NeedToken, fresh_id, pause, refusal_of, request_of
from genbo_sdk._json import read
from genbo_sdk._sse import EventParser

_log = logging.getLogger("genbo_sdk")

SILENCE = 60.0
"""Seconds without a byte after which a connection counts as lost: the registry says something more often."""


Event = TypeVar("Event")


class Events(Generic[Event]):
    """The events of a stream, in order, each at least once.

        for event in client.events.stream(after=last_seen): ...

    A connection that ends is made again, after the last event that was read. It ends by `break`, or by an error that
    does not pass.
    """

    def __init__(
        self,
        core: Core,
        name: str,
        *,
        query: Mapping[str, object],
        after: str | None,
        silence: float = SILENCE,
    ) -> None:
        self._core = core
        self._name = name
        self._query = query
        self._after = after
        self._silence = silence

    def __iter__(self) -> Iterator[Event]:
        import httpx

        parser = EventParser()
        parser.last_id = self._after or ""
        operation, policy = operation_named(self._name), self._core.policy
        failed, refused = 0, None
        while True:
            token = None
            if operation.scope is not None:
                token = self._core.token(NeedToken(operation.scope, refused))
            known = {"Accept": "text/event-stream", "Last-Event-ID": parser.last_id or None}
            ask = ask_of(operation, query=self._query, headers=known)
            request = request_of(ask, token, fresh_id(), policy.language)
            parser.restart()
            try:
                with self._core.lines(request, silence=self._silence) as answer:
                    if isinstance(answer, Got):
                        stale = answer.status == 401 and refused is None
                        if not stale and answer.status not in AGAIN:
                            raise refusal_of(
                                answer, ask, request.headers["X-Request-ID"], policy.language
                            )
                        refused = token if stale else None
                    else:
                        for line in answer:
                            failed, refused = 0, None
                            event = parser.feed(line)
                            if event is not None:
                                yield self._read(event.data)
            except httpx.TransportError as error:
                _log.warning("the stream was interrupted (%s)", type(error).__name__)
            failed += 1
            self._core.sleep(max(parser.retry or 0.0, pause(failed)))

    def _read(self, data: str) -> Event:
        kind = operation_named(self._name).result
        event: Event = read(kind, data.encode(), request_id=None, key=None)
        return event
