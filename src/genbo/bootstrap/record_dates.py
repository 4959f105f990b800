"""Record dates (権利確定): fixing who held at the end of a day, once and for good, and anchoring it.

given a record date of a product
    when its day is not over in Japan, or the chain below its end is not final
        it is refused
    when nobody held, or it is no record date
        it is refused
    when it was fixed before
        what was fixed is the answer, whatever happened since
    otherwise
        holders and units are kept with a digest and a root, in one transaction with the entry of the audit chain
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from genbo.bootstrap.market import records
from genbo.bootstrap.office import Office
from genbo.bootstrap.roots import Anchored, anchor_root, root_of
from genbo.bootstrap.settled import settled
from genbo.chain.contracts.register_anchor import AnchorKind
from genbo.entitlements import (
    Deadlines,
    RecordDate,
    Snapshot,
    payable_by_terms,
    record_date_on,
    snapshot_of,
    yearly,
)
from genbo.governance.market import BankCalendar
from genbo.kernel import Digest, Fault, ProductId, Reason, Refusal, end_of_day
from genbo.storage.cursor import Cursors
from genbo.storage.products import Products
from genbo.storage.record_dates import FixedRecordDate, RecordDates
from genbo.storage.register import Register
from genbo.storage.wallets import Wallets


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A record date of a year, and what it leads to."""

    record: RecordDate
    payable: date
    """The day its money is paid by the terms: of a bond with its coupon, else a month later, adjusted."""
    fixed: FixedRecordDate | None

    @property
    def deadlines(self) -> Deadlines:
        return self.record.deadlines


def bank_calendar(connection: Connection) -> BankCalendar:
    """Japan's bank days with every override."""
    return records(connection).calendar()


def expected(office: Office, product: ProductId, year: int) -> list[Expected]:
    """The record dates of a year, those by notice that were fixed included.

    Raises:
        Refusal: `product_unknown`.
    """
    with office.house.database.read() as connection:
        terms = Products(connection).get(product).terms
        is_holiday = bank_calendar(connection).is_holiday
        fixed = {each.record.day: each for each in RecordDates(connection).all(product)}
    found = {each.day: each for each in yearly(terms, year, is_holiday=is_holiday)}
    found |= {day: each.record for day, each in fixed.items() if day.year == year}
    return [
        Expected(
            record=each,
            payable=payable_by_terms(terms, each, is_holiday=is_holiday),
            fixed=fixed.get(day),
        )
        for day, each in sorted(found.items())
    ]


def fix_record_date(
    office: Office, product: ProductId, day: date, *, by: str, noticed_on: date | None = None
) -> tuple[FixedRecordDate, bool]:
    """Fixes who held at 24:00 JST of `day`; the record date, and whether it is fixed only now.

    Args:
        noticed_on: the day of the notice, for a date that the deed does not set.

    Raises:
        Refusal: `product_unknown`, `record_date_unknown`, `record_date_not_over`, `record_date_not_final`,
            `record_date_empty`.
        Fault: as `Office.read`; as `Vault.fingerprint`.
    """
    office.read()
    now = office.house.now()
    with office.house.database.read() as connection:
        for each in RecordDates(connection).all(product):
            if each.record.day == day:
                return each, False
        terms = Products(connection).get(product).terms
        calendar = bank_calendar(connection)
        record = record_date_on(terms, day, noticed_on=noticed_on, is_holiday=calendar.is_holiday)
        if now < end_of_day(day):
            raise Refusal(Reason.RECORD_DATE_NOT_OVER, product=product, day=day.isoformat())
        snapshot = _snapshot(connection, office, product, day)
    if not settled(office.house, snapshot.stamp, as_of=snapshot.as_of, now=now).final:
        raise Refusal(Reason.RECORD_DATE_NOT_FINAL, product=product, day=day.isoformat())
    with office.house.database.begin() as connection:
        dates = RecordDates(connection)
        new = dates.fix(
            record,
            snapshot,
            root=_root(office, connection, snapshot),
            calendar=calendar.version,
            at=now,
            by=by,
        )
        return dates.get(product, day), new


def anchor_record_date(office: Office, product: ProductId, day: date) -> Anchored:
    """Anchors the root of a record date that was fixed, after comparing it with the rows. Again, it changes nothing.

    Raises:
        Refusal: `record_date_unknown`; as `anchor_root`.
        Fault: `invariant_broken` when the rows are not those that were fixed.
    """
    fixed = verify_record_date(office, product, day)
    return anchor_root(
        office,
        AnchorKind.REGISTER,
        product,
        day,
        root=fixed.root,
        leaves=fixed.holders,
        product=product,
    )


def verify_record_date(office: Office, product: ProductId, day: date) -> FixedRecordDate:
    """The record date, when its rows still have the digest and the root that were fixed.

    Raises:
        Refusal: `record_date_unknown`.
        Fault: `invariant_broken`.
    """
    with office.house.database.read() as connection:
        dates = RecordDates(connection)
        fixed = dates.get(product, day)
        rows = tuple(dates.entitlements(product, day))
        snapshot = Snapshot(product=product, record_day=day, stamp=fixed.stamp, rows=rows)
        told = (fixed.digest, fixed.root)
        if told != (snapshot.digest(), _root(office, connection, snapshot)):
            raise Fault(
                Reason.INVARIANT_BROKEN,
                number=6,
                problem=f"the holders of {product} at {day} are not those that were fixed",
            )
    return fixed


# Inside ----------------------------------------------------------------------------------------------


def _snapshot(connection: Connection, office: Office, product: ProductId, day: date) -> Snapshot:
    chain_id = office.deployment.chain_id
    stamp = Cursors(connection, chain_id).last_before(end_of_day(day))
    positions = (
        []
        if stamp is None
        else Register(connection, chain_id).positions(product, as_of=end_of_day(day))
    )
    if stamp is None or not any(each.units for each in positions):
        raise Refusal(Reason.RECORD_DATE_EMPTY, product=product, day=day.isoformat())
    return snapshot_of(
        product,
        day,
        stamp=stamp,
        held=((each.address, each.units) for each in positions),
        owners=Wallets(connection).owners(product),
    )


def _root(office: Office, connection: Connection, snapshot: Snapshot) -> Digest:
    name = f"register/{snapshot.product}/{snapshot.record_day}"
    return root_of(office, connection, name, (each.content() for each in snapshot.rows))
