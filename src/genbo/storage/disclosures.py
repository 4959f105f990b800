"""Disclosures (投資家情報の開示): which issuer may read the names of a product's holders, why, until when.

What is proposed here discloses nothing; the policies of the database open names from the approval on.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, Select, select, update
from sqlalchemy.dialects.postgresql import insert

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.institutions import (
    DecidedDisclosure,
    Disclosure,
    DisclosureId,
    InstitutionId,
    require_approvable,
)
from genbo.kernel import InvestorId, ProductId, Reason, Refusal
from genbo.storage import bulk
from genbo.storage.audit import AuditLog
from genbo.storage.tables import disclosure as table
from genbo.storage.tables import wallet
from genbo.storage.witness import vouch


class Disclosures:
    """The disclosures, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def propose(self, proposed: DecidedDisclosure) -> None:
        """Keeps what `propose_disclosure` found to be proper.

        Raises:
            Refusal: `disclosure_exists`.
        """
        told = proposed.disclosure
        added = self._connection.execute(
            insert(table)
            .values(
                disclosure_id=proposed.id,
                product_id=told.product,
                registrar_id=told.by,
                issuer_id=told.to,
                purpose=told.purpose,
                basis=told.basis,
                valid_from=proposed.valid_from,
                valid_until=proposed.valid_until,
                maker=proposed.maker,
                made_at=proposed.made_at,
            )
            .on_conflict_do_nothing(index_elements=[table.c.disclosure_id])
            .returning(table.c.disclosure_id)
        ).one_or_none()
        if added is None:
            raise Refusal(Reason.DISCLOSURE_EXISTS, disclosure=proposed.id)
        self._audit(
            AuditAction.DISCLOSURE_PROPOSED, proposed, at=proposed.made_at, by=proposed.maker
        )

    def approve(self, disclosure: DisclosureId, *, at: datetime, by: str) -> DecidedDisclosure:
        """Puts it in force.

        Raises:
            Refusal: `disclosure_unknown`; as `require_approvable`.
        """
        proposed = self._one(self._of(disclosure).with_for_update(), disclosure)
        require_approvable(proposed, at=at, by=by)
        return self._change(
            proposed,
            {"approver": by, "approved_at": at},
            AuditAction.DISCLOSURE_APPROVED,
            at=at,
            by=by,
        )

    def end(self, disclosure: DisclosureId, *, at: datetime, by: str) -> DecidedDisclosure:
        """Ends it before its time, or withdraws what was proposed. One person is enough: it only takes away.

        Raises:
            Refusal: `disclosure_unknown`; `disclosure_not_open` when it has ended.
        """
        standing = self._one(self._of(disclosure).with_for_update(), disclosure)
        if (state := standing.state(at)) == "ended":
            raise Refusal(Reason.DISCLOSURE_NOT_OPEN, disclosure=disclosure, state=state)
        return self._change(
            standing,
            {"ended_by": by, "ended_at": at},
            AuditAction.DISCLOSURE_ENDED,
            at=at,
            by=by,
        )

    def use(
        self, to: InstitutionId, investors: Collection[InvestorId], *, at: datetime, by: str
    ) -> None:
        """Notes under which disclosures names of `investors` were opened for an issuer."""
        query = (
            select(table.c.disclosure_id)
            .join(wallet, wallet.c.product_id == table.c.product_id)
            .where(
                table.c.issuer_id == to,
                table.c.approved_at.is_not(None),
                table.c.ended_at.is_(None),
                table.c.valid_from <= at,
                table.c.valid_until > at,
                bulk.among(wallet.c.investor_id, investors),
            )
            .distinct()
        )
        for name in sorted(self._connection.scalars(query)):
            used = self.get(DisclosureId(name))
            facts = {"investors": len(investors)}
            self._audit(AuditAction.DISCLOSURE_USED, used, at=at, by=by, more=facts)

    # Questions -----------------------------------------------------------------------------------

    def get(self, disclosure: DisclosureId) -> DecidedDisclosure:
        """The disclosure with that id.

        Raises:
            Refusal: `disclosure_unknown`.
        """
        return self._one(self._of(disclosure), disclosure)

    def all(self) -> list[DecidedDisclosure]:
        """Every disclosure, in the order in which they were proposed."""
        query = select(table).order_by(table.c.made_at, table.c.disclosure_id)
        return [_decided(row) for row in self._connection.execute(query)]

    def holding(self, to: InstitutionId, *, at: datetime) -> list[Disclosure]:
        """The disclosures to an issuer that hold at that instant."""
        query = select(table).where(table.c.issuer_id == to).order_by(table.c.disclosure_id)
        decided = [_decided(row) for row in self._connection.execute(query)]
        return [each.disclosure for each in decided if each.holds(at)]

    # Inside --------------------------------------------------------------------------------------

    def _of(self, disclosure: DisclosureId) -> Select[Any]:
        return select(table).where(table.c.disclosure_id == disclosure)

    def _one(self, query: Select[Any], disclosure: DisclosureId) -> DecidedDisclosure:
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise Refusal(Reason.DISCLOSURE_UNKNOWN, disclosure=disclosure)
        return _decided(row)

    def _change(
        self,
        decided: DecidedDisclosure,
        values: dict[str, object],
        action: AuditAction,
        *,
        at: datetime,
        by: str,
    ) -> DecidedDisclosure:
        self._connection.execute(
            update(table).where(table.c.disclosure_id == decided.id).values(values)
        )
        self._audit(action, decided, at=at, by=by)
        return self.get(decided.id)

    def _audit(
        self,
        action: AuditAction,
        decided: DecidedDisclosure,
        *,
        at: datetime,
        by: str,
        more: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        rows = vouch(self._connection, table, table.c.disclosure_id == decided.id)[(decided.id,)]
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=at,
                    action=action,
                    actor=by,
                    subject=decided.id,
                    product=decided.disclosure.product,
                    facts={"to": decided.disclosure.to, "basis": str(decided.disclosure.basis)}
                    | dict(more),
                    rows=rows,
                )
            ]
        )


def _decided(row: Row[Any]) -> DecidedDisclosure:
    return DecidedDisclosure(
        id=DisclosureId(row.disclosure_id),
        disclosure=Disclosure(
            product=ProductId(row.product_id),
            by=InstitutionId(row.registrar_id),
            to=InstitutionId(row.issuer_id),
            purpose=row.purpose,
            basis=row.basis,
        ),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        maker=row.maker,
        made_at=row.made_at,
        approver=row.approver,
        approved_at=row.approved_at,
        ended_by=row.ended_by,
        ended_at=row.ended_at,
    )
