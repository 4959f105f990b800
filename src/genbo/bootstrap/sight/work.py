"""Work (処理) as far as one institution sees it: bulk acts, orders, files and the record of what was done.

    a bulk act, an order, a file, an entry of the audit chain
    ├── about a product whose register the institution keeps: seen (files: by whose people announced them alone)
    ├── ordered, placed, announced or done by its own people or systems: seen
    ├── an order with a side that is its customer: seen, the other side not
    └── otherwise: `not_found`

The tables are closed to whoever looks as an institution, so each question says itself whose rows it wants.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from genbo.bootstrap.sight.looking import Looking
from genbo.governance import AuditAction, JobId
from genbo.governance.audit import ChainedEntry
from genbo.governance.institutions import Institution, InstitutionRole
from genbo.governance.job import Progress, RowRefused
from genbo.governance.market import StoredOrder
from genbo.kernel import InvestorId, ProductId
from genbo.masters.import_file import ImportFile
from genbo.storage.audit import AuditLog
from genbo.storage.jobs import Jobs, StoredJob
from genbo.storage.products import Products
from genbo.storage.work_pages import WorkPages

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOrder:
    """An order to transfer as far as it is seen. A side is None where it is another firm's customer."""

    number: int
    """In the order in which they came."""
    stored: StoredOrder
    sender: InvestorId | None
    recipient: InvestorId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenJob:
    """A bulk act and how far it is."""

    stored: StoredJob
    progress: Progress


class WorkDesk:
    """What one institution sees of work."""

    def __init__(self, looking: Looking, institution: Institution) -> None:
        self._looking = looking
        self._institution = institution

    def jobs(self, *, before: tuple[datetime, str] | None = None, most: int) -> list[SeenJob]:
        """Bulk acts, the newest first."""
        chain_id, at = self._looking.chain_id, self._looking.at

        def ask(pages: WorkPages, jobs: Jobs) -> list[SeenJob]:
            found = pages.jobs(chain_id, before=before, most=most)
            return [
                SeenJob(stored=each, progress=jobs.progress(each.job.id, at=at)) for each in found
            ]

        return self._ask(ask)

    def job(self, job: JobId) -> SeenJob:
        """One bulk act. Raises Refusal(not_found)."""
        chain_id, at = self._looking.chain_id, self._looking.at

        def ask(pages: WorkPages, jobs: Jobs) -> SeenJob | None:
            found = pages.job(chain_id, job)
            if found is None:
                return None
            return SeenJob(stored=found, progress=jobs.progress(job, at=at))

        return self._found(ask, "job", job)

    def refused_rows(self, job: JobId, *, after: int | None = None, most: int) -> list[RowRefused]:
        """Rows of a bulk act that cannot succeed. Raises Refusal(not_found)."""

        def ask(pages: WorkPages, jobs: Jobs) -> list[RowRefused] | None:
            if pages.job(self._looking.chain_id, job) is None:
                return None
            return jobs.refused(job, most=most, after=after)

        return self._found(ask, "job", job)

    def orders(
        self, *, product: ProductId | None = None, before: int | None = None, most: int
    ) -> list[SeenOrder]:
        """Orders to transfer, the newest first."""
        found = self._ask(lambda pages, _: pages.orders(product=product, before=before, most=most))
        return [
            SeenOrder(
                number=number,
                stored=stored,
                sender=stored.order.source if knows_sender else None,
                recipient=stored.order.target if knows_recipient else None,
            )
            for number, stored, knows_sender, knows_recipient in found
        ]

    def files(self, *, before: tuple[datetime, str] | None = None, most: int) -> list[ImportFile]:
        """Files for masters, the newest first."""
        return self._ask(lambda pages, _: pages.files(before=before, most=most))

    def file(self, file: str) -> ImportFile:
        """One file. Raises Refusal(not_found)."""
        return self._found(lambda pages, _: pages.file(file), "file", file)

    def entries(
        self, *, after: int, most: int, subject: str | None = None
    ) -> tuple[list[ChainedEntry], int | None]:
        """Audit entries in their order, and the number after which to go on; None at the end."""
        return self._ask(lambda pages, _: pages.entries(after=after, most=most, subject=subject))

    def anchored_day(self, day: date) -> ChainedEntry:
        """The entry that says what root of a day stands on the ledger, for everybody. Raises Refusal(not_found)."""
        with self._looking.database.read() as connection:
            entries = AuditLog(connection).entries(
                subject=day.isoformat(), action=AuditAction.AUDIT_DAY_ANCHORED
            )
            found = next(entries, None)
        if found is None:
            raise self._looking.not_found("audit day", day.isoformat())
        return found

    # Inside --------------------------------------------------------------------------------------

    def _ask(self, ask: Callable[[WorkPages, Jobs], Found]) -> Found:
        kept = self._kept()
        with self._looking.database.read() as connection:
            pages = WorkPages(connection, self._institution, kept=kept)
            return ask(pages, Jobs(connection, self._looking.chain_id))

    def _found(
        self, ask: Callable[[WorkPages, Jobs], Found | None], subject: str, asked: str
    ) -> Found:
        found = self._ask(ask)
        if found is None:
            raise self._looking.not_found(subject, asked)
        return found

    def _kept(self) -> list[ProductId]:
        """The products whose register it keeps: all that a registrar sees."""
        if self._institution.role is not InstitutionRole.REGISTRAR:
            return []
        with self._looking.viewing() as connection:
            return [each.product_id for each in Products(connection).all()]
