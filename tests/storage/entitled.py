"""A record date of P1 with two holders, a run that pays them, and a payment file, through the storage functions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Connection
from tests.storage.builders import CHAIN, P1, START, a_command, account, signed, stamp, word

from genbo.entitlements import (
    Entitlement,
    Hold,
    Outcome,
    Payee,
    RecordDate,
    RecordDateKind,
    Result,
    Run,
    Snapshot,
    TaxCategory,
    YenToken,
    distribute,
    lines_digest,
    per_unit,
    totals,
    yen_token,
)
from genbo.governance import CommandState
from genbo.kernel import Digest, InvestorId, ProductId, Units
from genbo.storage.commands import Commands
from genbo.storage.distributions import Distributions
from genbo.storage.payment_terms import PaymentTerms
from genbo.storage.payments import Payments
from genbo.storage.record_dates import RecordDates
from genbo.storage.tax_categories import TaxCategories
from genbo.storage.token_payments import StoredBatch, TokenPayments

LATER = START + timedelta(days=1)
DAY = date(2022, 1, 31)
PAYABLE = date(2022, 2, 28)
HOLDERS = ("IV-1", "IV-2")


def fix(
    connection: Connection, product: ProductId = P1, holders: tuple[str, ...] = HOLDERS
) -> None:
    """Fixes the record date: two units each, and five at an address that nobody knows."""
    unknown = Entitlement(holder=account(77), units=Units(5), known=False)
    rows = sorted([*(Entitlement(holder=each, units=Units(2)) for each in holders), unknown])
    snapshot = Snapshot(product=product, record_day=DAY, stamp=stamp(7), rows=tuple(rows))
    record = RecordDate(product=product, kind=RecordDateKind.FIRST, nominal=DAY, day=DAY)
    RecordDates(connection).fix(
        record, snapshot, root=Digest(word(5)), calendar="holidays 1+0", at=LATER, by="x"
    )


def record_category(connection: Connection, holder: str = "IV-1") -> None:
    TaxCategories(connection).record(
        InvestorId(holder),
        TaxCategory.EXEMPT,
        effective=date(2022, 1, 1),
        evidence_ref="TAX-1",
        at=LATER,
        by="x",
    )


def declare(
    connection: Connection,
    id: str = "D-1",
    product: ProductId = P1,
    holders: tuple[str, ...] = HOLDERS,
    token: YenToken | None = None,
) -> Run:
    """Drafts the run; its record date must be fixed."""
    amounts = per_unit(income=Decimal("100.5"))
    payees = [
        Payee(holder=each, units=Units(2), category=TaxCategory.INDIVIDUAL) for each in holders
    ]
    lines = distribute(amounts, payees, on=PAYABLE)
    run = Run(
        id=id,
        product=product,
        record_day=DAY,
        payment_day=PAYABLE,
        amounts=amounts,
        totals=totals(lines, amounts),
        digest=lines_digest(id, lines),
        root=Digest(word(6)),
        why="a resolution",
        maker="x",
        made_at=LATER,
        command="c" * 32,
        token=token,
    )
    return Distributions(connection).declare(run, lines)


def drafted(connection: Connection) -> Connection:
    fix(connection)
    declare(connection)
    return connection


def approved(connection: Connection) -> Connection:
    Distributions(drafted(connection)).approve("D-1", at=LATER, by="y")
    return connection


def run(connection: Connection, id: str = "D-1") -> Run:
    return Distributions(connection).get(id)


def release(connection: Connection) -> None:

    payments = Payments(approved(connection))
    payments.put_aside(run(connection), {1: Hold.ORDER}, at=LATER, by="x")
    payments.release(run(connection), [1], at=LATER, by="x")


def sent(connection: Connection) -> Payments:
    payments = Payments(connection)
    payments.send(
        run(connection), [1, 2], transfer_day=PAYABLE, digest=Digest(word(8)), at=LATER, by="x"
    )
    return payments


def send(connection: Connection) -> None:
    sent(approved(connection))


def settle(connection: Connection) -> None:
    results = [
        Result(line=2, number=1, amount=161, outcome=Outcome.PAID, on=PAYABLE),
        Result(line=3, number=2, amount=161, outcome=Outcome.RECALLED, on=PAYABLE),
    ]
    sent(approved(connection)).settle(run(connection), 1, results, at=LATER, by="x")


TOKEN = yen_token(chain_id=CHAIN, cash=account(71), decimals=0, payer=account(72))


def record_terms(connection: Connection) -> None:
    PaymentTerms(connection).record(P1, TOKEN, evidence_ref="R-1", at=LATER, by="x")


def batch(connection: Connection, id: str = "D-1", key: str = "batch") -> StoredBatch:
    """A batch with both lines of a run, ordered."""
    order = a_command(key, ref=None)
    Commands(connection, CHAIN).submit(
        order,
        digest=Digest(word(9)),
        state=CommandState.CHECKED,
        approvals=[signed()],
        at=LATER,
    )
    return TokenPayments(connection).send(
        run(connection, id), {1: account(1), 2: account(2)}, command=order.id, at=LATER, by="x"
    )


def by_token(connection: Connection, id: str = "D-1") -> Connection:
    """An approved run that is paid in a yen token."""
    declare(connection, id, token=TOKEN)
    Distributions(connection).approve(id, at=LATER, by="y")
    return connection


def fixed_by_token(connection: Connection) -> Connection:
    fix(connection)
    return by_token(connection)


def send_batch(connection: Connection) -> None:
    batch(fixed_by_token(connection))


def settle_batch(connection: Connection) -> None:
    settled(fixed_by_token(connection))


def settled(connection: Connection, id: str = "D-1", key: str = "batch") -> None:
    """The first line is paid, the payee of the second one refused."""
    made = batch(connection, id, key)
    TokenPayments(connection).settle(
        run(connection, id),
        made,
        {1: True, 2: False},
        tx=Digest(word(77)),
        block=7,
        on=PAYABLE,
        at=LATER,
        by="x",
    )


def void_batch(connection: Connection) -> None:
    made = batch(fixed_by_token(connection))
    TokenPayments(connection).void(run(connection), made, at=LATER, by="x")


def live_by_token(connection: Connection) -> None:
    """A batch that came to nothing, and one that was settled; its record date must be fixed."""
    record_terms(connection)
    by_token(connection, "D-3")
    void = batch(connection, "D-3", "batch-1")
    TokenPayments(connection).void(run(connection, "D-3"), void, at=LATER, by="x")
    settled(connection, "D-3", "batch-2")


def live(connection: Connection) -> None:
    """Everything that leaves an entry, once, and a draft that is turned down."""
    record_category(connection)
    settle(connection)
    payments = Payments(connection)
    payments.release(run(connection), [2], at=LATER, by="x")

    payments.put_aside(run(connection), {2: Hold.ORDER}, at=LATER, by="x")
    declare(connection, "D-2")
    Distributions(connection).reject("D-2", at=LATER, by="y")
    live_by_token(connection)


def furnish(connection: Connection, registers: dict[ProductId, tuple[str, ...]]) -> None:
    """A record date and an approved run for each register."""
    for number, (product, holders) in enumerate(registers.items(), start=1):
        fix(connection, product, holders)
        declare(connection, f"D-{number}", product, holders)
        Distributions(connection).approve(f"D-{number}", at=LATER, by="y")
