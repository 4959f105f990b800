"""Books that were compared (帳簿の照合) and difference cases (差異調査), each change with its entry.

The tables are closed to whoever looks as an institution: each question says itself whose rows it wants.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.audit import AuditFact
from genbo.governance.institutions import InstitutionId
from genbo.kernel import Address, BlockStamp, Digest, InvestorId, ProductId, Units
from genbo.reconciliation.book import Apart
from genbo.reconciliation.case import CaseState, Cause, DifferenceCase
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.tables import book_check, difference_case
from genbo.storage.witness import vouch


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A difference, and the case that it became or that stood for it already."""

    apart: Apart
    case: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookCheck:
    """A book that was compared. Never edited."""

    id: str
    institution: InstitutionId
    product: ProductId
    as_of: datetime | None
    """The instant that was asked for; None where it was a block."""
    block: BlockStamp
    """The last block that counts."""
    lines: int
    digest: Digest
    """Of the book."""
    differences: Sequence[Found]
    checked_at: datetime
    checked_by: str


class BookChecks:
    """The comparisons, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, check: BookCheck) -> None:
        """Keeps a comparison; `find` has told that it is new.

        The cases of its differences come after it, for each names the comparison that found it.
        """
        self._connection.execute(
            insert(book_check).values(
                check_id=check.id,
                institution_id=check.institution,
                product_id=check.product,
                as_of=check.as_of,
                **_of_block(check.block),
                lines=check.lines,
                digest=check.digest,
                differences=[_as_json(each) for each in check.differences],
                checked_at=check.checked_at,
                checked_by=check.checked_by,
            )
        )
        _audit(
            self._connection,
            book_check,
            check.id,
            AuditAction.BOOK_CHECKED,
            product=check.product,
            facts={
                "institution": check.institution,
                "block": check.block.number,
                "lines": check.lines,
                "differences": len(check.differences),
            },
            at=check.checked_at,
            by=check.checked_by,
        )

    def find(self, check: str) -> BookCheck | None:
        """The comparison of that id."""
        row = self._connection.execute(
            select(book_check).where(book_check.c.check_id == check)
        ).one_or_none()
        return None if row is None else _check(row)


class DifferenceCases:
    """The cases, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # Writing -------------------------------------------------------------------------------------

    def open(self, cases: Sequence[DifferenceCase], *, by: str) -> None:
        """Keeps cases that are new; `standing` has told which of them are."""
        for case in cases:
            self._connection.execute(
                insert(difference_case).values(
                    case_id=case.id,
                    check_id=case.check,
                    institution_id=case.institution,
                    custodian_id=case.custodian,
                    registrar_id=case.registrar,
                    product_id=case.product,
                    holder=case.holder,
                    investor_id=case.investor,
                    register_units=case.register,
                    book_units=case.book,
                    **_of_block(case.block),
                    opened_at=case.opened_at,
                    due_at=case.due_at,
                    state=case.state.value,
                )
            )
            self._tell(case, AuditAction.CASE_OPENED, at=case.opened_at, by=by)

    def escalate(self, case: DifferenceCase) -> DifferenceCase:
        """Keeps that a case was escalated."""
        assert case.escalated_at is not None
        assert case.escalated_by is not None
        values = {
            "state": case.state.value,
            "escalated_at": case.escalated_at,
            "escalated_by": case.escalated_by,
        }
        self._change(case, values)
        self._tell(case, AuditAction.CASE_ESCALATED, at=case.escalated_at, by=case.escalated_by)
        return case

    def close(self, case: DifferenceCase) -> DifferenceCase:
        """Keeps that a case was closed."""
        assert case.closed_at is not None
        assert case.closed_by is not None
        values = {
            "state": case.state.value,
            "cause": case.cause,
            "evidence": case.evidence,
            "closed_at": case.closed_at,
            "closed_by": case.closed_by,
        }
        self._change(case, values)
        self._tell(case, AuditAction.CASE_CLOSED, at=case.closed_at, by=case.closed_by)
        return case

    # Questions -----------------------------------------------------------------------------------

    def standing(
        self, institution: InstitutionId, product: ProductId
    ) -> Mapping[tuple[str, int, int], str]:
        """Cases of the firm's book that nobody has closed: holder and both numbers to their ids. Nobody else opens one
        of the firm's until the transaction ends."""
        _hold(self._connection, institution, product)
        table = difference_case
        rows = self._connection.execute(
            select(
                table.c.case_id, table.c.holder, table.c.register_units, table.c.book_units
            ).where(
                table.c.institution_id == institution,
                table.c.product_id == product,
                table.c.closed_at.is_(None),
            )
        )
        return {(row.holder, row.register_units, row.book_units): row.case_id for row in rows}

    def get(
        self, case: str, *, of: InstitutionId | None = None, to_change: bool = False
    ) -> DifferenceCase | None:
        """The case of that id; None also for one that `of` does not see. With `to_change` nobody else changes it until
        the transaction ends."""
        query = select(difference_case).where(difference_case.c.case_id == case)
        if of is not None:
            query = query.where(_seen_by(of))
        row = self._connection.execute(query.with_for_update() if to_change else query)
        found = row.one_or_none()
        return None if found is None else _case(found)

    def of(
        self,
        institution: InstitutionId,
        *,
        states: Collection[CaseState] = (),
        product: ProductId | None = None,
        after: tuple[datetime, str] | None = None,
        most: int,
    ) -> list[DifferenceCase]:
        """Cases that the institution sees, the oldest first.

        Args:
            states: only those; empty: all.
            after: when the row before was opened, and its id.
        """
        table = difference_case
        query = select(table).where(_seen_by(institution))
        if states:
            query = query.where(bulk.among(table.c.state, [each.value for each in states]))
        if product is not None:
            query = query.where(table.c.product_id == product)
        key = tuple_(table.c.opened_at, table.c.case_id)
        if after is not None:
            query = query.where(key > tuple_(*after))
        rows = self._connection.execute(query.order_by(*key).limit(most))
        return [_case(row) for row in rows]

    def overdue(self, at: datetime, *, most: int) -> list[DifferenceCase]:
        """Open cases whose deadline has passed, for a change: one that somebody else is changing is left out."""
        table = difference_case
        rows = self._connection.execute(
            select(table)
            .where(table.c.state == CaseState.OPEN.value, table.c.due_at <= at)
            .order_by(table.c.due_at, table.c.case_id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        return [_case(row) for row in rows]

    # Inside --------------------------------------------------------------------------------------

    def _change(self, case: DifferenceCase, values: dict[str, Any]) -> None:
        table = difference_case
        self._connection.execute(update(table).where(table.c.case_id == case.id).values(**values))

    def _tell(self, case: DifferenceCase, action: AuditAction, *, at: datetime, by: str) -> None:
        """The entry says all that those whom it concerns are told."""
        facts: dict[str, AuditFact] = {
            "check": case.check,
            "institution": case.institution,
            "custodian": case.custodian,
            "registrar": case.registrar,
            "holder": case.holder,
            "register": str(case.register),
            "book": str(case.book),
            "block": case.block.number,
            "due_at": case.due_at.isoformat(),
            "cause": case.cause and case.cause.value,
            "evidence": case.evidence,
        }
        _audit(
            self._connection,
            difference_case,
            case.id,
            action,
            product=case.product,
            facts={name: fact for name, fact in facts.items() if fact is not None},
            at=at,
            by=by,
        )


def _hold(connection: Connection, institution: InstitutionId, product: ProductId) -> None:
    name = f"book/{institution}/{product}"
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


def _seen_by(institution: InstitutionId) -> ColumnElement[bool]:
    table = difference_case
    return or_(
        table.c.institution_id == institution,
        table.c.custodian_id == institution,
        table.c.registrar_id == institution,
    )


def _of_block(block: BlockStamp) -> dict[str, Any]:
    return {
        "chain_id": block.chain_id,
        "block_number": block.number,
        "block_hash": block.hash,
        "block_at": block.at,
    }


def _block(row: Row[Any]) -> BlockStamp:
    return BlockStamp(row.chain_id, row.block_number, row.block_hash, row.block_at)


def _as_json(found: Found) -> dict[str, str]:
    apart = found.apart
    return {
        "holder": apart.holder,
        "investor": apart.investor,
        "register": str(apart.register),
        "book": str(apart.book),
        "case": found.case,
    }


def _check(row: Row[Any]) -> BookCheck:
    return BookCheck(
        id=row.check_id,
        institution=InstitutionId(row.institution_id),
        product=ProductId(row.product_id),
        as_of=row.as_of,
        block=_block(row),
        lines=row.lines,
        digest=Digest(row.digest),
        differences=[
            Found(
                apart=Apart(
                    holder=_holder(each["holder"]),
                    investor=InvestorId(each["investor"]),
                    register=Units(int(each["register"])),
                    book=Units(int(each["book"])),
                ),
                case=each["case"],
            )
            for each in row.differences
        ],
        checked_at=row.checked_at,
        checked_by=row.checked_by,
    )


def _case(row: Row[Any]) -> DifferenceCase:
    return DifferenceCase(
        id=row.case_id,
        check=row.check_id,
        institution=InstitutionId(row.institution_id),
        custodian=None if row.custodian_id is None else InstitutionId(row.custodian_id),
        registrar=InstitutionId(row.registrar_id),
        product=ProductId(row.product_id),
        holder=_holder(row.holder),
        investor=InvestorId(row.investor_id),
        register=Units(row.register_units),
        book=Units(row.book_units),
        block=_block(row),
        opened_at=row.opened_at,
        due_at=row.due_at,
        state=CaseState(row.state),
        escalated_at=row.escalated_at,
        escalated_by=row.escalated_by,
        cause=None if row.cause is None else Cause(row.cause),
        evidence=None if row.evidence is None else Digest(row.evidence),
        closed_at=row.closed_at,
        closed_by=row.closed_by,
    )


def _holder(text: str) -> InvestorId | Address:
    return Address(text) if text.startswith("0x") and len(text) == 42 else InvestorId(text)


def _audit(
    connection: Connection,
    table: Table,
    key: str,
    action: AuditAction,
    *,
    product: ProductId,
    facts: Mapping[str, AuditFact],
    at: datetime,
    by: str,
) -> None:
    (column,) = table.primary_key.columns
    AuditLog(connection).append(
        [
            AuditEntry(
                at=at,
                action=action,
                actor=by,
                subject=key,
                product=product,
                facts=facts,
                rows=vouch(connection, table, column == key)[(key,)],
            )
        ]
    )
