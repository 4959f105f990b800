"""Streams (ストリーム): who is listening on this process, and the one bell that wakes them all.

One connection to the database listens for all streams, in a thread that runs as long as anybody listens. Each stream
looks into the database when it rings, and otherwise only says that it is still there.
"""

import asyncio
import threading
from collections import Counter
from types import TracebackType
from typing import Self
from weakref import WeakSet

from fastapi import FastAPI

from genbo.kernel import Fault, Reason, Refusal
from genbo.storage.bell import Bell
from genbo.storage.engine import Database
from genbo.storage.notices import TOLD

PER_CREDENTIAL = 4
"""Streams of one credential that are open at once, at most."""
AT_MOST = 500
"""Streams of a process."""

_LISTEN_SECONDS = 1.0
"""How soon the thread ends when nobody listens any more."""


class Listener:
    """One open stream. To be closed."""

    def __init__(self, streams: "Streams", credential: str) -> None:
        self._streams = streams
        self.credential = credential
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._streams.leave(self)

    def ring(self) -> None:
        """From any thread: there may be something new."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._rung.set)

    def look(self) -> None:
        """What is asked from here on sees everything that rang before."""
        self._rung.clear()

    async def wait(self, seconds: float) -> bool:
        """Waits until it rings, or so long; whether it rang since `look`."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        return True


class Streams:
    """The streams of one process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._guard = threading.Lock()
        # A stream whose reader went before it began is held by nobody else, and counts no longer.
        self._listeners: WeakSet[Listener] = WeakSet()
        self._thread: threading.Thread | None = None

    def join(self, credential: str) -> Listener:
        """A further stream of a credential.

        Raises:
            Refusal: `streams_exceeded`.
        """
        with self._guard:
            counted = Counter(each.credential for each in self._listeners)
            if counted[credential] >= PER_CREDENTIAL:
                raise Refusal(Reason.STREAMS_EXCEEDED, most=PER_CREDENTIAL)
            if len(self._listeners) >= AT_MOST:
                raise Refusal(Reason.STREAMS_EXCEEDED, most=AT_MOST)
            listener = Listener(self, credential)
            self._listeners.add(listener)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._listen, name="genbo streams", daemon=True
                )
                self._thread.start()
        return listener

    def leave(self, listener: Listener) -> None:
        """The stream has ended."""
        with self._guard:
            self._listeners.discard(listener)

    def _listen(self) -> None:
        bell = Bell(self._database, TOLD)
        try:
            while True:
                with self._guard:
                    if not self._listeners:
                        self._thread = None
                        return
                try:
                    rung = bell.wait(_LISTEN_SECONDS)
                except Fault:  # the database is away: whoever asks it is told so
                    rung = True
                    threading.Event().wait(_LISTEN_SECONDS)
                if rung:
                    with self._guard:
                        listeners = list(self._listeners)
                    for each in listeners:
                        each.ring()
        finally:
            bell.close()


def streams_of(app: FastAPI) -> Streams:
    """The streams of an application."""
    found: Streams | None = getattr(app.state, "streams", None)
    if found is None:
        found = app.state.streams = Streams(app.state.office.house.database)
    return found
