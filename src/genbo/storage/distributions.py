"""Distributions (分配): runs with their payee lines, from the draft to the decision of somebody else."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, select, union, update
from sqlalchemy.dialects.postgresql import insert

from genbo.entitlements import (
    Hold,
    PayeeLine,
    PaymentState,
    PaymentWay,
    PerUnit,
    Run,
    RunState,
    TaxCategory,
    Totals,
    YenToken,
)
from genbo.governance import AuditAction, AuditEntry
from genbo.kernel import Address, Digest, ProductId, Reason, Refusal, Units
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.tables import distribution as table
from genbo.storage.tables import payee_line
from genbo.storage.witness import vouch

LINE = (
    *("number", "holder", "units", "category", "income", "capital"),
    *("income_tax", "local_tax", "points", "due", "hold"),
)
"""Columns of a payee line, in the order in which `line_of` takes them."""
_SUMS = ("income", "capital", "income_tax", "local_tax", "points")


class Distributions:
    """The runs, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Writing -------------------------------------------------------------------------------------

    def declare(self, run: Run, lines: Sequence[PayeeLine]) -> Run:
        """Keeps a draft with its lines; the same once more changes nothing, and gives what is stored.

        Raises:
            Refusal: `distribution_exists` when its id stands for something else; `distribution_unknown`,
                `distribution_not_open` or `distribution_corrected` for the run that it corrects.
        """
        if run.corrects is not None:
            self._require_correctable(run.corrects, by=run.id)
        sums = run.totals
        added = self._connection.execute(
            insert(table)
            .values(
                distribution_id=run.id,
                product_id=run.product,
                record_day=run.record_day,
                payment_day=run.payment_day,
                corrects=run.corrects,
                why=run.why,
                state=run.state.value,
                income=run.amounts.income,
                capital=run.amounts.capital,
                points=run.amounts.points,
                payees=sums.payees,
                units=sums.units,
                **{f"{name}_sum": getattr(sums, name) for name in _SUMS},
                to_pay=sums.to_pay,
                to_reclaim=sums.to_reclaim,
                remainder=sums.remainder,
                digest=run.digest,
                root=run.root,
                command_id=run.command,
                made_at=run.made_at,
                maker=run.maker,
                **_columns(run.token),
            )
            .on_conflict_do_nothing(index_elements=[table.c.distribution_id])
            .returning(table.c.distribution_id)
        ).one_or_none()
        if added is None:
            stored = self.get(run.id)
            if (stored.root, stored.command) != (run.root, run.command):
                raise Refusal(Reason.DISTRIBUTION_EXISTS, distribution=run.id)
            return stored
        way = PaymentWay.BANK if run.token is None else PaymentWay.TOKEN
        bulk.insert_new(
            self._connection,
            payee_line,
            [
                {
                    "distribution_id": run.id,
                    "number": each.number,
                    "holder": each.holder,
                    "units": each.units,
                    "category": each.category.value,
                    "income": each.income,
                    "capital": each.capital,
                    "income_tax": each.income_tax,
                    "local_tax": each.local_tax,
                    "points": each.points,
                    "due": each.due,
                    "state": PaymentState.WAITING.value,
                    "hold": None if each.hold is None else each.hold.value,
                    "way": way.value,
                }
                for each in lines
            ],
        )
        facts: dict[str, Any] = {
            "payees": sums.payees,
            "to_pay": sums.to_pay,
            "to_reclaim": sums.to_reclaim,
            "corrects": run.corrects,
        }
        self._audit(run, AuditAction.DISTRIBUTION_DECLARED, facts, at=run.made_at, by=run.maker)
        return run

    def approve(self, run: str, *, at: datetime, by: str) -> Run:
        """Lets the lines of a draft be paid, but for those that are put aside.

        Raises:
            Refusal: `distribution_unknown`, `distribution_not_open`; `same_person` for its maker.
        """
        draft = self._draft(run)
        if draft.maker == by:
            raise Refusal(Reason.SAME_PERSON, account=by, role="approver", other="maker")
        state = case(
            (payee_line.c.due < 0, PaymentState.RECLAIM.value),
            (payee_line.c.due == 0, PaymentState.NOTHING.value),
            (payee_line.c.hold.is_(None), PaymentState.PAYABLE.value),
            else_=PaymentState.HELD.value,
        )
        return self._decide(
            draft, RunState.APPROVED, state, AuditAction.DISTRIBUTION_APPROVED, at=at, by=by
        )

    def reject(self, run: str, *, at: datetime, by: str) -> Run:
        """Turns a draft down, or takes it back.

        Raises:
            Refusal: `distribution_unknown`, `distribution_not_open`.
        """
        void = PaymentState.VOID.value
        return self._decide(
            self._draft(run),
            RunState.REJECTED,
            void,
            AuditAction.DISTRIBUTION_REJECTED,
            at=at,
            by=by,
        )

    # Questions -----------------------------------------------------------------------------------

    def get(self, run: str, *, to_change: bool = False) -> Run:
        """The run with that id; with `to_change` nobody else changes it until the transaction ends.

        Raises:
            Refusal: `distribution_unknown`.
        """
        query = select(table).where(table.c.distribution_id == run)
        row = self._connection.execute(query.with_for_update() if to_change else query)
        if (found := row.one_or_none()) is None:
            raise Refusal(Reason.DISTRIBUTION_UNKNOWN, distribution=run)
        return self._run(found)

    def all(self, product: ProductId | None = None) -> list[Run]:
        """Every run, or every one of a product, in the order in which they were made."""
        query = select(table).order_by(table.c.made_at, table.c.distribution_id)
        if product is not None:
            query = query.where(table.c.product_id == product)
        return [self._run(row) for row in self._connection.execute(query)]

    def lines(self, run: str, *, holders: Collection[str] | None = None) -> list[PayeeLine]:
        """The payee lines of a run, by number; none for one that is not there.

        Args:
            holders: only theirs.
        """
        query = select(*(payee_line.c[name] for name in LINE)).where(
            payee_line.c.distribution_id == run
        )
        if holders is not None:
            query = query.where(bulk.among(payee_line.c.holder, holders))
        rows = self._connection.execute(query.order_by(payee_line.c.number))
        return [line_of(row) for row in rows]

    def holders(self, runs: Collection[str], *, after: str | None, most: int) -> list[str]:
        """Who is paid by any of these runs, in the database's own order: those behind `after`, so many at most."""
        parts = []
        for run in runs:  # each from its own index, and no more of each than of all
            part = select(payee_line.c.holder).where(payee_line.c.distribution_id == run)
            if after is not None:
                part = part.where(payee_line.c.holder > after)
            parts.append(part.order_by(payee_line.c.holder).limit(most))
        if not parts:
            return []
        both = union(*(select(part.subquery()) for part in parts)).subquery()
        query = select(both.c.holder).order_by(both.c.holder).limit(most)
        return list(self._connection.scalars(query))

    # Inside --------------------------------------------------------------------------------------

    def _draft(self, run: str) -> Run:
        found = self.get(run, to_change=True)
        if found.state is not RunState.DRAFT:
            raise Refusal(Reason.DISTRIBUTION_NOT_OPEN, distribution=run, state=found.state.value)
        return found

    def _require_correctable(self, run: str, *, by: str) -> None:
        found = self.get(run, to_change=True)
        if found.state is not RunState.APPROVED:
            raise Refusal(
                Reason.DISTRIBUTION_NOT_OPEN,
                distribution=run,
                state=found.state.value,
                needed="only an approved run is corrected",
            )
        other = self._connection.scalar(
            select(table.c.distribution_id).where(
                table.c.corrects == run,
                table.c.state != RunState.REJECTED.value,
                table.c.distribution_id != by,
            )
        )
        if other is not None:
            raise Refusal(Reason.DISTRIBUTION_CORRECTED, distribution=run, by=other)

    def _decide(
        self,
        draft: Run,
        state: RunState,
        of_lines: Any,
        action: AuditAction,
        *,
        at: datetime,
        by: str,
    ) -> Run:
        self._connection.execute(
            update(table)
            .where(table.c.distribution_id == draft.id)
            .values(state=state.value, decided_at=at, decided_by=by)
        )
        self._connection.execute(
            update(payee_line)
            .where(payee_line.c.distribution_id == draft.id)
            .values(state=of_lines)
        )
        decided = self.get(draft.id)
        self._audit(decided, action, {"payees": draft.totals.payees}, at=at, by=by)
        return decided

    def _run(self, row: Row[Any]) -> Run:
        return Run(
            id=row.distribution_id,
            product=ProductId(row.product_id),
            record_day=row.record_day,
            payment_day=row.payment_day,
            amounts=PerUnit(income=row.income, capital=row.capital, points=row.points),
            totals=Totals(
                payees=row.payees,
                units=Units(row.units),
                **{name: row._mapping[f"{name}_sum"] for name in _SUMS},
                to_pay=row.to_pay,
                to_reclaim=row.to_reclaim,
                remainder=row.remainder,
            ),
            digest=Digest(row.digest),
            root=Digest(row.root),
            why=row.why,
            maker=row.maker,
            made_at=row.made_at,
            command=row.command_id,
            token=token_of(row.cash, row.cash_chain_id, row.cash_decimals, row.payer),
            corrects=row.corrects,
            state=RunState(row.state),
            decided_by=row.decided_by,
            decided_at=row.decided_at,
        )

    def _audit(
        self, run: Run, action: AuditAction, facts: dict[str, Any], *, at: datetime, by: str
    ) -> None:
        rows = vouch(self._connection, table, table.c.distribution_id == run.id)[(run.id,)]
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=action,
                    actor=by,
                    subject=run.id,
                    product=run.product,
                    command=run.command,
                    facts={**facts, "digest": run.digest, "root": run.root},
                    rows=rows,
                )
            ]
        )


def _columns(token: YenToken | None) -> dict[str, Any]:
    """The yen token as the columns of a run."""
    if token is None:
        return {}
    return {
        "cash": token.cash,
        "cash_chain_id": token.chain_id,
        "cash_decimals": token.decimals,
        "payer": token.payer,
    }


def token_of(
    cash: str | None, chain_id: int | None, decimals: int | None, payer: str | None
) -> YenToken | None:
    """The yen token that these columns name, all or none of which are there."""
    if cash is None or chain_id is None or decimals is None or payer is None:
        return None
    return YenToken(chain_id=chain_id, cash=Address(cash), decimals=decimals, payer=Address(payer))


def line_of(row: Sequence[Any]) -> PayeeLine:
    """A payee line from the columns `LINE`, read by position: there may be a hundred thousand."""
    number, holder, units, category, income, capital, *rest = row
    income_tax, local_tax, points, due, hold = rest
    return PayeeLine(
        number=number,
        holder=holder,
        units=Units(units),
        category=_CATEGORIES[category],
        income=income,
        capital=capital,
        income_tax=income_tax,
        local_tax=local_tax,
        points=points,
        due=due,
        hold=None if hold is None else Hold(hold),
    )


_CATEGORIES = {each.value: each for each in TaxCategory}
