"""Coupons (利払い): the schedule of a bond, computed from its terms and the bank calendar."""

from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

from fastapi import Query
from pydantic import BaseModel, Field

from genbo.api.access import ALL_ROLES, AccessTable, reads
from genbo.api.asking import Asks
from genbo.api.record_date import in_range
from genbo.api.router import router as a_router
from genbo.bootstrap.record_dates import bank_calendar
from genbo.entitlements import Bond, DayCount, coupons, points_beside

router = a_router("coupons")

_RATE = r"^[0-9]{1,3}(\.[0-9]{1,10})?$"
Rate: TypeAlias = Annotated[
    str, Query(pattern=_RATE, description="Per cent a year, before tax. 年率", examples=["0.35"])
]


class Coupon(BaseModel):
    """One coupon of a bond (利払い)."""

    after: Annotated[date, Field(description="Its interest counts from the day after. 計算開始日")]
    due: Annotated[date, Field(description="The last day it counts. 計算終了日")]
    payable: Annotated[date, Field(description="The due date as banks are open. 支払日")]
    days: Annotated[int, Field(description="日数")]
    broken: Annotated[bool, Field(description="No whole period. 端数期間")]
    per_unit: Annotated[str, Field(description="Yen of a unit before tax, decimal. 1口当たり利子")]
    points_per_unit: Annotated[
        str, Field(description="Points beside it, decimal. 1口当たりポイント")
    ]


class Coupons(BaseModel):
    """The coupons of a bond."""

    items: Annotated[list[Coupon], Field(description="In order. 利払い")]


@router.get("/coupons")
def list_coupons(
    ask: Asks,
    face: Annotated[
        int, Query(ge=1, le=10**15, description="Yen of one unit. 各社債の金額", examples=[100000])
    ],
    rate: Rate,
    issued: Annotated[date, Query(description="Interest counts from the day after. 払込期日")],
    matures: Annotated[date, Query(description="償還期限")],
    periods: Annotated[int, Query(description="Coupons a year: 1, 2, 4 or 12. 年間利払回数")] = 2,
    first: Annotated[
        date | None, Query(description="By default such that the last is the maturity. 初回利払日")
    ] = None,
    end_of_month: Annotated[
        bool, Query(description="Due on the last days of months. 月末")
    ] = False,
    day_count: Annotated[DayCount, Query(description="日数計算")] = DayCount.PERIODS,
    points_rate: Annotated[
        str, Query(pattern=_RATE, description="Of points beside cash, per cent a year. ポイント率")
    ] = "0",
) -> Coupons:
    """The coupons of a bond: days, broken periods, yen per unit, paid on the business day before. A coupon is paid as a
    distribution of its amount per unit. 利払い予定"""
    for each in (issued, matures, first):
        in_range(each)
    bond = Bond(
        face=face,
        rate=Decimal(rate),
        issued=issued,
        matures=matures,
        periods=periods,
        first=first,
        end_of_month=end_of_month,
        day_count=day_count,
    )
    beside = Decimal(points_rate)
    with ask.office.house.database.read() as connection:
        found = coupons(bond, is_holiday=bank_calendar(connection).is_holiday)
    return Coupons(
        items=[
            Coupon(
                after=each.after,
                due=each.due,
                payable=each.payable,
                days=each.days,
                broken=each.is_broken,
                per_unit=f"{each.per_unit.normalize():f}",
                points_per_unit=f"{points_beside(bond, each, beside).normalize():f}",
            )
            for each in found
        ]
    )


ACCESS: AccessTable = {
    ("GET", "/v1/coupons"): reads(ALL_ROLES),
}
