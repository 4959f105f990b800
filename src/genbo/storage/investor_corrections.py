"""Corrections (訂正) of investors: what was entered wrongly is entered anew, and the audit chain says which columns."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import InvestorId, Reason, Refusal
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.blind_index import BlindIndex
from genbo.storage.investors import PERSONAL_FIELDS, Investor
from genbo.storage.tables import blind_index, use_restriction
from genbo.storage.tables import investor as table
from genbo.storage.vault import Place, Vault
from genbo.storage.witness import vouch

CORRECTABLE = ("kind", "safekeeping_kind", "safekeeping_id", "broker_customer_id", "custodian_id")
"""Columns that are open and are no judgement; status and classes are set by `Investors.judge`."""

_SEARCHED = ("corporate_number", "payee_account")
"""What of these columns an investor is found by; names have versions, and are found by each."""
_SEARCHED_COLUMNS = frozenset(
    {
        "corporate_number",
        "payee_bank_code",
        "payee_branch_code",
        "payee_account_kind",
        "payee_account_number",
    }
)
_COLUMNS = tuple(each.name for each in fields(Investor))


class InvestorCorrections:
    """Corrections, in one transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def some(self, investors: Collection[InvestorId]) -> dict[InvestorId, Investor]:
        """Those of `investors` that are registered, nothing of them opened."""
        rows = self._connection.execute(
            select(*(table.c[name] for name in _COLUMNS)).where(
                bulk.among(table.c.investor_id, investors)
            )
        )
        return {InvestorId(row.investor_id): Investor(**row._mapping) for row in rows}

    def restricted(self, investors: Collection[InvestorId]) -> dict[InvestorId, datetime]:
        """Those of `investors` whose data is kept for the law alone, and since when."""
        rows = self._connection.execute(
            select(use_restriction.c.investor_id, use_restriction.c.restricted_at).where(
                bulk.among(use_restriction.c.investor_id, investors)
            )
        )
        return {InvestorId(row.investor_id): row.restricted_at for row in rows}

    def numbers_taken(
        self, numbers: Collection[tuple[str, str]]
    ) -> dict[tuple[str, str], InvestorId]:
        """Whose each of `numbers` is, of those that are somebody's: broker and customer number (R-PROGMAT-T7.7)."""
        rows = self._connection.execute(
            select(table.c.safekeeping_id, table.c.broker_customer_id, table.c.investor_id).where(
                bulk.among(table.c.broker_customer_id, {number for _, number in numbers})
            )
        )
        return {
            key: InvestorId(row.investor_id)
            for row in rows
            if (key := (row.safekeeping_id, row.broker_customer_id)) in numbers
        }

    def correct(
        self,
        investor: InvestorId,
        values: Mapping[str, str | None],
        *,
        found_by: Mapping[str, str],
        at: datetime,
        by: str,
    ) -> None:
        """Puts `values` in the place of what these columns say; None empties one. Canonical values are the caller's to
        bring; what the columns say together is the database's to judge.

        Args:
            found_by: every sealed column that has a value afterwards, for whoever searches by one of them.

        Raises:
            Refusal: `investor_unknown`, for an erased one too; `field_unknown` for a column that is not corrected here.
        """
        for name in values:
            if name not in (*CORRECTABLE, *PERSONAL_FIELDS):
                raise Refusal(Reason.FIELD_UNKNOWN, field=name)
        sealer = self._vault.sealer(self._connection, [investor])
        stored = {
            name: sealer.seal(investor, Place(table="investor", column=name), value)
            if name in PERSONAL_FIELDS and value is not None
            else value
            for name, value in values.items()
        }
        self._connection.execute(
            update(table)
            .where(table.c.investor_id == investor)
            .values(**stored, updated_at=at, updated_by=by)
        )
        if not _SEARCHED_COLUMNS.isdisjoint(values):
            self._connection.execute(
                delete(blind_index).where(
                    blind_index.c.investor_id == investor, blind_index.c.field.in_(_SEARCHED)
                )
            )
            BlindIndex(self._connection, self._vault).add({investor: found_by})
        own = vouch(self._connection, table, table.c.investor_id == investor)[(investor,)]
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=AuditAction.INVESTOR_CORRECTED,
                    actor=by,
                    subject=investor,
                    facts={"set": sorted(values)},
                    rows=own,
                )
            ]
        )
