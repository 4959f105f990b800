"""Yearly statements (支払通知書・支払調書), lists for others, and what came too late for a record date."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from genbo.bootstrap.office import Office
from genbo.entitlements import (
    PayeeLine,
    Run,
    RunState,
    Statement,
    StatementEntry,
    amounts_of,
    statements,
)
from genbo.kernel import InvestorId, ProductId, Units, end_of_day
from genbo.register import Trade
from genbo.storage.distributions import Distributions
from genbo.storage.investors import Identity, Investors
from genbo.storage.payments import Payments
from genbo.storage.record_dates import RecordDates
from genbo.storage.trades import Trades
from genbo.storage.vault import Purpose, Reading
from genbo.storage.wallets import Wallets

_LAST_MONTH, _LAST_DAY = 12, 31


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedStatement:
    """A statement and whom it is for."""

    statement: Statement
    identity: Identity | None = field(default=None, repr=False)
    """Name and address as they held at the end of the year; None where they were not asked for, or nobody is known."""


def some_statements(
    office: Office, year: int, product: ProductId, *, after: str | None, most: int
) -> list[Statement]:
    """The statements of a calendar year for some payees of a product, without names: those behind the payee `after`, in
    the database's own order, so many at most. Only their lines are read."""
    with office.house.database.read() as connection:
        runs = _runs_of(connection, year, product)
        ids = [each.id for each in runs]
        payees = Distributions(connection).holders(ids, after=after, most=most)
        found = {each.holder: each for each in statements(year, _entries(connection, runs, payees))}
    return [found[payee] for payee in payees]


def yearly_statements(
    office: Office, year: int, *, product: ProductId | None = None, by: str, names: bool = False
) -> list[NamedStatement]:
    """The statements of a calendar year, by holder.

    Args:
        names: whether name and address are opened; every opening is recorded.
    """
    with office.house.database.read() as connection:
        found = statements(year, _entries(connection, _runs_of(connection, year, product)))
    identities: dict[InvestorId, Identity] = {}
    if names:
        reading = Reading(purpose=Purpose.PAYMENT, actor=by, at=office.house.now())
        with office.house.database.begin() as connection:
            investors = Investors(connection, office.house.vault)
            known = sorted(investors.known([InvestorId(each.holder) for each in found]))
            on = date(year, _LAST_MONTH, _LAST_DAY)
            identities = investors.identities(known, on=on, reading=reading)
    return [
        NamedStatement(statement=each, identity=identities.get(InvestorId(each.holder)))
        for each in found
    ]


def _runs_of(connection: Connection, year: int, product: ProductId | None) -> list[Run]:
    return [
        each
        for each in Distributions(connection).all(product)
        if each.state is RunState.APPROVED and each.payment_day.year == year
    ]


def _entries(
    connection: Connection, runs: Sequence[Run], payees: Sequence[str] | None = None
) -> Iterator[tuple[str, StatementEntry]]:
    held = Distributions(connection)
    for run in runs:
        former: dict[str, PayeeLine] = {}
        if run.corrects is not None:
            former = {each.holder: each for each in held.lines(run.corrects, holders=payees)}
        for line in held.lines(run.id, holders=payees):
            amounts = amounts_of(line) - amounts_of(former.get(line.holder))
            yield (
                line.holder,
                StatementEntry(
                    run=run.id,
                    product=run.product,
                    record_day=run.record_day,
                    payment_day=run.payment_day,
                    units=int(line.units),
                    amounts=amounts,
                    corrects=run.corrects,
                ),
            )


@dataclass(frozen=True, slots=True)
class PointsLine:
    """Points of a payee by a run, and its line."""

    line: int
    holder: str
    units: Units
    points: int
    """By a correction the difference."""


def some_points(office: Office, run: Run, *, after: int | None, most: int) -> list[PointsLine]:
    """Who gets how many points by a run, for so many lines behind the line `after`; lines without points included."""
    with office.house.database.read() as connection:
        lines = [
            each.line for each in Payments(connection).payments(run.id, after=after, most=most)
        ]
        former: dict[str, int] = {}
        if run.corrects is not None:
            payees = [each.holder for each in lines]
            held = Distributions(connection).lines(run.corrects, holders=payees)
            former = {each.holder: each.points for each in held}
    return [
        PointsLine(each.number, each.holder, each.units, each.points - former.get(each.holder, 0))
        for each in lines
    ]


def points_list(office: Office, run: str) -> bytes:
    """Who gets how many points by a run, as CSV, for their provider: ids and numbers, no account and no name
    (R-DAIWA-10).

    Raises:
        Refusal: `distribution_unknown`.
    """
    with office.house.database.read() as connection:
        held = Distributions(connection)
        found = held.get(run)
        lines = held.lines(run)
        former: dict[str, int] = {}
        if found.corrects is not None:
            former = {each.holder: each.points for each in held.lines(found.corrects)}
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(("distribution_id", "investor_id", "units", "points"))
    for line in lines:
        if points := line.points - former.get(line.holder, 0):
            rows.writerow((run, line.holder, int(line.units), points))
    return text.getvalue().encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class LateReversal:
    """A movement that undid a trade of before a record date after it: the snapshot stays, the parties settle in cash
    (decision I-19)."""

    trade: str
    """The trade that was undone."""
    by: str | None
    """The reference of the movement that undid it."""
    units: Units
    owing: str
    """Who was paid for the units at the record date."""
    owed: str
    """Who has them back, and was not."""
    gross: Decimal
    """What the units brought at the record date by the approved runs, before tax."""


def late_reversals(office: Office, product: ProductId, day: date) -> list[LateReversal]:
    """Trades up to the end of a record date that were undone after it, in ledger order.

    Raises:
        Refusal: `record_date_unknown`.
    """
    instant = end_of_day(day)
    with office.house.database.read() as connection:
        RecordDates(connection).get(product, day)
        trades = Trades(connection, office.deployment.chain_id)
        undone = [
            (original, each)
            for each in trades.reversing(product, since=instant)
            if each.reverses is not None
            for original in trades.trades(product, each.reverses)
            if original.position.stamp.at < instant
        ]
        owners = Wallets(connection).owners(product)
        runs = [
            each
            for each in Distributions(connection).all(product)
            if each.record_day == day and each.state is RunState.APPROVED
        ]
        corrected = {each.corrects for each in runs}
    brought = sum(
        (each.amounts.income + each.amounts.capital for each in runs if each.id not in corrected),
        Decimal(0),
    )

    def who(trade: Trade, side: str) -> str:
        address = getattr(trade, side)
        return str(owners.get(address, address))

    return [
        LateReversal(
            trade=str(original.ref),
            by=None if each.ref is None else str(each.ref),
            units=original.units,
            owing=who(each, "source"),
            owed=who(each, "target"),
            gross=brought * int(original.units),
        )
        for original, each in undone
    ]
