"""Acts (処理記録): what was commanded, who approved it, what became of it on the chain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import Digest, ProductId, Reason, Reference
from genbo.storage.audit import AuditLog
from genbo.storage.tables import act as table
from genbo.storage.witness import vouch


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One command and its outcome. It names people by id only."""

    at: datetime
    command: str
    """What was to be done, such as `distribute`."""
    maker: str
    approvers: tuple[str, ...] = ()
    """Who approved it; never the maker."""
    product_id: ProductId | None = None
    ref: Reference | None = None
    reason: Reason | None = None
    """Why it was refused; None when it was done."""
    chain_id: int | None = None
    tx: Digest | None = None
    block: int | None = None
    gas: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Figures worth keeping; no personal data."""


class Acts:
    """The acts, in one transaction. They are added and never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, act: Act) -> int:
        """Keeps an act; returns its number."""
        number = self._connection.scalar(
            insert(table)
            .values(
                at=act.at,
                command=act.command,
                maker=act.maker,
                approvers=list(act.approvers),
                product_id=act.product_id,
                ref=act.ref,
                outcome="refused" if act.reason else "done",
                reason=act.reason.value if act.reason else None,
                chain_id=act.chain_id,
                tx=act.tx,
                block=act.block,
                gas=act.gas,
                facts=dict(act.facts),
            )
            .returning(table.c.act_id)
        )
        assert number is not None
        rows = vouch(self._connection, table, table.c.act_id == number)
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=act.at,
                    action=AuditAction.ACT_RECORDED,
                    actor=act.maker,
                    subject=act.ref,
                    product=act.product_id,
                    facts={"act": number, "outcome": "refused" if act.reason else "done"},
                    rows=rows[(number,)],
                )
            ]
        )
        return int(number)

    def all(self, product: ProductId | None = None) -> list[Act]:
        """The acts in the order they were kept, of one product or of all."""
        query = select(table).order_by(table.c.act_id)
        if product is not None:
            query = query.where(table.c.product_id == product)
        return [
            Act(
                at=row.at,
                command=row.command,
                maker=row.maker,
                approvers=tuple(row.approvers),
                product_id=row.product_id,
                ref=row.ref,
                reason=Reason(row.reason) if row.reason else None,
                chain_id=row.chain_id,
                tx=row.tx,
                block=row.block,
                gas=row.gas,
                facts=row.facts,
            )
            for row in self._connection.execute(query)
        ]
