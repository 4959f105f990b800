"""Record dates (権利確定日): the days whose holders are owed what is distributed, their deadlines, and who held."""

from datetime import date, datetime
from typing import Annotated, Self, TypeAlias

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from genbo.api.access import AccessTable, reads, updates
from genbo.api.asking import Asks
from genbo.api.ids import Cursor, Limit, ProductPath
from genbo.api.page import USUAL, Page, after_as, next_of
from genbo.api.request import answered, as_response, request_key
from genbo.api.roles import BY_PRODUCT, HOLDING_ROLES
from genbo.api.router import router as a_router
from genbo.api.stamp import Stamp
from genbo.bootstrap.once import once
from genbo.bootstrap.record_dates import Expected, expected, fix_record_date
from genbo.bootstrap.statements import LateReversal, late_reversals
from genbo.entitlements import Entitlement, RecordDate, RecordDateKind
from genbo.governance.institutions import InstitutionRole
from genbo.kernel import ProductId, Reason, Refusal, business_date
from genbo.storage.record_dates import FixedRecordDate, RecordDates
from genbo.storage.requests import Answered

router = a_router("record-dates")

FIRST_YEAR, LAST_YEAR = 1970, 2105

DayPath: TypeAlias = Annotated[date, Path(description="The record date, as adjusted. 権利確定日")]


class FixedSnapshot(BaseModel):
    """Who held, as it was fixed for good (権利者の確定)."""

    holders: Annotated[int, Field(description="保有者数", examples=[503])]
    units: Annotated[int, Field(description="数量", examples=[1453])]
    block: Annotated[Stamp, Field(description="The last block that belongs to it. ブロック")]
    digest: Annotated[str, Field(description="SHA-256 over every row. ハッシュ")]
    root: Annotated[str, Field(description="As it is anchored. マークルルート")]
    calendar: Annotated[str, Field(description="Version of the bank calendar. 銀行休業日の版")]
    fixed_at: Annotated[datetime, Field(description="確定日時")]
    fixed_by: Annotated[str, Field(description="Never a name. 確定者")]

    @classmethod
    def of(cls, fixed: FixedRecordDate) -> Self:
        return cls(
            holders=fixed.holders,
            units=fixed.units,
            block=Stamp.of(fixed.stamp),
            digest=fixed.digest,
            root=fixed.root,
            calendar=fixed.calendar,
            fixed_at=fixed.fixed_at,
            fixed_by=fixed.fixed_by,
        )


class RecordDay(BaseModel):
    """A record date (権利確定日) and what follows from it."""

    product: Annotated[str, Field(description="受益権ID")]
    day: Annotated[date, Field(description="Whoever holds at its end in Japan. 権利確定日")]
    nominal: Annotated[date, Field(description="Before it was moved for holidays. 調整前の日")]
    kind: Annotated[RecordDateKind, Field(description="権利確定日1・2、または公告による基準日")]
    notice_by: Annotated[date, Field(description="Last day for its public notice. 公告期限")]
    exercise_by: Annotated[date, Field(description="Last day to use its rights. 権利行使期限")]
    noticed_on: Annotated[
        date | None, Field(description="Of a date that the deed does not set. 公告日")
    ]
    notice_missed: Annotated[
        bool, Field(description="A warning: the notice came too late. 公告期間不足")
    ]
    payable: Annotated[
        date | None,
        Field(description="By the terms, as a list tells it. 支払予定日"),
    ]
    fixed: Annotated[
        FixedSnapshot | None,
        Field(description="None until it was fixed; for those who see everybody. 権利者の確定"),
    ]

    @classmethod
    def of(
        cls, record: RecordDate, fixed: FixedRecordDate | None, payable: date | None = None
    ) -> Self:
        return cls(
            product=record.product,
            day=record.day,
            nominal=record.nominal,
            kind=record.kind,
            notice_by=record.deadlines.notice_by,
            exercise_by=record.deadlines.exercise_by,
            noticed_on=record.noticed_on,
            notice_missed=record.notice_missed,
            payable=payable,
            fixed=None if fixed is None else FixedSnapshot.of(fixed),
        )

    @classmethod
    def expected(cls, each: Expected, *, whole: bool) -> Self:
        """`whole`: whether everybody's holdings are seen."""
        return cls.of(each.record, each.fixed if whole else None, each.payable)


class RecordDays(BaseModel):
    """The record dates of a year."""

    items: Annotated[list[RecordDay], Field(description="By day. 権利確定日")]


class Entitled(BaseModel):
    """A holder at a record date (権利者)."""

    holder: Annotated[
        str, Field(description="投資家ID; an address where nobody is registered behind it")
    ]
    known: Annotated[bool, Field(description="Whether an investor is registered. 登録有無")]
    units: Annotated[int, Field(description="数量")]

    @classmethod
    def of(cls, each: Entitlement) -> Self:
        return cls(holder=each.holder, known=each.known, units=each.units)


