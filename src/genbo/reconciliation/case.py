"""Difference cases (差異調査): a difference between a book and the register, from the day it is found to its end.

    open ──► closed                with a cause of the list and the digest of its evidence, by whose book it is
      │
      └────► escalated ──► closed  the same, by one of those whom it was escalated to

given a case
├── when its deadline passes while it is open: it is escalated by itself
├── when its cause is not known: it is escalated (R-JVCEA-15.2(4)); nobody closes it without a cause
└── when it is closed: it stays so; a difference that comes again is a case of its own
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum
from typing import Final

from genbo.governance.institutions import InstitutionId
from genbo.governance.market import BankCalendar
from genbo.kernel import (
    JST,
    UTC,
    Address,
    BlockStamp,
    Digest,
    InvestorId,
    ProductId,
    Reason,
    Refusal,
    Units,
    business_date,
)

DEADLINE: Final = time(18, tzinfo=JST)
"""Until when of a business day a difference is explained, or passed on."""


class CaseState(StrEnum):
    """状態."""

    OPEN = "open"
    """調査中: whose book it is looks for the cause."""
    ESCALATED = "escalated"
    """上位報告済: those who keep the keys and the register look for it."""
    CLOSED = "closed"
    """終了: the cause is known."""


class Cause(StrEnum):
    """原因: the closed list. An unknown cause is none: such a case is escalated (R-JVCEA-15.2(4))."""

    BOOK_ENTRY_MISSING = "book_entry_missing"
    """記帳漏れ: a movement is not in the book."""
    BOOK_ENTRY_WRONG = "book_entry_wrong"
    """誤記帳: the book has it with another number, or for somebody else."""
    BOOK_ENTRY_TWICE = "book_entry_twice"
    """二重記帳."""
    BOOKED_ON_ANOTHER_DAY = "booked_on_another_day"
    """計上日の相違: the book counts it by another day than the register."""
    ORDER_NOT_CARRIED_OUT = "order_not_carried_out"
    """指図の未執行: the book has it, and it was not delivered."""
    MOVED_WITHOUT_ORDER = "moved_without_order"
    """指図のない異動: by order of a court, or by mistake."""
    CUSTOMER_TRANSFERRED = "customer_transferred"
    """口座の移管: the customer came from, or went to, another firm."""
    REGISTER_CORRECTED = "register_corrected"
    """原簿の訂正: the register was wrong, and was repaired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceCase:
    """One difference. Numbers and block never change; every step of it is in the audit chain."""

    id: str
    check: str
    """照合ID: the comparison that found it first."""
    institution: InstitutionId
    """Whose book it is."""
    custodian: InstitutionId | None
    """Who keeps the keys, where the firm does not: told of everything, and escalated to."""
    registrar: InstitutionId
    """Who keeps the register: as the custodian."""
    product: ProductId
    holder: InvestorId | Address
    """As the book names it."""
    investor: InvestorId
    register: Units
    """What the register says at `block`."""
    book: Units
    block: BlockStamp
    opened_at: datetime
    due_at: datetime
    state: CaseState = CaseState.OPEN
    escalated_at: datetime | None = None
    escalated_by: str | None = None
    cause: Cause | None = None
    evidence: Digest | None = None
    """SHA-256 of the document that shows the cause."""
    closed_at: datetime | None = None
    closed_by: str | None = None

    @property
    def parties(self) -> tuple[InstitutionId, ...]:
        """Who sees it, and is told of it."""
        return tuple(dict.fromkeys((self.institution, *self.others)))

    @property
    def others(self) -> tuple[InstitutionId, ...]:
        """Whom it is escalated to."""
        return tuple(each for each in (self.custodian, self.registrar) if each is not None)

    @property
    def whose_turn(self) -> Sequence[InstitutionId]:
        """Who may close it."""
        return (self.institution,) if self.state is CaseState.OPEN else self.others


def due_at(at: datetime, calendar: BankCalendar) -> datetime:
    """Until when a difference that is found at `at` is explained: 18:00 JST of that business day; of the next one when
    it is found later, or on a day on which banks are closed."""
    day = business_date(at)
    if calendar.is_holiday(day) or at >= datetime.combine(day, DEADLINE):
        day = calendar.business_day(day, 1)
    return datetime.combine(day, DEADLINE).astimezone(UTC)


def escalate(case: DifferenceCase, *, at: datetime, by: str) -> DifferenceCase:
    """Passes an open case on to those who keep the keys and the register.

    Raises:
        Refusal: `case_closed`; `case_with_others` for one that is escalated already.
    """
    _require_not_closed(case)
    if case.state is not CaseState.OPEN:
        raise _with_others(case)
    return replace(case, state=CaseState.ESCALATED, escalated_at=at, escalated_by=by)


def close(
    case: DifferenceCase,
    *,
    cause: Cause,
    evidence: Digest,
    institution: InstitutionId,
    at: datetime,
    by: str,
) -> DifferenceCase:
    """Ends a case with its cause.

    Args:
        institution: who closes it; one that sees it.
        by: the person or system of the institution, as the records name it.

    Raises:
        Refusal: `case_closed`; `case_with_others` when it is not that institution's turn.
    """
    _require_not_closed(case)
    if institution not in case.whose_turn:
        raise _with_others(case)
    return replace(
        case, state=CaseState.CLOSED, cause=cause, evidence=evidence, closed_at=at, closed_by=by
    )


def _require_not_closed(case: DifferenceCase) -> None:
    if case.state is CaseState.CLOSED:
        raise Refusal(Reason.CASE_CLOSED, case=case.id, cause=case.cause and case.cause.value)


def _with_others(case: DifferenceCase) -> Refusal:
    return Refusal(
        Reason.CASE_WITH_OTHERS,
        case=case.id,
        state=case.state.value,
        whose=", ".join(case.whose_turn),
    )
