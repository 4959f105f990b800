"""Inspections (閲覧記録) in the database. A row is added and never changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select

from genbo.governance import AuditAction, AuditEntry
from genbo.governance.inspection import Inspection, InspectionRequest
from genbo.governance.institutions import InstitutionId
from genbo.kernel import Digest, InvestorId, ProductId
from genbo.storage.audit import AuditLog
from genbo.storage.tables import inspection as table
from genbo.storage.witness import vouch


class Inspections:
    """The inspections, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, made: Inspection) -> None:
        """Keeps that a document was issued."""
        self._connection.execute(
            insert(table).values(
                inspection_id=made.id,
                kind=made.kind,
                product_id=made.product,
                investor_id=made.investor,
                extent=made.extent,
                institution_id=made.institution,
                as_of=made.as_of,
                block=made.block,
                facts_digest=made.facts_digest,
                lots=made.lots,
                form=made.form,
                language=made.language,
                requester=made.request.requester,
                purpose=made.purpose,
                reason=made.request.reason,
                at=made.at,
                by=made.by,
            )
        )
        action = (
            AuditAction.CERTIFICATE_ISSUED
            if made.kind == "certificate"
            else AuditAction.REGISTER_ISSUED
        )
        AuditLog(self._connection).append(
            [
                AuditEntry(
                    at=made.at,
                    action=action,
                    actor=made.by,
                    subject=made.id,
                    product=made.product,
                    facts={
                        "extent": made.extent,
                        "requester": made.request.requester,
                        "facts_digest": str(made.facts_digest),
                        "lots": made.lots,
                    },
                    rows=vouch(self._connection, table, table.c.inspection_id == made.id)[
                        (made.id,)
                    ],
                )
            ]
        )

    def all(
        self,
        *,
        product: ProductId | None = None,
        investor: InvestorId | None = None,
        after: tuple[datetime, str] | None = None,
        most: int | None = None,
    ) -> list[Inspection]:
        """The inspections, the latest first; of one product, or of one investor's certificates.

        Args:
            after: only those that come behind the one of that time and id.
            most: the first so many of them.
        """
        query = select(table).order_by(table.c.at.desc(), table.c.inspection_id).limit(most)
        if product is not None:
            query = query.where(table.c.product_id == product)
        if investor is not None:
            query = query.where(table.c.investor_id == investor)
        if after is not None:
            at, id = after
            query = query.where(
                or_(table.c.at < at, and_(table.c.at == at, table.c.inspection_id > id))
            )
        return [_inspection(row) for row in self._connection.execute(query)]


def _inspection(row: Row[Any]) -> Inspection:
    return Inspection(
        id=row.inspection_id,
        kind=row.kind,
        product=ProductId(row.product_id),
        investor=row.investor_id and InvestorId(row.investor_id),
        extent=row.extent,
        institution=row.institution_id and InstitutionId(row.institution_id),
        as_of=row.as_of,
        block=row.block,
        facts_digest=Digest(row.facts_digest),
        lots=row.lots,
        form=row.form,
        language=row.language,
        request=InspectionRequest(requester=row.requester, reason=row.reason),
        purpose=row.purpose,
        at=row.at,
        by=row.by,
    )
