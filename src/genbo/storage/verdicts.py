"""Verdicts (確認結果): what a check of a person found (KYC, AML), on which evidence, and until when it holds.

Evidence is named by reference, never copied. A verdict is not edited; a later check is a later verdict, and the
latest one counts, also when it is worse.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import InvestorId
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.tables import verdict as table
from genbo.storage.witness import vouch


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome of one check."""

    investor_id: InvestorId
    checked_at: datetime
    expires_at: datetime
    """The first instant it no longer holds."""
    investor_class: int
    aml_class: str
    """AML区分: `clear`, `review` or `blocked`."""
    evidence_ref: str

    @property
    def blocked(self) -> bool:
        """Neither sends nor receives."""
        return self.aml_class == "blocked"


class Verdicts:
    """The verdicts, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, verdicts: Sequence[Verdict], *, at: datetime, by: str) -> int:
        """Adds verdicts; returns how many were new (one investor has one verdict of an instant)."""
        ours = bulk.among(table.c.investor_id, {each.investor_id for each in verdicts})
        known = {
            tuple(row) for row in self._connection.execute(select(*table.primary_key).where(ours))
        }
        added = bulk.insert_new(
            self._connection,
            table,
            [
                {
                    "investor_id": verdict.investor_id,
                    "checked_at": verdict.checked_at,
                    "expires_at": verdict.expires_at,
                    "investor_class": verdict.investor_class,
                    "aml_class": verdict.aml_class,
                    "blocked": verdict.blocked,
                    "evidence_ref": verdict.evidence_ref,
                    "recorded_at": at,
                    "recorded_by": by,
                }
                for verdict in verdicts
            ],
        )
        if added:
            AuditLog(self._connection).append(
                AuditEntry(
                    at=at,
                    action=AuditAction.VERDICT_RECORDED,
                    actor=by,
                    subject=key[0],
                    rows=row,
                )
                for key, row in vouch(self._connection, table, ours).items()
                if key not in known
            )
        return added

    def latest(
        self, investors: Collection[InvestorId], *, at: datetime
    ) -> dict[InvestorId, Verdict]:
        """The last verdict before `at` of each investor that has one; it may have expired."""
        rows = self._connection.execute(
            select(table)
            .where(bulk.among(table.c.investor_id, investors), table.c.checked_at < at)
            .order_by(table.c.checked_at)
        )
        # Later rows replace earlier ones.
        return {
            InvestorId(row.investor_id): Verdict(
                investor_id=InvestorId(row.investor_id),
                checked_at=row.checked_at,
                expires_at=row.expires_at,
                investor_class=row.investor_class,
                aml_class=row.aml_class,
                evidence_ref=row.evidence_ref,
            )
            for row in rows
        }
