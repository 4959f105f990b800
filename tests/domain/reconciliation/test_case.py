"""The life of a difference case (R-JVCEA-15.2(3), (4)).

given a difference that is found
├── on a business day before 18:00 JST: it is to be explained by 18:00 of that day
└── later, or on a day on which banks are closed: by 18:00 of the next business day
given an open case
├── whose book it is closes it with a cause; nobody else does
└── it is escalated once, to the custodian and the registrar
given an escalated case
├── custodian and registrar may close it; whose book it is may not
└── a direct broker's goes to the registrar alone
given a closed case: nothing changes it
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from genbo.governance.institutions import InstitutionId
from genbo.governance.market import BankCalendar
from genbo.kernel import JST, BlockStamp, Digest, InvestorId, ProductId, Reason, Refusal, Units
from genbo.reconciliation.case import CaseState, Cause, DifferenceCase, close, due_at, escalate

HOLIDAY = date(2026, 5, 6)
CALENDAR = BankCalendar(
    base=lambda day: day.weekday() >= 5 or day == HOLIDAY, base_version="invented"
)
FOUND = datetime(2026, 5, 7, 16, tzinfo=JST).astimezone(UTC)
B2, C1, R1 = InstitutionId("B2"), InstitutionId("C1"), InstitutionId("R1")
EVIDENCE = Digest("0x" + 64 * "9")


def a_case(custodian: InstitutionId | None = C1) -> DifferenceCase:
    return DifferenceCase(
        id="DC-1",
        check="BK-1",
        institution=B2,
        custodian=custodian,
        registrar=R1,
        product=ProductId("P1"),
        holder=InvestorId("H3"),
        investor=InvestorId("H3"),
        register=Units(350),
        book=Units(349),
        block=BlockStamp(1, 7, "0x" + 64 * "7", FOUND),
        opened_at=FOUND,
        due_at=due_at(FOUND, CALENDAR),
    )


def closed(case: DifferenceCase, by: InstitutionId) -> DifferenceCase:
    return close(
        case, cause=Cause.BOOK_ENTRY_MISSING, evidence=EVIDENCE, institution=by, at=FOUND, by="x"
    )


@pytest.mark.parametrize(
    ("found", "due"),
    [
        ("2026-05-07T17:59:59", "2026-05-07"),
        ("2026-05-07T18:00:00", "2026-05-08"),
        ("2026-05-06T09:00:00", "2026-05-07"),  # a holiday
        ("2026-05-08T18:30:00", "2026-05-11"),  # a Friday evening
        ("2026-05-07T00:00:00", "2026-05-07"),
    ],
)
def test_deadline__of_each_hour__is_six_in_the_evening_of_a_business_day(
    found: str, due: str
) -> None:
    at = datetime.fromisoformat(f"{found}+09:00")
    assert due_at(at, CALENDAR) == datetime.fromisoformat(f"{due}T18:00:00+09:00")


def test_open_case__is_closed_by_whose_book_it_is() -> None:
    case = closed(a_case(), B2)
    assert (case.state, case.cause, case.evidence) == (
        CaseState.CLOSED,
        Cause.BOOK_ENTRY_MISSING,
        EVIDENCE,
    )
    for other in (C1, R1):
        with pytest.raises(Refusal) as refused:
            closed(a_case(), other)
        assert refused.value.reason is Reason.CASE_WITH_OTHERS


@pytest.mark.parametrize(("custodian", "others"), [(C1, (C1, R1)), (None, (R1,))])
def test_escalated_case__is_closed_by_custodian_or_registrar(
    custodian: InstitutionId | None, others: tuple[InstitutionId, ...]
) -> None:
    later = FOUND + timedelta(hours=2)
    case = escalate(a_case(custodian), at=later, by="genbo")
    assert (case.state, case.escalated_at, case.others) == (CaseState.ESCALATED, later, others)
    for each in others:
        assert closed(case, each).state is CaseState.CLOSED
    for act in (lambda: closed(case, B2), lambda: escalate(case, at=later, by="x")):
        with pytest.raises(Refusal) as refused:
            act()
        assert (refused.value.reason, refused.value.facts["whose"]) == (
            Reason.CASE_WITH_OTHERS,
            ", ".join(others),
        )


def test_closed_case__stays_so() -> None:
    case = closed(a_case(), B2)
    for act in (lambda: closed(case, B2), lambda: escalate(case, at=FOUND, by="x")):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.reason is Reason.CASE_CLOSED
