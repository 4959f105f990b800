"""Positions (残高): who holds how many units of a product, as of any instant, and what it comes to."""

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import Query, Response
from pydantic import BaseModel, Field

from genbo.api.access import AccessTable, reads
from genbo.api.asking import Asks
from genbo.api.ids import ID, AddressPath, Cursor, InvestorPath, Limit, ProductPath
from genbo.api.page import USUAL, after_as, next_of
from genbo.api.roles import HOLDING_ROLES
from genbo.api.router import router as a_router
from genbo.api.stamp import AsOfText, PageAt, ReadAt, as_of_from, stamped
from genbo.bootstrap.sight.holdings import Pin, Totals
from genbo.chain.hexes import address_of, bytes_of
from genbo.kernel import InvestorId, ProductId
from genbo.register import LogPosition
from genbo.storage.register_pages import Holding

router = a_router("positions")

OfInvestor = Annotated[str | None, Query(pattern=ID, description="Only of this investor. 投資家ID")]
OfProduct = Annotated[str | None, Query(pattern=ID, description="Only of this product. 受益権ID")]


class Place(BaseModel):
    """A place in the ledger: the log by which something came about."""

    block: Annotated[int, Field(description="ブロック番号", examples=[1200])]
    log_index: Annotated[int, Field(description="ログ番号", examples=[3])]
    tx: Annotated[str, Field(description="Hash of the transaction. 取引ハッシュ")]
    at: Annotated[datetime, Field(description="Time of the block, UTC. ブロック時刻")]

    @classmethod
    def of(cls, position: LogPosition) -> Self:
        return cls(
            block=position.stamp.number,
            log_index=position.log_index,
            tx=position.tx,
            at=position.stamp.at,
        )


class Position(BaseModel):
    """What stands at one address of a product."""

    product: Annotated[str, Field(description="受益権ID (T3.1)", examples=["SHIBUYA-JINNAN"])]
    address: Annotated[str, Field(description="アドレス")]
    investor: Annotated[
        str | None,
        Field(description="Whose the address is; none where nobody is registered. 投資家ID (T1.3)"),
    ]
    units: Annotated[int, Field(description="数量", examples=[350])]
    frozen: Annotated[
        int,
        Field(description="Units under a freeze or a hold; may exceed what is held. 凍結数量"),
    ]
    free: Annotated[
        int, Field(description="Units that no freeze and no lock keeps now. 移転可能数量")
    ]
    address_frozen: Annotated[bool, Field(description="アドレス凍結")]
    locked_until: Annotated[
        datetime | None, Field(description="First instant it may send again. ロックアップ期限")
    ]
    verified_until: Annotated[
        datetime | None,
        Field(description="First instant the verdict no longer holds. 確認有効期限"),
    ]
    blocked: Annotated[bool, Field(description="Neither sends nor receives. 取引停止")]
    retired: Annotated[bool, Field(description="Replaced by another address. 失効")]
    since: Annotated[
        Place | None,
        Field(description="Since when it is so; none where nothing had happened yet. 異動"),
    ]

    @classmethod
    def of(cls, holding: Holding, *, at: datetime) -> Self:
        """`at`: when it is asked; a lock is over from its instant on."""
        found = holding.position
        if found is None:
            return cls(
                product=holding.product,
                address=holding.address,
                investor=holding.investor,
                units=0,
                frozen=0,
                free=0,
                address_frozen=False,
                locked_until=None,
                verified_until=None,
                blocked=False,
                retired=False,
                since=None,
            )
        return cls(
            product=found.product,
            address=found.address,
            investor=holding.investor,
            units=found.units,
            frozen=found.frozen,
            free=_free(holding, at),
            address_frozen=found.address_frozen,
            locked_until=found.locked_until,
            verified_until=found.verified_until,
            blocked=found.blocked,
            retired=found.retired,
            since=Place.of(found.position),
        )


class PositionAt(ReadAt):
    """A position, and the state of the register it was read from."""

    position: Annotated[Position, Field(description="残高")]


class PositionsAt(ReadAt):
    """Everything that one investor holds, where it is seen."""

    items: Annotated[list[Position], Field(description="By product and address. 残高")]


class TotalsAt(ReadAt):
    """What a product comes to."""

    product: Annotated[str, Field(description="受益権ID")]
    total_issued: Annotated[int, Field(description="Whoever holds it. 総発行数量", examples=[1453])]
    holders: Annotated[
        int,
        Field(
            description="Investors with units, among those whose holdings are seen. 保有者数",
            examples=[503],
        ),
    ]
    whole: Annotated[
        bool, Field(description="Whether the holdings of everybody are seen. 全保有者の閲覧")
    ]

    @classmethod
    def made_of(cls, totals: Totals, **at: Any) -> Self:
        return cls(
            product=totals.product,
            total_issued=totals.total,
            holders=totals.holders,
            whole=totals.whole,
            **at,
        )


