"""A book of B2 that differs from the register of P1, its case, and a balance certificate of C1, through the storage
functions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection
from tests.storage.builders import P1, START, account, stamp, word

from genbo.governance.institutions import InstitutionId
from genbo.kernel import Digest, InvestorId, Units
from genbo.reconciliation.book import Apart
from genbo.reconciliation.case import Cause, DifferenceCase, close, escalate
from genbo.storage.cases import BookCheck, BookChecks, DifferenceCases, Found
from genbo.storage.certificates import Certificates, Certifiers, SignedCertificate

LATER = START + timedelta(days=1)
B2, C1, R1 = InstitutionId("B2"), InstitutionId("C1"), InstitutionId("R1")
KEY = (C1, account(9))
IV_3 = InvestorId("IV-3")
CASE = DifferenceCase(
    id="DC-1",
    check="BK-1",
    institution=B2,
    custodian=C1,
    registrar=R1,
    product=P1,
    holder=IV_3,
    investor=IV_3,
    register=Units(350),
    book=Units(349),
    block=stamp(7),
    opened_at=LATER,
    due_at=LATER + timedelta(hours=8),
)
CHECK = BookCheck(
    id="BK-1",
    institution=B2,
    product=P1,
    as_of=LATER,
    block=stamp(7),
    lines=3,
    digest=Digest(word(11)),
    differences=[
        Found(
            apart=Apart(holder=IV_3, investor=IV_3, register=Units(350), book=Units(349)),
            case="DC-1",
        )
    ],
    checked_at=LATER,
    checked_by="x",
)
CERTIFICATE = SignedCertificate(
    id="BC-1",
    custodian=C1,
    broker=B2,
    product=P1,
    as_of="block:7",
    document=b"{}",
    digest=Digest(word(12)),
    signer=account(9),
    signature=bytes(65),
    issued_at=LATER,
    issued_by="x",
)


def check(connection: Connection) -> None:
    BookChecks(connection).keep(CHECK)


def opened(connection: Connection) -> None:
    check(connection)
    DifferenceCases(connection).open([CASE], by="x")


def escalated(connection: Connection) -> None:
    opened(connection)
    DifferenceCases(connection).escalate(escalate(CASE, at=LATER, by="genbo"))


def closed(connection: Connection, case: DifferenceCase = CASE) -> None:
    opened(connection)
    ended = close(
        case,
        cause=Cause.BOOK_ENTRY_WRONG,
        evidence=Digest(word(13)),
        institution=case.whose_turn[0],
        at=LATER,
        by="x",
    )
    DifferenceCases(connection).close(ended)


def propose(connection: Connection) -> None:
    Certifiers(connection).propose(*KEY, evidence=Digest(word(14)), at=START, by="x")


def proposed(connection: Connection) -> Certifiers:
    propose(connection)
    return Certifiers(connection)


def certify(connection: Connection) -> None:
    proposed(connection).approve(*KEY, at=START, by="y")
    Certificates(connection).keep(CERTIFICATE)


def live(connection: Connection) -> None:
    """A case that was escalated and closed, one that is open, a certificate, and its key, which was ended."""
    escalated(connection)
    passed_on = escalate(CASE, at=LATER, by="genbo")
    ended = close(
        passed_on,
        cause=Cause.BOOK_ENTRY_WRONG,
        evidence=Digest(word(13)),
        institution=C1,
        at=LATER,
        by="x",
    )
    DifferenceCases(connection).close(ended)
    DifferenceCases(connection).open([replace(CASE, id="DC-2")], by="x")
    certify(connection)
    Certifiers(connection).end(*KEY, at=LATER, by="x")
