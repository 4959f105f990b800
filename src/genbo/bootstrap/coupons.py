"""Coupons of a product (利払い): what its terms promise the holders of a record date, ready to be declared."""

from datetime import date

from genbo.bootstrap.distributions import Wanted
from genbo.bootstrap.office import Office
from genbo.bootstrap.record_dates import bank_calendar
from genbo.entitlements import Coupon, bond_of, coupon_after, coupons, per_unit
from genbo.kernel import ProductId
from genbo.storage.products import Products


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
    with office.house.database.read() as connection:
        coupon = coupon_after(
            Products(connection).get(product).terms,
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