class LateCancellation(BaseModel):
    """A trade of before a record date that was undone after it (基準日後の取消): the parties settle in cash."""

    trade: Annotated[str, Field(description="The one that was undone. 取引ID")]
    by: Annotated[str | None, Field(description="What undid it. 取消の取引ID")]
    units: Annotated[int, Field(description="数量")]
    owing: Annotated[str, Field(description="Who was paid: investor or address. 受領済の者")]
    owed: Annotated[str, Field(description="Who has the units again. 受け取るべき者")]
    gross: Annotated[
        str, Field(description="Yen before tax by the approved runs, decimal. 税引前の額")
    ]

    @classmethod
    def of(cls, each: LateReversal) -> Self:
        return cls(
            trade=each.trade,
            by=each.by,
            units=each.units,
            owing=each.owing,
            owed=each.owed,
            gross=f"{each.gross.normalize():f}",
        )


class LateCancellations(BaseModel):
    """Those of a record date."""

    items: Annotated[list[LateCancellation], Field(description="In ledger order. 取消")]


class Fixing(BaseModel):
    """Fixes who held (権利者の確定)."""

    model_config = ConfigDict(extra="forbid")

    noticed_on: Annotated[
        date | None,
        Field(description="Day of the public notice, for a date the deed does not set. 公告日"),
    ] = None


def in_range(day: date | None) -> None:
    """Nothing for a day that calendars reach. Raises Refusal(time_malformed)."""
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refusal(Reason.TIME_MALFORMED, text=day.isoformat())


@router.get("/products/{product}/record-dates")
def list_record_dates(
    product: ProductPath,
    ask: Asks,
    year: Annotated[
        int | None,
        Query(ge=FIRST_YEAR, le=LAST_YEAR, description="By default this one, in Japan. 年"),
    ] = None,
) -> RecordDays:
    """The record dates of a year, as the terms set them and bank holidays move them, with their deadlines; those by
    notice that were fixed included. 権利確定日一覧"""
    ask.sight.product(ProductId(product))
    found = expected(ask.office, ProductId(product), year or business_date(ask.at).year)
    return RecordDays(items=[RecordDay.expected(each, whole=ask.sees_everybody) for each in found])


@router.get("/products/{product}/record-dates/{day}")
def read_record_date(product: ProductPath, day: DayPath, ask: Asks) -> RecordDay:
    """A record date that was fixed: holders and units, block, digest, root and deadlines. 権利確定日"""
    ask.sight.product(ProductId(product))
    with ask.office.house.database.read() as connection:
        fixed = RecordDates(connection).get(ProductId(product), day)
    return RecordDay.of(fixed.record, fixed)


@router.get("/products/{product}/record-dates/{day}/entitlements")
def list_entitlements(
    product: ProductPath, day: DayPath, ask: Asks, limit: Limit = USUAL, cursor: Cursor = None
) -> Page[Entitled]:
    """Who held at a record date that was fixed, as far as it is seen: a registrar and an issuer see everybody by id,
    others their own customers. 権利者一覧"""
    question = {"of": ask.institution.id, "entitled": product, "day": day}
    begin = after_as(question, cursor, str)
    rows = ask.sight.payees.entitlements(
        ProductId(product), day, after=None if begin is None else begin[0], most=limit + 1
    )
    return Page(
        items=[Entitled.of(each) for each in rows[:limit]],
        next=next_of(question, [(each.holder,) for each in rows], limit=limit),
    )


@router.get("/products/{product}/record-dates/{day}/late-cancellations")
def list_late_cancellations(product: ProductPath, day: DayPath, ask: Asks) -> LateCancellations:
    """Trades of before a record date that were undone after it: the snapshot stays as it is, and who was paid owes it
    to who was not. 基準日後の取消一覧"""
    ask.sight.product(ProductId(product))
    found = late_reversals(ask.office, ProductId(product), day)
    return LateCancellations(items=[LateCancellation.of(each) for each in found])


@router.post(
    "/products/{product}/record-dates/{day}/fixing", status_code=201, response_model=RecordDay
)
def fix(product: ProductPath, day: DayPath, body: Fixing, ask: Asks) -> object:
    """Fixes who held at the end of that day in Japan, once and for good. Done again, it tells what was fixed. Its root
    goes to the ledger by whoever keeps the anchoring key. 権利者の確定"""
    ask.sight.product(ProductId(product))
    in_range(day)
    in_range(body.noticed_on)

    def act(_: Connection) -> Answered:
        fixed, _new = fix_record_date(
            ask.office, ProductId(product), day, by=ask.by, noticed_on=body.noticed_on
        )
        return answered(201, RecordDay.of(fixed.record, fixed))

    route = "POST /v1/products/{product}/record-dates/{day}/fixing"
    key = request_key(ask, route, body, product=product, day=day.isoformat())
    return as_response(once(ask.office.house, key, act))


ACCESS: AccessTable = {
    ("GET", "/v1/products/{product}/record-dates"): reads(HOLDING_ROLES),
    ("GET", "/v1/products/{product}/record-dates/{day}"): reads(BY_PRODUCT),
    ("GET", "/v1/products/{product}/record-dates/{day}/entitlements"): reads(HOLDING_ROLES),
    ("GET", "/v1/products/{product}/record-dates/{day}/late-cancellations"): reads(BY_PRODUCT),
    ("POST", "/v1/products/{product}/record-dates/{day}/fixing"): updates(
        {InstitutionRole.REGISTRAR}
    ),
}
