"""Glances (単票照会): one question of one institution, in one trip to the server.

What is asked a thousand times a second must not go to the server five times each. Whose eyes it is seen with and the
question go out together; the server takes both as one transaction, so the question is never asked with other eyes:
when the first of the two fails, the second is not carried out. The statements are prepared, and their plans are kept.

A question is one statement, so its answer is of one instant.
"""

import contextlib
import queue
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, LiteralString

import psycopg

from genbo.governance.institutions import InstitutionId
from genbo.storage.viewing import LOOK

MOST = 8
"""Connections at once: more of them would wait for processors, not for answers."""

Row = tuple[Any, ...]


class Glances:
    """Connections that are used for glances alone. They are opened when they are needed."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Row]]) -> None:
        """`connect` opens a connection that commits by itself."""
        self._connect = connect
        self._idle: queue.LifoQueue[psycopg.Connection[Row] | None] = queue.LifoQueue()
        for _ in range(MOST):
            self._idle.put(None)

    def ask(
        self,
        institution: InstitutionId,
        question: LiteralString,
        values: dict[str, Any],
        *,
        at: datetime,
    ) -> list[Row]:
        """What the institution sees of the answer at the instant `at`.

        Raises:
            psycopg.Error: as the server says it, or because there is none.
        """
        with self._taken() as held:
            connection, fresh = held
            try:
                return _ask(connection, institution, question, values, at)
            except psycopg.OperationalError:
                connection.close()
                if fresh:
                    raise
        # It may have been lost while it was idle; with a new one it is tried once more.
        with self._taken() as held:
            connection, _ = held
            return _ask(connection, institution, question, values, at)

    def close(self) -> None:
        """Closes those that are idle; a later question opens new ones."""
        for _ in range(MOST):
            with contextlib.suppress(queue.Empty):
                connection = self._idle.get_nowait()
                if connection is not None:
                    connection.close()
                self._idle.put_nowait(None)

    @contextlib.contextmanager
    def _taken(self) -> Iterator[tuple[psycopg.Connection[Row], bool]]:
        """A connection for nobody else, and whether it was opened just now. One that met an error is not kept."""
        idle = self._idle.get()
        kept = None
        try:
            connection = self._connect() if idle is None else idle
            try:
                yield connection, idle is None
            except BaseException:
                connection.close()
                raise
            if not connection.closed:
                kept = connection
        finally:
            self._idle.put(kept)


def _ask(
    connection: psycopg.Connection[Row],
    institution: InstitutionId,
    question: LiteralString,
    values: dict[str, Any],
    at: datetime,
) -> list[Row]:
    # Between two synchronisations of a pipeline the server keeps one transaction, and with it what LOOK sets.
    with connection.pipeline():
        looked = connection.execute(LOOK, (institution, at.isoformat()), prepare=True)
        answer = connection.execute(question, values, prepare=True)
    looked.close()
    return answer.fetchall()
