"""Requests (依頼) with their answers: the same request under the same key is answered as it was, and done once."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert

from genbo.governance.institutions import InstitutionId
from genbo.kernel import Digest, Reason, Refusal
from genbo.storage import bulk
from genbo.storage.tables import request as table


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestKey:
    """What names a request, and what it asks."""

    institution: InstitutionId
    key: str
    """Its Idempotency-Key: the same words of another institution are another key."""
    route: str
    body: Digest
    """Of everything that it asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a request was answered."""

    status: int
    answer: Mapping[str, Any]
    """As JSON; ids and figures, no personal data."""


class Requests:
    """The requests that changed something, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, requests: Collection[RequestKey]) -> None:
        """Nobody else answers these until the transaction ends: of a hundred at once, one is done and the others find
        its answer."""
        locks = sorted({_lock(each) for each in requests})
        self._connection.execute(
            sql("SELECT pg_advisory_xact_lock(each) FROM unnest(CAST(:locks AS bigint[])) AS each"),
            {"locks": locks},
        )

    def answered(self, requests: Sequence[RequestKey]) -> list[Answered | Refusal | None]:
        """What each was answered before; None for one that was not, and `command_key_reused` for a key under which
        something else was asked."""
        rows = self._connection.execute(
            select(table).where(
                bulk.among(table.c.key, {each.key for each in requests}),
                bulk.among(table.c.institution_id, {each.institution for each in requests}),
            )
        )
        found = {(row.institution_id, row.key): row for row in rows}
        answers: list[Answered | Refusal | None] = []
        for each in requests:
            row = found.get((each.institution, each.key))
            if row is None:
                answers.append(None)
            elif (row.route, row.body_digest) != (each.route, each.body):
                answers.append(Refusal(Reason.COMMAND_KEY_REUSED, key=each.key, command=None))
            else:
                answers.append(Answered(status=row.status, answer=row.answer))
        return answers

    def keep(self, answers: Sequence[tuple[RequestKey, Answered]], *, at: datetime) -> None:
        """Keeps what was answered."""
        if answers:
            self._connection.execute(
                insert(table),
                [
                    {
                        "institution_id": each.institution,
                        "key": each.key,
                        "route": each.route,
                        "body_digest": each.body,
                        "status": answered.status,
                        "answer": dict(answered.answer),
                        "answered_at": at,
                    }
                    for each, answered in answers
                ],
            )


def _lock(request: RequestKey) -> int:
    named = f"genbo request\n{request.institution}\n{request.key}".encode()
    return int.from_bytes(hashlib.sha256(named).digest()[:8], "big", signed=True)
