"""Verdicts (確認結果): what a check of a person found (KYC, AML), on which evidence, and until when it holds.

Evidence is named by reference, never copied. A verdict is not edited; a later check is a later verdict, and the
latest one counts, also when it is worse. Taking one back (取消) is a verdict too: nothing holds from then on.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, select

from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import InvestorId, Reason, Refusal
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.tables import verdict as table
from genbo.storage.witness import vouch

_SECOND = timedelta(seconds=1)


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
    method: str | None = None
    """How the person was checked; None where only the result was taken over."""
    rule_version: str | None = None
    """Under which rules."""
    result_id: str | None = None
    """The result of a KYC provider that it rests on."""
    revokes: datetime | None = None
    """For one that takes back: the instant of the verdict that no longer holds."""

    @property
    def blocked(self) -> bool:
        """Neither sends nor receives."""
        return self.aml_class == "blocked"

    @property
    def until(self) -> datetime | None:
        """The first instant the investor may no longer hold; None when nothing holds."""
        return None if self.revokes is not None else self.expires_at


_COLUMNS = tuple(Verdict.__dataclass_fields__)


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
                {name: getattr(verdict, name) for name in _COLUMNS}
                | {"blocked": verdict.blocked, "recorded_at": at, "recorded_by": by}
                for verdict in verdicts
            ],
        )
        if added:
            taken_back = {
                (each.investor_id, each.checked_at) for each in verdicts if each.revokes is not None
            }
            AuditLog(self._connection).append(
                AuditEntry(
                    at=at,
                    action=AuditAction.VERDICT_REVOKED
                    if key in taken_back
                    else AuditAction.VERDICT_RECORDED,
                    actor=by,
                    subject=key[0],
                    rows=row,
                )
                for key, row in vouch(self._connection, table, ours).items()
                if key not in known
            )
        return added

    def revoke(
        self, investor: InvestorId, *, evidence_ref: str, at: datetime, by: str
    ) -> Verdict | None:
        """Takes back whatever the latest verdict lets the investor do; None when it was taken back already.

        Raises:
            Refusal: `verdict_missing`.
        """
        last = self.last([investor]).get(investor)
        if last is None:
            raise Refusal(Reason.VERDICT_MISSING, investor=investor)
        if last.revokes is not None:
            return None
        revoked_at = max(at, last.checked_at + _SECOND)
        taken_back = Verdict(
            investor_id=investor,
            checked_at=revoked_at,
            expires_at=max(last.expires_at, revoked_at + _SECOND),
            investor_class=last.investor_class,
            aml_class=last.aml_class,
            evidence_ref=evidence_ref,
            revokes=last.checked_at,
        )
        self.record([taken_back], at=at, by=by)
        return taken_back

    def latest(
        self, investors: Collection[InvestorId], *, at: datetime
    ) -> dict[InvestorId, Verdict]:
        """The last verdict before `at` of each investor that has one; it may have expired."""
        return self._by_investor(investors, table.c.checked_at < at)

    def last(self, investors: Collection[InvestorId]) -> dict[InvestorId, Verdict]:
        """The last verdict of each investor that has one, whenever it was; it may have expired."""
        return self._by_investor(investors)

    def ending(self, *, since: datetime, before: datetime) -> Iterator[Verdict]:
        """Latest verdicts that hold and run out from `since` on and before `before`, the first to end first."""
        later = table.alias("later")
        rows = self._connection.execute(
            select(table)
            .where(
                table.c.revokes.is_(None),
                table.c.expires_at >= since,
                table.c.expires_at < before,
                ~exists().where(
                    later.c.investor_id == table.c.investor_id,
                    later.c.checked_at > table.c.checked_at,
                ),
            )
            .order_by(table.c.expires_at, table.c.investor_id)
        )
        return map(_verdict, rows)

    def _by_investor(
        self, investors: Collection[InvestorId], *where: ColumnElement[bool]
    ) -> dict[InvestorId, Verdict]:
        rows = self._connection.execute(
            select(table)
            .where(bulk.among(table.c.investor_id, investors), *where)
            .order_by(table.c.checked_at)
        )
        # Later rows replace earlier ones.
        return {InvestorId(row.investor_id): _verdict(row) for row in rows}


def _verdict(row: Row[Any]) -> Verdict:
    return Verdict(**{name: row._mapping[name] for name in _COLUMNS})
