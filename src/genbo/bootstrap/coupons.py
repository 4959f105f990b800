"""Coupons of a product (利払い): what its terms promise the holders of a record date, ready to be declared."""

from dataclasses import replace
from datetime import date
from math import prod

from sqlalchemy import Connection

from genbo.bootstrap.distributions import Wanted
from genbo.bootstrap.office import Office
from genbo.bootstrap.record_dates import bank_calendar
from genbo.bootstrap.split_followed import splits_after
from genbo.entitlements import Coupon, bond_of, coupon_after, coupons, per_unit
from genbo.kernel import ProductId
from genbo.storage.products import Products
from genbo.storage.record_dates import RecordDates


def coupons_of(office: Office, product: ProductId) -> list[Coupon]:
    """Every coupon of a bond, in order.

    Raises:
        Refusal: `product_unknown`; `field_missing` for a product whose terms are of no bond.
    """
    with office.house.database.read() as connection:
        bond = bond_of(Products(connection).get(product).terms)
        return coupons(bond, is_holiday=bank_calendar(connection).is_holiday)


def wanted_coupon(
    office: Office,
    product: ProductId,
    record_day: date,
    *,
    id: str,
    why: str,
    payment_day: date | None = None,
) -> Wanted:
    """The distribution of the first coupon that is payable after a record date: interest in cash, points beside it.

    Args:
        payment_day: None: the day on which the coupon is payable.

    Raises:
        Refusal: `product_unknown`; `field_missing` for a product whose terms are of no bond; `field_invalid` after the
            last coupon.
    """
    with office.house.database.begin() as connection:
        terms = Products(connection).get(product).terms
        # Who held at the record date held units of before every later split; the price by now is of those after it.
        split = _split_since(connection, office, product, record_day)
        coupon = coupon_after(
            replace(terms, unit_price_yen=terms.unit_price_yen * split),
            record_day,
            is_holiday=bank_calendar(connection).is_holiday,
        )
    return Wanted(
        id=id,
        product=product,
        record_day=record_day,
        amounts=per_unit(income=coupon.per_unit, points=coupon.points_per_unit),
        why=why,
        payment_day=payment_day or coupon.payable,
    )


# Inside ----------------------------------------------------------------------------------------------


def _split_since(
    connection: Connection, office: Office, product: ProductId, record_day: date
) -> int:
    """Into how many units one of a fixed record date was split since, as far as the terms have followed."""
    fixed = next(
        (it for it in RecordDates(connection).all(product) if it.record.day == record_day), None
    )
    if fixed is None:
        return 1  # without holders nothing can be declared
    written = Products(connection).splits_written(product)
    later = splits_after(connection, office, product, fixed.stamp.number)
    return prod(factor for number, factor in later if number <= written)
