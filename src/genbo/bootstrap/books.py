"""Books (帳簿照合): a firm hands in what its own book says its customers hold, and is told where the register differs.

given a firm, a product that it sees, and its book
├── when the book names somebody who is not its customer, or an address of nobody's of them: `not_found`; recorded
├── when it is of an instant that may still change: `as_of_not_final`
├── when the same book was compared at the same block before: the same answer, and no second case
├── when they differ
│   ├── in numbers for which a case stands already: that case goes on
│   └── otherwise a case is opened, until 18:00 JST of the business day, with both numbers and the block
└── otherwise: that they agree is recorded

The register is read as the firm sees it, at one block that is final. The book itself is not kept, but its digest is.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from genbo.bootstrap.market import records
from genbo.bootstrap.office import Office
from genbo.bootstrap.sight.looking import Looking, is_seen
from genbo.bootstrap.sight.moment import moment
from genbo.governance.institutions import Institution, Subject
from genbo.kernel import (
    BlockStamp,
    Digest,
    InvestorId,
    ProductId,
    Reason,
    Refusal,
    Units,
)
from genbo.reconciliation.book import Apart, BookLine, RegisterLine, compare, digest_of
from genbo.reconciliation.case import (
    CaseState,
    Cause,
    DifferenceCase,
    close,
    due_at,
    escalate,
)
from genbo.storage.cases import BookCheck, BookChecks, DifferenceCases, Found
from genbo.storage.cursor import Cursors
from genbo.storage.investor_pages import InvestorPages
from genbo.storage.parties import Parties
from genbo.storage.register import AsOf
from genbo.storage.register_pages import RegisterPages

_PAGE = 10_000
"""Addresses that are read at once."""
_DUE_AT_ONCE = 100
_CASE = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A book beside the register. Nothing is stored yet."""

    institution: Institution
    product: ProductId
    as_of: datetime | None
    block: BlockStamp
    book: Sequence[BookLine]
    apart: Sequence[Apart]

    @property
    def id(self) -> str:
        """照合ID: the same book at the same block is the same comparison."""
        block, book = self.block, digest_of(self.book)
        words = (self.institution.id, self.product, block.chain_id, block.number, block.hash, book)
        text = "/".join(str(each) for each in words)
        return f"BK-{hashlib.sha256(text.encode()).hexdigest()[:24]}"


def compare_book(
    looking: Looking,
    institution: Institution,
    product: ProductId,
    book: Sequence[BookLine],
    *,
    as_of: AsOf | None,
) -> Compared:
    """Where the firm's book and the register differ.

    Args:
        as_of: the instant or block that the book is of; None: the latest block that is final.

    Raises:
        Refusal: `not_found`; `as_of_not_final`; `field_invalid` for a holder that the book names twice.
        Fault: `register_behind` before the first block is final.
    """

    def ask(connection: Connection) -> tuple[BlockStamp, list[RegisterLine], str | None] | None:
        if not is_seen(connection, product):
            return None
        block = final_block(connection, looking.chain_id, as_of, now=looking.at)
        register = list(_register(connection, looking, product, block.number))
        known = {each.address for each in register} | {each.investor for each in register}
        others = [InvestorId(each.holder) for each in book if each.holder not in known]
        customers = InvestorPages(connection).among(others) if others else set()
        stranger = next((each for each in others if each not in customers), None)
        return block, register, stranger

    block, register, stranger = looking.answer(Subject.PRODUCT, product, ask)
    if stranger is not None:
        raise looking.not_found(Subject.HOLDING, stranger)
    return Compared(
        institution=institution,
        product=product,
        as_of=as_of if isinstance(as_of, datetime) else None,
        block=block,
        book=book,
        apart=compare(book, register),
    )


def keep_check(connection: Connection, compared: Compared, *, at: datetime, by: str) -> BookCheck:
    """Records a comparison, and opens the cases of what differs: in a transaction of the caller's, once."""
    firm, product = compared.institution, compared.product
    checks, cases = BookChecks(connection), DifferenceCases(connection)
    standing = cases.standing(firm.id, product)  # whoever hands in the same book waits here
    if (known := checks.find(compared.id)) is not None:
        return known
    named = {each: _case_id(compared.id, each.holder) for each in compared.apart}
    fresh = [each for each in compared.apart if _numbers(each) not in standing]
    check = BookCheck(
        id=compared.id,
        institution=firm.id,
        product=product,
        as_of=compared.as_of,
        block=compared.block,
        lines=len(compared.book),
        digest=digest_of(compared.book),
        differences=[
            Found(apart=each, case=standing.get(_numbers(each), named[each]))
            for each in compared.apart
        ],
        checked_at=at,
        checked_by=by,
    )
    checks.keep(check)
    if fresh:
        registrar = Parties(connection).product_parties({product})[product].registrar
        due = due_at(at, records(connection).calendar())
        opened = [
            DifferenceCase(
                id=named[each],
                check=check.id,
                institution=firm.id,
                custodian=firm.custodian,
                registrar=registrar,
                product=product,
                holder=each.holder,
                investor=each.investor,
                register=each.register,
                book=each.book,
                block=compared.block,
                opened_at=at,
                due_at=due,
            )
            for each in fresh
        ]
        cases.open(opened, by=by)
    return check


