"""Pages of work (処理の頁): bulk acts, orders to transfer, files for masters and audit entries, found by their keys."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, true, tuple_

from genbo.governance.audit import ChainedEntry
from genbo.governance.audit_action import AuditAction
from genbo.governance.institutions import Institution
from genbo.governance.market import StoredOrder
from genbo.kernel import ProductId
from genbo.masters.import_file import ImportFile
from genbo.storage.actors import is_credential_of, is_of, is_ordered_by
from genbo.storage.audit import chained_entry
from genbo.storage.customers import customers_of
from genbo.storage.import_files import import_file
from genbo.storage.jobs import StoredJob, stored_job
from genbo.storage.tables import audit, job, transfer_order, upload
from genbo.storage.tables import import_file as file_table
from genbo.storage.transfer_orders import TransferOrders

WINDOW = 50_000
"""Audit entries that one page looks through."""


class WorkPages:
    """Pages of what an institution ordered or did, or what is about its products, in one transaction.

    These tables are nobody's to read as an institution: the condition stands here, in each question.
    """

    def __init__(
        self,
        connection: Connection,
        institution: Institution,
        *,
        kept: Collection[ProductId],
    ) -> None:
        """
        Args:
            kept: the products whose register the institution keeps.
        """
        self._connection = connection
        self._institution = institution
        self._kept = sorted(kept)

    def jobs(
        self, chain_id: int, *, before: tuple[datetime, str] | None, most: int
    ) -> list[StoredJob]:
        """Bulk acts on its registers, or ordered by its systems, the newest first."""
        query = (
            select(job)
            .where(
                job.c.chain_id == chain_id,
                or_(job.c.product_id.in_(self._kept), is_ordered_by(job.c.key, self._institution)),
            )
            .order_by(job.c.made_at.desc(), job.c.job_id.desc())
            .limit(most)
        )
        if before is not None:
            query = query.where(tuple_(job.c.made_at, job.c.job_id) < tuple_(*before))
        return [stored_job(row) for row in self._connection.execute(query)]

    def job(self, chain_id: int, asked: str) -> StoredJob | None:
        """One of them."""
        row = self._connection.execute(
            select(job).where(
                job.c.chain_id == chain_id,
                job.c.job_id == asked,
                or_(job.c.product_id.in_(self._kept), is_ordered_by(job.c.key, self._institution)),
            )
        ).one_or_none()
        return None if row is None else stored_job(row)

    def orders(
        self, *, product: ProductId | None, before: int | None, most: int
    ) -> list[tuple[int, StoredOrder, bool, bool]]:
        """Orders with a side that is its customer, or of a product whose register it keeps, the newest first: the
        number, the order, and whether sender and recipient are its own to know."""
        return TransferOrders(self._connection).page(
            self._knows, product=product, before=before, most=most
        )

    def _knows(self, investor: ColumnElement[str]) -> ColumnElement[bool]:
        mine: ColumnElement[bool] = transfer_order.c.product_id.in_(self._kept)
        customers = customers_of(self._institution.id, self._institution.role)
        if customers is not None:
            mine = or_(mine, exists().where(customers.investor_id == investor, customers.ours))
        return mine

    def files(self, *, before: tuple[datetime, str] | None, most: int) -> list[ImportFile]:
        """Files for masters that its people or systems announced, the newest first."""
        query = (
            select(file_table)
            .where(self._our_file())
            .order_by(file_table.c.registered_at.desc(), file_table.c.file_id.desc())
            .limit(most)
        )
        if before is not None:
            query = query.where(
                tuple_(file_table.c.registered_at, file_table.c.file_id) < tuple_(*before)
            )
        return [import_file(row) for row in self._connection.execute(query)]

    def file(self, asked: str) -> ImportFile | None:
        """One of them."""
        row = self._connection.execute(
            select(file_table).where(file_table.c.file_id == asked, self._our_file())
        ).one_or_none()
        return None if row is None else import_file(row)

    def _our_file(self) -> ColumnElement[bool]:
        """Whether its people or systems announced it, or it was uploaded as its own."""
        uploaded = exists().where(
            upload.c.file_id == file_table.c.file_id,
            upload.c.institution_id == self._institution.id,
        )
        return or_(is_of(file_table.c.registered_by, self._institution), uploaded)

    def entries(
        self, *, after: int, most: int, subject: str | None = None
    ) -> tuple[list[ChainedEntry], int | None]:
        """Audit entries of what its people and systems did or were refused, and of its registers, in their order; and
        the number after which to go on, None at the end. A page looks through `WINDOW` entries at most, so it may be
        empty and not be the last."""
        last = self._connection.scalar(select(func.max(audit.c.number))) or 0
        until = min(after + WINDOW, last)
        theirs = or_(
            is_of(audit.c.actor, self._institution),
            audit.c.product_id.in_(self._kept),
            and_(
                audit.c.action == AuditAction.CREDENTIAL_REFUSED.value,
                is_credential_of(audit.c.subject, self._institution),
            ),
        )
        rows = self._connection.execute(
            select(audit)
            .where(
                and_(audit.c.number > after, audit.c.number <= until),
                theirs,
                true() if subject is None else audit.c.subject == subject,
            )
            .order_by(audit.c.number)
            .limit(most)
        ).all()
        found = [chained_entry(row) for row in rows]
        if len(found) == most:
            return found, found[-1].number
        return found, None if until >= last else until
