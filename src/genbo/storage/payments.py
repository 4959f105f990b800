"""Payments (支払): how far each payee line is, the payment files that were made, and what banks said of them.

A line that was decided about changes only here, and each change leaves an entry with the count, the sum and a digest of
the lines it changed. No account and no name is in these rows: those stay sealed with their investors.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    Connection,
    and_,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from genbo.entitlements import (
    UNPAID,
    Hold,
    Payment,
    PaymentState,
    PaymentWay,
    Result,
    Run,
    RunState,
    hold_of,
)
from genbo.governance import AuditAction
from genbo.governance.audit import AuditFact
from genbo.kernel import Digest, InvestorId, ProductId, Reason, Refusal
from genbo.masters import AmlClass, InvestorStatus
from genbo.storage import bulk
from genbo.storage.payee_lines import COLUMNS, PayeeLines, payment_of, these
from genbo.storage.tables import (
    distribution,
    investor,
    payee_line,
    payment,
    payment_file,
    position,
    wallet,
)
from genbo.storage.witness import vouch


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A payment file that was made. Its bytes are kept nowhere."""

    number: int
    transfer_day: date
    records: int
    total: int
    digest: Digest
    """SHA-256 of its bytes."""
    made_at: datetime
    made_by: str


class Payments:
    """The payments of all runs, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lines = PayeeLines(connection)

    # Writing -------------------------------------------------------------------------------------

    def put_aside(
        self, run: Run, holds: Mapping[int, Hold], *, at: datetime, by: str
    ) -> list[Payment]:
        """Puts payable lines aside (留保), each for its reason; the lines as they are then.

        Raises:
            Refusal: `payment_line_unknown`; `payment_line_state` for a line that is not payable.
        """
        facts: dict[str, AuditFact]
        for hold in sorted(set(holds.values())):
            numbers = [number for number, why in holds.items() if why is hold]
            lines = self._lines.require(run, numbers, PaymentState.PAYABLE)
            self._lines.move(run, numbers, state=PaymentState.HELD.value, hold=hold.value)
            facts = {"hold": hold.value}
            self._lines.audit(run, AuditAction.PAYMENT_HELD, lines, facts, at=at, by=by)
        return self.payments(run.id, numbers=list(holds))

    def release(
        self,
        run: Run,
        numbers: Collection[int],
        *,
        at: datetime,
        by: str,
        way: PaymentWay | None = None,
    ) -> None:
        """Lets lines that were put aside be paid.

        Args:
            way: how they are paid from now on; None: as they were to be.

        Raises:
            Refusal: as `put_aside`, for a line that is not put aside; `distribution_not_open` while the run is not
                approved.
        """
        require_approved(run)
        lines = self._lines.require(run, numbers, PaymentState.HELD)
        changed = {} if way is None else {"way": way.value}
        facts: dict[str, AuditFact] = dict(changed)
        self._lines.move(run, numbers, state=PaymentState.PAYABLE.value, hold=None, **changed)
        self._lines.audit(run, AuditAction.PAYMENT_RELEASED, lines, facts, at=at, by=by)

    def send(
        self,
        run: Run,
        numbers: Collection[int],
        *,
        transfer_day: date,
        digest: Digest,
        at: datetime,
        by: str,
    ) -> StoredFile:
        """Notes that a payment file with these lines was made.

        Raises:
            Refusal: as `put_aside`; `distribution_not_open`.
        """
        require_approved(run)
        lines = self._lines.require(run, numbers, PaymentState.PAYABLE, way=PaymentWay.BANK)
        file = StoredFile(
            number=self.next_file(run.id),
            transfer_day=transfer_day,
            records=len(lines),
            total=sum(each.line.due for each in lines),
            digest=digest,
            made_at=at,
            made_by=by,
        )
        self._connection.execute(
            insert(payment_file).values(
                distribution_id=run.id,
                number=file.number,
                transfer_day=transfer_day,
                records=file.records,
                total=file.total,
                digest=digest,
                made_at=at,
                made_by=by,
            )
        )
        self._connection.execute(
            insert(payment).from_select(
                ["distribution_id", "number", "file_number"],
                select(
                    payee_line.c.distribution_id, payee_line.c.number, literal(file.number)
                ).where(*these(run, numbers)),
            )
        )
        self._lines.move(
            run, numbers, state=PaymentState.SENT.value, file_number=file.number, settled_on=None
        )
        rows = vouch(
            self._connection,
            payment_file,
            payment_file.c.distribution_id == run.id,
            payment_file.c.number == file.number,
        )
        facts: dict[str, AuditFact] = {"file": file.number, "sha256": digest}
        self._lines.audit(
            run,
            AuditAction.PAYMENT_FILE_MADE,
            lines,
            facts,
            at=at,
            by=by,
            rows=rows[run.id, file.number],
        )
        return file

    def settle(
        self, run: Run, file: int, results: Sequence[Result], *, at: datetime, by: str
    ) -> None:
        """Takes over what the bank said of payments of a file. What came back is owed and put aside.

        Raises:
            Refusal: as `put_aside`, for a line that is not sent with that file.
        """
        held = self._lines.require(
            run, [each.number for each in results], PaymentState.SENT, file=file
        )
        by_number = {each.line.number: each for each in held}
        facts: dict[str, AuditFact]
        for outcome, on in sorted({(each.outcome, each.on) for each in results}):
            numbers = [each.number for each in results if (each.outcome, each.on) == (outcome, on)]
            lines = [by_number[number] for number in sorted(numbers)]
            hold = hold_of(outcome)
            state = PaymentState.PAID if hold is None else PaymentState.HELD
            self._lines.move(
                run,
                numbers,
                state=state.value,
                hold=None if hold is None else hold.value,
                settled_on=on,
            )
            self._connection.execute(
                update(payment)
                .where(
                    payment.c.distribution_id == run.id,
                    payment.c.file_number == file,
                    bulk.among(payment.c.number, numbers),
                )
                .values(outcome=outcome.value, outcome_on=on)
            )
            facts = {"file": file, "outcome": outcome.value, "on": on.isoformat()}
            self._lines.audit(run, AuditAction.PAYMENT_SETTLED, lines, facts, at=at, by=by)

    # Questions -----------------------------------------------------------------------------------

    def payments(
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
        """The lines of a run with their states, by number; those of some states or numbers when asked so.

        Args:
            way: only those paid in this way.
            holders: only theirs.
            after: only lines behind the one of this number.
            most: the first so many of them.
        """
        return self._lines.find(
            run, states=states, numbers=numbers, way=way, holders=holders, after=after, most=most
        )

    def unpaid(
        self,
        product: ProductId | None = None,
        *,
        after: tuple[str, int] | None = None,
        most: int | None = None,
    ) -> list[tuple[str, Payment]]:
        """What is owed and not paid, of every run or of those of a product: run and line (未払).

        Args:
            after: only what stands behind that line of that run.
            most: the first so many.
        """
        query = (
            select(*COLUMNS, payee_line.c.distribution_id)
            .join(distribution)
            .where(bulk.among(payee_line.c.state, [each.value for each in UNPAID]))
            .order_by(payee_line.c.distribution_id, payee_line.c.number)
            .limit(most)
        )
        if after is not None:
            query = query.where(
                tuple_(payee_line.c.distribution_id, payee_line.c.number) > tuple_(*after)
            )
        if product is not None:
            query = query.where(distribution.c.product_id == product)
        return [(row[-1], payment_of(row[:-1])) for row in self._connection.execute(query)]

    def barred(self, product: ProductId, holders: Collection[InvestorId]) -> dict[InvestorId, Hold]:
        """Those of `holders` to whom nothing is paid now, and why: erased, or blocked in the registry or on the ledger
        (decision I-18)."""
        rows = self._connection.execute(
            select(investor.c.investor_id, investor.c.status)
            .where(
                bulk.among(investor.c.investor_id, holders),
                or_(
                    investor.c.status == InvestorStatus.ERASED.value,
                    investor.c.aml_class == AmlClass.BLOCKED.value,
                ),
            )
            .union_all(
                select(wallet.c.investor_id, literal("").label("status"))
                .join(
                    position,
                    and_(
                        position.c.product_id == wallet.c.product_id,
                        position.c.address == wallet.c.address,
                    ),
                )
                .where(
                    wallet.c.product_id == product,
                    position.c.until_block.is_(None),
                    position.c.blocked,
                    bulk.among(wallet.c.investor_id, holders),
                )
            )
        )
        found: dict[InvestorId, Hold] = {}
        for holder, status in rows:
            erased = status == InvestorStatus.ERASED.value
            if erased or holder not in found:
                found[InvestorId(holder)] = Hold.ERASED if erased else Hold.BLOCKED
        return found

    def files(self, run: str) -> list[StoredFile]:
        """The payment files of a run, in order."""
        query = (
            select(payment_file)
            .where(payment_file.c.distribution_id == run)
            .order_by(payment_file.c.number)
        )
        return [
            StoredFile(
                number=row.number,
                transfer_day=row.transfer_day,
                records=row.records,
                total=row.total,
                digest=Digest(row.digest),
                made_at=row.made_at,
                made_by=row.made_by,
            )
            for row in self._connection.execute(query)
        ]

    def next_file(self, run: str) -> int:
        """The number that the next payment file of the run gets."""
        last = select(func.max(payment_file.c.number)).where(payment_file.c.distribution_id == run)
        return int(self._connection.scalar(last) or 0) + 1

    def in_file(self, run: str, file: int) -> list[int]:
        """The numbers of the lines that a payment file has, in its order, whatever became of them."""
        query = (
            select(payment.c.number)
            .where(payment.c.distribution_id == run, payment.c.file_number == file)
            .order_by(payment.c.number)
        )
        return list(self._connection.scalars(query))


def require_approved(run: Run) -> None:
    """Nothing for a run that was approved. Raises Refusal(distribution_not_open)."""
    if run.state is not RunState.APPROVED:
        raise Refusal(
            Reason.DISTRIBUTION_NOT_OPEN,
            distribution=run.id,
            state=run.state.value,
            needed="somebody else approves it first",
        )
