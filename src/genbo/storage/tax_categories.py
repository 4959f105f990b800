"""Tax categories (税区分) of investors who are taxed otherwise than an individual or a corporation is, by day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select

from genbo.entitlements import TaxCategory
from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import InvestorId, Reason, Refusal
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.tables import investor
from genbo.storage.tables import tax_category as table
from genbo.storage.witness import vouch


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCategory:
    """A category as it was recorded."""

    category: TaxCategory
    effective: date
    """For payments from that day on; the last one recorded for a day counts."""
    evidence_ref: str
    recorded_at: datetime
    recorded_by: str


class TaxCategories:
    """The categories, in one transaction. Versions are added and never edited."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(
        self,
        holder: InvestorId,
        category: TaxCategory,
        *,
        effective: date,
        evidence_ref: str,
        at: datetime,
        by: str,
    ) -> None:
        """Records what holds of an investor for payments from a day on.

        Args:
            evidence_ref: reference of the proof that somebody has seen, never its content.

        Raises:
            Refusal: `investor_unknown`; `field_missing` without a reference.
        """
        if not evidence_ref.strip():
            raise Refusal(Reason.FIELD_MISSING, field="evidence_ref")
        known = select(investor.c.investor_id).where(investor.c.investor_id == holder)
        if self._connection.scalar(known) is None:
            raise Refusal(Reason.INVESTOR_UNKNOWN, investor=holder)
        number = self._connection.scalar(
            insert(table)
            .values(
                investor_id=holder,
                category=category.value,
                effective=effective,
                evidence_ref=evidence_ref.strip(),
                recorded_at=at,
                recorded_by=by,
            )
            .returning(table.c.number)
        )
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=AuditAction.TAX_CATEGORY_RECORDED,
                    actor=by,
                    subject=holder,
                    facts={"category": category.value, "effective": effective.isoformat()},
                    rows=vouch(self._connection, table, table.c.number == number)[(number,)],
                )
            ]
        )

    def recorded(self, holder: InvestorId) -> list[RecordedCategory]:
        """What was recorded of an investor, in the order in which it was; none for one who is not there."""
        rows = self._connection.execute(
            select(table).where(table.c.investor_id == holder).order_by(table.c.number)
        )
        return [
            RecordedCategory(
                category=TaxCategory(row.category),
                effective=row.effective,
                evidence_ref=row.evidence_ref,
                recorded_at=row.recorded_at,
                recorded_by=row.recorded_by,
            )
            for row in rows
        ]

    def on(self, holders: Collection[InvestorId], day: date) -> dict[InvestorId, TaxCategory]:
        """What was recorded and holds for a payment on that day; investors without a record are left out."""
        rows = self._connection.execute(
            select(table.c.investor_id, table.c.category)
            .where(bulk.among(table.c.investor_id, holders), table.c.effective <= day)
            .order_by(table.c.effective, table.c.number)
        )
        return {InvestorId(row.investor_id): TaxCategory(row.category) for row in rows}