class CaseDesk:
    """The cases that one institution sees: of its own book, of those whose keys or register it keeps."""

    def __init__(self, looking: Looking) -> None:
        self._looking = looking

    def get(self, case: str) -> DifferenceCase:
        """A case. Raises Refusal(not_found)."""
        with self._looking.database.read() as connection:
            found = DifferenceCases(connection).get(case, of=self._looking.institution)
        if found is None:
            raise self._looking.not_found(_CASE, case)
        return found

    def of(
        self,
        states: Collection[CaseState],
        product: ProductId | None,
        *,
        after: tuple[datetime, str] | None,
        most: int,
    ) -> list[DifferenceCase]:
        """Cases, the oldest first.

        Args:
            states: only those; empty: all.
            after: when the row before was opened, and its id.
        """
        with self._looking.database.read() as connection:
            return DifferenceCases(connection).of(
                self._looking.institution, states=states, product=product, after=after, most=most
            )

    def escalate(self, connection: Connection, case: str) -> DifferenceCase:
        """Passes a case on to custodian and registrar, by whose book it is.

        Raises:
            Refusal: `not_found`; `case_closed`, `case_with_others`.
        """
        looking = self._looking
        cases = DifferenceCases(connection)
        found = self._held(cases, case)
        if looking.institution != found.institution:
            raise Refusal(
                Reason.CASE_WITH_OTHERS,
                case=found.id,
                state=found.state.value,
                whose=", ".join(found.whose_turn),
            )
        return cases.escalate(escalate(found, at=looking.at, by=looking.by))

    def close(
        self, connection: Connection, case: str, *, cause: Cause, evidence: Digest
    ) -> DifferenceCase:
        """Ends a case with its cause and what shows it.

        Raises:
            Refusal: `not_found`; `case_closed`, `case_with_others`.
        """
        looking = self._looking
        cases = DifferenceCases(connection)
        closed = close(
            self._held(cases, case),
            cause=cause,
            evidence=evidence,
            institution=looking.institution,
            at=looking.at,
            by=looking.by,
        )
        return cases.close(closed)

    def _held(self, cases: DifferenceCases, case: str) -> DifferenceCase:
        found = cases.get(case, of=self._looking.institution, to_change=True)
        if found is None:
            raise self._looking.not_found(_CASE, case)
        return found


class EscalateCases:
    """Passes cases on whose deadline has passed. A `Routine`."""

    BY = "genbo"

    def __init__(self, office: Office) -> None:
        self._office = office

    def step(self) -> bool:
        """Whether any was due."""
        now = self._office.house.now()
        with self._office.house.database.begin() as connection:
            cases = DifferenceCases(connection)
            due = cases.overdue(now, most=_DUE_AT_ONCE)
            for case in due:
                cases.escalate(escalate(case, at=now, by=self.BY))
        return bool(due)


def final_block(
    connection: Connection, chain_id: int, as_of: AsOf | None, *, now: datetime
) -> BlockStamp:
    """The last block that counts at `as_of`; None: the latest that is final.

    Raises:
        Refusal: `as_of_not_final` when what counts by then may still change; `field_invalid` before the first block.
        Fault: `register_behind` before the first block was read.
    """
    cursors = Cursors(connection, chain_id)
    found = moment(connection, chain_id, as_of, now=now)
    cursor = cursors.get()
    final = None if cursor is None else cursor.final
    if as_of is None and final is not None:
        return final
    asked = as_of.isoformat() if isinstance(as_of, datetime) else f"block:{found.upto}"
    if not found.final:
        raise Refusal(
            Reason.AS_OF_NOT_FINAL, as_of=asked, block=None if final is None else final.number
        )
    # Of blocks in which nothing happened not every header is kept: the last that is kept counts.
    header = next(iter(cursors.headers_down_from(found.upto, 1)), None)
    if header is None:
        raise Refusal(
            Reason.FIELD_INVALID,
            field="as_of",
            value=asked,
            allowed="an instant since the ledger began",
        )
    return header


# Inside ----------------------------------------------------------------------------------------------


def _register(
    connection: Connection, looking: Looking, product: ProductId, upto: int
) -> Iterator[RegisterLine]:
    """Every address of the firm's customers."""
    pages = RegisterPages(connection, looking.chain_id, looking.customers(connection))
    after = None
    while True:
        found = pages.positions(product, upto=upto, after=after, most=_PAGE)
        for each in found:
            assert each.investor is not None
            units = Units(0) if each.position is None else each.position.units
            yield RegisterLine(investor=each.investor, address=each.address, units=units)
        if len(found) < _PAGE:
            return
        after = pages.key_of(found[-1])


def _numbers(apart: Apart) -> tuple[str, int, int]:
    return (apart.holder, int(apart.register), int(apart.book))


def _case_id(check: str, holder: str) -> str:
    return f"DC-{hashlib.sha256(f'{check}/{holder}'.encode()).hexdigest()[:24]}"