def as_told(answer: BaseModel) -> Response:
    """The answer of a route that is asked very often: it is a model already, and need not be made one again."""
    return Response(answer.model_dump_json(), media_type="application/json")


def _free(holding: Holding, at: datetime) -> int:
    found = holding.position
    if found is None or found.address_frozen or found.blocked:
        return 0
    if found.locked_until is not None and at < found.locked_until:
        return 0
    return max(0, found.units - found.frozen)


@router.get("/products/{product}/positions")
def list_positions(
    product: ProductPath,
    ask: Asks,
    as_of: AsOfText = None,
    investor: OfInvestor = None,
    holding: Annotated[
        bool, Query(description="Only addresses that hold units. 保有中のみ")
    ] = False,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> PageAt[Position]:
    """What stands at the addresses of a product, as far as it is seen: for the registrar and the issuers at all of
    them, for others at those of their customers. 残高一覧"""
    if investor is not None:
        found = ask.sight.holdings.of_investor(
            InvestorId(investor), as_of=as_of_from(as_of), product=ProductId(product)
        )
        items = [Position.of(each, at=ask.at) for each in found.found]
        items = [each for each in items if each.units or not holding]
        return PageAt(items=items, next=None, **stamped(found.moment))
    question = {"of": ask.institution.id, "product": product, "as_of": as_of, "holding": holding}
    kinds = (str,) if ask.sees_everybody else (str, str)
    given = after_as(question, cursor, int, *kinds)
    page = ask.sight.holdings.positions(
        ProductId(product),
        as_of=as_of_from(as_of),
        pin=None if given is None else Pin(block=given[0], after=given[1:]),
        most=limit + 1,
        holding=holding,
    )
    return PageAt(
        items=[Position.of(each, at=ask.at) for _, each in page.found[:limit]],
        next=next_of(question, [(page.moment.upto, *key) for key, _ in page.found], limit=limit),
        **stamped(page.moment),
    )


@router.get("/products/{product}/positions/{address}", response_model=PositionAt)
def read_position(
    product: ProductPath, address: AddressPath, ask: Asks, as_of: AsOfText = None
) -> Response:
    """What stands at one address. 残高"""
    found = ask.sight.holdings.position(
        ProductId(product), address_of(bytes_of(address)), as_of=as_of_from(as_of)
    )
    answer = PositionAt(position=Position.of(found.found, at=ask.at), **stamped(found.moment))
    return as_told(answer)


@router.get("/products/{product}/positions/{address}/changes")
def list_changes(
    product: ProductPath,
    address: AddressPath,
    ask: Asks,
    limit: Limit = USUAL,
    cursor: Cursor = None,
) -> PageAt[Position]:
    """Everything that ever happened to one address, first to last. 残高の異動履歴"""
    where = address_of(bytes_of(address))
    question = {"of": ask.institution.id, "product": product, "address": where}
    page = ask.sight.holdings.history(
        ProductId(product), where, after=after_as(question, cursor, int, int), most=limit + 1
    )
    keys = [
        (each.position.position.stamp.number, each.position.position.log_index)
        for each in page.found
        if each.position is not None
    ]
    return PageAt(
        items=[Position.of(each, at=ask.at) for each in page.found[:limit]],
        next=next_of(question, keys, limit=limit),
        **stamped(page.moment),
    )


@router.get("/investors/{investor}/positions", response_model=PositionsAt)
def list_investor_positions(
    investor: InvestorPath, ask: Asks, as_of: AsOfText = None, product: OfProduct = None
) -> Response:
    """What one investor holds, in every product or in one. 投資家別残高"""
    found = ask.sight.holdings.of_investor(
        InvestorId(investor),
        as_of=as_of_from(as_of),
        product=None if product is None else ProductId(product),
    )
    items = [Position.of(each, at=ask.at) for each in found.found]
    return as_told(PositionsAt(items=items, **stamped(found.moment)))


@router.get("/products/{product}/totals")
def read_totals(product: ProductPath, ask: Asks, as_of: AsOfText = None) -> TotalsAt:
    """Total issued, and how many hold it. 発行総数・保有者数"""
    found = ask.sight.holdings.totals(ProductId(product), as_of=as_of_from(as_of))
    return TotalsAt.made_of(found.found, **stamped(found.moment))


ACCESS: AccessTable = {
    ("GET", "/v1/products/{product}/positions"): reads(HOLDING_ROLES),
    ("GET", "/v1/products/{product}/positions/{address}"): reads(HOLDING_ROLES),
    ("GET", "/v1/products/{product}/positions/{address}/changes"): reads(HOLDING_ROLES),
    ("GET", "/v1/investors/{investor}/positions"): reads(HOLDING_ROLES),
    ("GET", "/v1/products/{product}/totals"): reads(HOLDING_ROLES),
}
