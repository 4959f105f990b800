"""Payee lines (支払明細): the rows that say how far each payment of a run is, by whichever way it is paid.

Whoever moves lines adds the entry about it in the same transaction: with the count, the sum and a digest of the lines
that were moved, without a row for each.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from genbo.entitlements import Payment, PaymentState, PaymentWay, Run
from genbo.governance import AuditAction, AuditEntry
from genbo.governance.audit import AuditFact
from genbo.kernel import Reason, Refusal
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.distributions import LINE, line_of
from genbo.storage.tables import payee_line

_STATE = ("state", "file_number", "settled_on", "way", "batch_number")
COLUMNS = (*(payee_line.c[name] for name in LINE), *(payee_line.c[name] for name in _STATE))
"""Columns of a payment, in the order in which `payment_of` takes them."""


class PayeeLines:
    """The lines of all runs, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(
        self,
        run: str,
        *,
        states: Collection[PaymentState] = (),
        numbers: Collection[int] | None = None,
        way: PaymentWay | None = None,
        holders: Collection[str] | None = None,
        after: int | None = None,
        most: int | None = None,
    ) -> list[Payment]:
        """As `Payments.payments`."""
        query = select(*COLUMNS).where(payee_line.c.distribution_id == run)
        if states:
            query = query.where(bulk.among(payee_line.c.state, [each.value for each in states]))
        if numbers is not None:
            query = query.where(bulk.among(payee_line.c.number, numbers))
        if way is not None:
            query = query.where(payee_line.c.way == way.value)
        if holders is not None:
            query = query.where(bulk.among(payee_line.c.holder, holders))
        if after is not None:
            query = query.where(payee_line.c.number > after)
        rows = self._connection.execute(query.order_by(payee_line.c.number).limit(most))
        return [payment_of(row) for row in rows]

    def require(
        self,
        run: Run,
        numbers: Collection[int],
        state: PaymentState,
        *,
        file: int | None = None,
        way: PaymentWay | None = None,
    ) -> list[Payment]:
        """The lines, held until the transaction ends, when each is in that state, and paid in that file and way.

        Raises:
            Refusal: `payment_line_unknown`, `payment_line_state`.
        """
        self._connection.execute(
            select(payee_line.c.number).where(*these(run, numbers)).with_for_update()
        )
        found = self.find(run.id, numbers=numbers)
        missing = set(numbers) - {each.line.number for each in found}
        for number in sorted(missing):
            raise Refusal(
                Reason.PAYMENT_LINE_UNKNOWN, line=number, distribution=run.id, problem=None
            )
        for each in found:
            other_way = way is not None and each.way is not way
            if each.state is not state or other_way or (file is not None and each.file != file):
                raise Refusal(
                    Reason.PAYMENT_LINE_STATE,
                    number=each.line.number,
                    distribution=run.id,
                    state=f"{each.state.value}: {each.way}" if other_way else each.state.value,
                    file=each.file,
                )
        return found

    def move(self, run: Run, numbers: Collection[int], **values: Any) -> None:
        """Changes how far lines are. Whoever does so adds the entry, by `audit`."""
        self._connection.execute(update(payee_line).where(*these(run, numbers)).values(values))

    def audit(
        self,
        run: Run,
        action: AuditAction,
        lines: Sequence[Payment],
        facts: Mapping[str, AuditFact],
        *,
        at: datetime,
        by: str,
        rows: Mapping[str, str] | None = None,
    ) -> None:
        """An entry that commits to which lines were changed, without a row for each."""
        told = "\n".join(f"{each.line.number} {each.line.due}" for each in lines)
        counted: dict[str, AuditFact] = {
            "payments": len(lines),
            "yen": sum(each.line.due for each in lines),
            "lines": hashlib.sha256(told.encode()).hexdigest(),
        }
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=action,
                    actor=by,
                    subject=run.id,
                    product=run.product,
                    facts={**facts, **counted},
                    rows=rows or {},
                )
            ]
        )


def these(run: Run, numbers: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    """The condition that picks these lines of a run."""
    return payee_line.c.distribution_id == run.id, bulk.among(payee_line.c.number, numbers)


def payment_of(row: Sequence[Any]) -> Payment:
    """A payment from `COLUMNS`, read by position."""
    state, file, settled, way, batch = row[-len(_STATE) :]
    return Payment(
        line=line_of(row[: -len(_STATE)]),
        state=_STATES[state],
        file=file,
        settled_on=settled,
        way=_WAYS[way],
        batch=batch,
    )


_STATES = {each.value: each for each in PaymentState}
_WAYS = {each.value: each for each in PaymentWay}
