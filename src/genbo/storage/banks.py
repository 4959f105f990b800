"""Banks (金融機関): the master that codes in payee and settlement accounts must be found in."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from genbo.governance import AuditAction, AuditEntry
from genbo.masters import BankBranch, MemoryBankMaster
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.tables import bank, bank_branch


class Banks:
    """The bank master, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def load(self, branches: Sequence[BankBranch], *, at: datetime, by: str, source: str) -> None:
        """Adds banks and branches, and renames those that are there. None is removed: rows may refer to it.

        Args:
            source: digest of the file they come from, for the audit chain.
        """
        names = ("bank_name", "bank_name_kana")
        banks = {each.bank_code: each for each in branches}
        recorded = {"recorded_at": at, "recorded_by": by}
        for table, rows, changing in (
            (
                bank,
                [
                    {name: getattr(each, name) for name in ("bank_code", *names)} | recorded
                    for each in banks.values()
                ],
                names,
            ),
            (
                bank_branch,
                [
                    {
                        name: getattr(each, name)
                        for name in ("bank_code", "branch_code", "branch_name", "branch_name_kana")
                    }
                    | recorded
                    for each in branches
                ],
                ("branch_name", "branch_name_kana"),
            ),
        ):
            if not rows:
                continue
            with bulk.given(self._connection, table, list(rows[0]), rows) as these:
                given = select(*(these.new.c[name] for name in rows[0]))
                statement = insert(table).from_select(list(rows[0]), given)
                statement = statement.on_conflict_do_update(
                    index_elements=list(table.primary_key.columns),
                    set_={
                        name: statement.excluded[name]
                        for name in (*changing, "recorded_at", "recorded_by")
                    },
                )
                self._connection.execute(statement, these.parameters)
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=AuditAction.BANKS_LOADED,
                    actor=by,
                    facts={"banks": len(banks), "branches": len(branches), "source": source},
                )
            ]
        )

    def find(self, codes: Collection[tuple[str, str]]) -> dict[tuple[str, str], BankBranch]:
        """Those of the pairs of bank and branch code that there are."""
        wanted = set(codes)
        if not wanted:
            return {}
        joined = select(bank, bank_branch).join(
            bank_branch, bank.c.bank_code == bank_branch.c.bank_code
        )
        keys = func.unnest(
            sorted(code for code, _ in wanted), type_=bank.c.bank_code.type
        ).column_valued("code")
        rows = self._connection.execute(
            joined.where(bank.c.bank_code.in_(select(keys)))
            if len(wanted) > _FEW
            else joined.where(
                tuple_(bank_branch.c.bank_code, bank_branch.c.branch_code).in_(sorted(wanted))
            )
        )
        found = map(_branch, rows)
        return {
            key: each for each in found if (key := (each.bank_code, each.branch_code)) in wanted
        }

    def all(self) -> list[BankBranch]:
        """Every branch, by codes."""
        joined = select(bank, bank_branch).join(
            bank_branch, bank.c.bank_code == bank_branch.c.bank_code
        )
        ordered = joined.order_by(bank.c.bank_code, bank_branch.c.branch_code)
        return [_branch(row) for row in self._connection.execute(ordered)]

    def master(self, banks: Collection[str]) -> MemoryBankMaster:
        """The bank master as far as `banks` go, with all their branches: to ask about many accounts at once."""
        joined = select(bank, bank_branch).join(
            bank_branch, bank.c.bank_code == bank_branch.c.bank_code
        )
        wanted = set(banks)
        if not wanted:
            return MemoryBankMaster()
        rows = self._connection.execute(joined.where(bulk.among(bank.c.bank_code, wanted)))
        return MemoryBankMaster(_branch(row) for row in rows)


_FEW = 100
"""Pairs that may travel one by one; for more the branches of their banks are read."""


def _branch(row: Row[Any]) -> BankBranch:
    return BankBranch(
        bank_code=row.bank_code,
        bank_name=row.bank_name,
        bank_name_kana=row.bank_name_kana,
        branch_code=row.branch_code,
        branch_name=row.branch_name,
        branch_name_kana=row.branch_name_kana,
    )
